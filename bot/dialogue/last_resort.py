"""The one card in the code, for when even the knowledge cannot be read."""

from __future__ import annotations

from msgspec import Struct

from bot.dialogue.reply import Escalation, Reply
from bot.knowledge.model import Clinic

# Patients read these when replies.yaml cannot be: the only such sentences outside knowledge/.
_EMERGENCY = "EMERGENCY: Call {emergency} now, or go to the nearest emergency room. Then {call}."
_CARD = "I cannot answer right now. In an emergency call {emergency} now. For anything else {call}."
_CALL = "call your clinic at {phone}"
_CALL_UNKNOWN = "call your clinic at the number on your papers"


class Contact(Struct, frozen=True, kw_only=True):
    """What was last known of the clinic."""

    phone: str = ""
    emergency_number: str = "911"
    demo: bool = False


def contact_of(clinic: Clinic) -> Contact:
    """Details of the clinic; an empty emergency number is left at that of the country."""
    return Contact(
        phone=clinic.phone.strip(),
        emergency_number=clinic.emergency_number.strip() or Contact().emergency_number,
        demo=clinic.demo,
    )


def last_resort(escalation: Escalation | None, contact: Contact, *, knowledge: str = "") -> Reply:
    """A reply that needs no knowledge; what triage found, if it did, decides how it begins."""
    return bare(escalation, _card(escalation, contact), knowledge=knowledge)


def bare(escalation: Escalation | None, text: str, *, knowledge: str) -> Reply:
    """A reply of a text alone: nothing was searched for it."""
    return Reply(
        kind="escalation" if escalation else "out_of_scope",
        escalation=escalation,
        entries=(),
        suggestions=(),
        ranking=(),
        small_talk=None,
        personal=False,
        queries=(),
        repairs=(),
        text=text,
        knowledge=knowledge,
    )


def _card(escalation: Escalation | None, contact: Contact) -> str:
    emergency = escalation and (escalation.tier, escalation.context) == ("emergency", "present")
    call = _CALL.format(phone=contact.phone) if contact.phone else _CALL_UNKNOWN
    if contact.phone and contact.demo:
        call += " (demo: not a real number)"
    template = _EMERGENCY if emergency else _CARD
    return template.format(emergency=contact.emergency_number, call=call)

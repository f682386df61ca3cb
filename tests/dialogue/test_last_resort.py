"""The card in the code: an emergency number always, the clinic's when it is known."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.dialogue.last_resort import Contact, contact_of, last_resort
from bot.dialogue.reply import Escalation
from bot.triage.flags import Context, Tier
from tests.knowledge.small import CLINIC

KNOWN = Contact(phone="555-0100")


def escalated(tier: Tier, context: Context) -> Escalation:
    return Escalation(tier=tier, context=context, flags=())


def test_card_of_an_unknown_clinic_names_the_emergency_number() -> None:
    assert last_resort(None, Contact()).text == (
        "I cannot answer right now. In an emergency call 911 now. "
        "For anything else call your clinic at the number on your papers."
    )


def test_card_of_a_known_clinic_names_its_phone() -> None:
    assert last_resort(None, KNOWN).text.endswith("call your clinic at 555-0100.")


def test_number_of_the_placeholder_is_told_to_be_none() -> None:
    found = last_resort(None, replace(KNOWN, demo=True))

    assert found.text.endswith("call your clinic at 555-0100 (demo: not a real number).")


def test_emergency_comes_first() -> None:
    found = last_resort(escalated("emergency", "present"), KNOWN)

    assert found.text == (
        "EMERGENCY: Call 911 now, or go to the nearest emergency room. "
        "Then call your clinic at 555-0100."
    )


@pytest.mark.parametrize(
    "escalation", [escalated("emergency", "conditional"), escalated("urgent", "present")]
)
def test_other_escalations_get_the_card_and_stay_escalations(escalation: Escalation) -> None:
    found = last_resort(escalation, KNOWN)

    assert (found.kind, found.escalation) == ("escalation", escalation)
    assert found.text == last_resort(None, KNOWN).text


def test_contact_is_that_of_the_clinic() -> None:
    found = contact_of(replace(CLINIC, emergency_number="112", demo=False))

    assert found == Contact(phone="555-0100", emergency_number="112", demo=False)


def test_clinic_without_an_emergency_number_leaves_that_of_the_country() -> None:
    assert contact_of(replace(CLINIC, emergency_number=" ")).emergency_number == "911"

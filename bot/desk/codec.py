"""Values as JSON text for the store, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from msgspec import structs

from bot.desk.values import Incoming, Outgoing, Place
from bot.dialogue.reply import Memory
from bot.triage.flags import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCall:
    """What the outbox holds of a card: it is drawn from the alert when it is sent."""

    say: str = ""  #: key of a sentence in replies.yaml, for a reply in the card's thread
    plain: bool = False  #: Slack has refused its blocks
    priority: int = 2


_incoming = msgspec.json.Decoder(Incoming)
_outgoing = msgspec.json.Decoder(Outgoing)
_memory = msgspec.json.Decoder(Memory)
_card = msgspec.json.Decoder(CardCall)
_texts = msgspec.json.Decoder(tuple[str, ...])
_mapping = msgspec.json.Decoder(dict[str, str])
_encode = msgspec.json.Encoder().encode


def text_of(
    value: Incoming | Outgoing | Place | CardCall | Sequence[str] | Mapping[str, str],
) -> str:
    return _encode(value).decode()


def incoming_of(text: str) -> Incoming:
    return _incoming.decode(text)


def outgoing_of(text: str) -> Outgoing:
    return _outgoing.decode(text)


def card_of(text: str) -> CardCall:
    return _card.decode(text)


def texts_of(text: str) -> tuple[str, ...]:
    return _texts.decode(text)


def mapping_of(text: str) -> dict[str, str]:
    return _mapping.decode(text)


def memory_text(memory: Memory) -> str:
    """Without the words that flags were found in: the next message needs only which ones."""
    flags = tuple(_wordless(flag) for flag in memory.flags)
    return _encode(structs.replace(memory, flags=flags)).decode()


def memory_of(text: str | None) -> Memory:
    """An unreadable memory (of an older version) is none."""
    if text is None:
        return Memory()
    try:
        return _memory.decode(text)
    except msgspec.MsgspecError:
        return Memory()


def _wordless(flag: Flag) -> Flag:
    return structs.replace(flag, words="", modifier="")


def storable(text: str) -> str:
    """What a database takes: no lone surrogates, no NUL."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()

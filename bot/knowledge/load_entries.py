"""Reads the entries, their phrasings and the banks of example messages."""

from __future__ import annotations

from typing import cast

from bot.knowledge.model import Citation, Entry, Example, Review, Risk, Sentence, Status
from bot.knowledge.nodes import Node, each, text_at, texts_at

STYLES = ("plain", "keywords", "phone", "caregiver", "esl", "indirect", "story", "desk", "fragment")
RISKS: tuple[Risk, ...] = ("plain", "instruction", "safety")


def read_entry(node: Node, group: str) -> Entry:
    got = node.record(
        required=("id", "question", "answer", "risk", "audience", "review", "tests"),
        optional=("disagreement",),
    )
    tests = got["tests"].record(required=("find", "not_find")) if "tests" in got else {}
    return Entry(
        id=text_at(got, "id"),
        group=group,
        question=text_at(got, "question"),
        answer=each(got.get("answer"), _sentence),
        disagreement=each(got.get("disagreement"), _sentence),
        risk=cast(Risk, got["risk"].choice(RISKS) if "risk" in got else "plain"),
        audience=text_at(got, "audience"),
        review=_review(got.get("review")),
        must_find=texts_at(tests, "find"),
        must_not_find=texts_at(tests, "not_find"),
        place=node.place,
    )


def _sentence(node: Node) -> Sentence:
    got = node.record(required=("say", "cite"))
    cites = got["cite"].pairs() if "cite" in got else {}
    return Sentence(
        text=text_at(got, "say"),
        citations=tuple(
            Citation(source=s, heading=h) for s, value in cites.items() for h in value.texts()
        ),
        place=node.place,
    )


def _review(node: Node | None) -> Review:
    if node is None:
        return Review(status="pending", by=None, on=None, due=None)
    got = node.record(required=("status", "by", "on", "due"))

    def optional(key: str) -> str | None:
        return got[key].optional_text() if key in got else None

    status = cast(
        Status, got["status"].choice(("pending", "approved")) if "status" in got else "pending"
    )
    return Review(status=status, by=optional("by"), on=optional("on"), due=optional("due"))


def read_phrasings(node: Node) -> list[Example]:
    return [
        Example(text=item.text(), label=entry_id, style=style, place=item.place)
        for entry_id, styles in node.pairs().items()
        for style, items in styles.record(required=(), optional=STYLES).items()
        for item in items.items()
    ]


def read_examples(node: Node, *, known: tuple[str, ...] = ()) -> tuple[Example, ...]:
    """Messages by label; when labels are `known`, another one is a problem."""
    labels = node.record(required=(), optional=known) if known else node.pairs()
    return tuple(
        Example(text=item.text(), label=label, place=item.place)
        for label, items in labels.items()
        for item in items.items()
    )

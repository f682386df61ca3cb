"""`mildbot queue`: the questions that the bot could not answer, and what staff do with them."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from bot.desk import queue
from bot.desk.drafts import draft
from bot.errors import BotError, UsageError
from bot.store import questions
from bot.store.open import Connection, Store, open_store
from bot.store.questions import Question

DEEDS: tuple[queue.Deed, ...] = ("claim", "answered", "dismiss")
STAFF = "cli"  #: who did it, where nobody has a Slack id


def run(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="mildbot queue", description="Questions that the bot could not answer."
    )
    parser.add_argument(
        "action",
        nargs="?",
        default="list",
        choices=("list", *DEEDS, "draft"),
        help="list those that wait; claim, answered, dismiss; draft: a YAML entry to fill in",
    )
    parser.add_argument("id", nargs="?", help="of the question; its beginning is enough")
    parser.add_argument("--all", action="store_true", help="list: those that are done too")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    if args.action != "list" and not args.id:
        raise UsageError(f"say which question: mildbot queue {args.action} ID")
    now = datetime.now(UTC)
    with _opened() as store:
        if args.action == "list":
            found = _listed(store, now, every=args.all)
            _print(found, now, as_json=args.json)
        elif args.action == "draft":
            _print_draft(_found(store, args.id, now), as_json=args.json)
        else:
            deed = next(deed for deed in DEEDS if deed == args.action)
            _print_one(_moved(store, args.id, deed, now), now, as_json=args.json)
    return 0


@contextmanager
def _opened() -> Iterator[Store]:
    store = open_store(os.environ)
    try:
        yield store
    finally:
        store.close()


def _listed(store: Store, now: datetime, *, every: bool) -> list[Question]:
    states = ["open", "claimed", *(["answered", "dismissed"] if every else [])]
    with store.reading() as tx:
        return questions.in_states(tx, states, now=now)


def _found(store: Store, beginning: str, now: datetime) -> Question:
    with store.reading() as tx:
        return _one(tx, beginning, now)


def _one(tx: Connection, beginning: str, now: datetime) -> Question:
    """The question whose id begins like this. Raises `BotError` when there is not exactly one."""
    found = queue.find(tx, beginning, now=now)
    if not found:
        raise BotError(f'no question has the id "{beginning}"; `mildbot queue` lists them')
    if len(found) > 1:
        ids = ", ".join(question.id for question in found)
        raise BotError(f'"{beginning}" is the beginning of several ids: {ids}')
    return found[0]


def _moved(store: Store, beginning: str, deed: queue.Deed, now: datetime) -> Question:
    with store.writing() as tx:
        question = _one(tx, beginning, now)
        moved = queue.move(tx, question.id, deed, staff=STAFF, now=now)
    if moved.failure is not None or moved.question is None:
        state = moved.question.state if moved.question else "gone"
        raise BotError(f"the question {question.id} is {state} already")
    return moved.question


# ---------------------------------------------------------------- printing
def _print(found: Sequence[Question], now: datetime, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([_as_json(question) for question in found], ensure_ascii=False))
    else:
        print("\n".join(_line(question, now) for question in found) or "No question waits.")


def _print_one(question: Question, now: datetime, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_as_json(question), ensure_ascii=False))
    else:
        print(_line(question, now))


def _print_draft(question: Question, *, as_json: bool) -> None:
    entry = draft(question.question)
    if as_json:
        print(json.dumps({"id": question.id, "entry": entry}, ensure_ascii=False))
    else:
        print(entry, end="")


def _line(question: Question, now: datetime) -> str:
    near = f"  (closest: {question.nearest})" if question.nearest else ""
    text = " ".join(question.question.split())
    return f"{question.id}  {_age(now - question.created_at):>5}  {question.state:<9}  {text}{near}"


def _age(age: Any) -> str:
    hours = max(0, int(age.total_seconds() // 3600))
    return f"{hours} h" if hours < 48 else f"{hours // 24} d"


def _as_json(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "state": question.state,
        "question": question.question,
        "nearest": question.nearest,
        "created_at": question.created_at.isoformat(),
        "expires_at": question.expires_at.isoformat(),
        "staff_id": question.staff_id,
    }

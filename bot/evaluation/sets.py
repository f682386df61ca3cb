"""Question sets: JSON Lines files in, cases out. The fields of a line tell what is to be judged.

text, topics, style                    a question
text, kind (+ related)                 out of scope
text, intent                           small talk
text, topics: [[..], ..]               one message, several questions
turns, topics_first, topics_followup   a follow-up
text, concept, tier, style             a red flag
text, topics, kind                     a mention or a benign message (told apart by the kind)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.errors import BotError

Judged = Literal[
    "question", "out_of_scope", "small_talk", "multi", "followup", "red_flag", "mention", "benign"
]

MENTION_KINDS = frozenset({"info", "rate", "negated", "past", "hypothetical", "prevention"})
BENIGN_KINDS = frozenset({"figurative", "chronic", "plain"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line of a question set."""

    judged: Judged
    file: str
    line: int
    turns: tuple[str, ...]  #: one message, or two for a follow-up
    group: str  #: style, kind, intent or tier
    wanted: tuple[frozenset[str], ...] = ()  #: entry ids right for each thing asked, or each turn
    related: frozenset[str] = frozenset()
    concept: str = ""
    tier: str = ""
    fresh: bool = False


class SetError(BotError):
    """A question set that cannot be read."""


def read_sets(paths: Iterable[Path]) -> tuple[Case, ...]:
    """Cases of files and of .jsonl files in folders. Raises `SetError` naming file and line."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise SetError(f"{path} does not exist; name a .jsonl file or a folder of them")
        files.extend(sorted(path.glob("*.jsonl")) if path.is_dir() else [path])
    if not files:
        raise SetError("no .jsonl files found; name a .jsonl file or a folder of them")
    return tuple(case for file in files for case in _read_file(file))


def _read_file(file: Path) -> list[Case]:
    cases = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            cases.append(_case(json.loads(line), file.name, number))
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise SetError(
                f"{file}:{number}: not a line of a question set ({error!r}); "
                "see bot/evaluation/sets.py"
            ) from error
    return cases


def _case(row: Mapping[str, Any], file: str, line: int) -> Case:
    if "turns" in row:
        both = (frozenset(row["topics_first"]), frozenset(row["topics_followup"]))
        group = "fresh" if row["fresh"] else "leans"
        return Case(
            judged="followup",
            file=file,
            line=line,
            turns=tuple(row["turns"]),
            group=group,
            wanted=both,
            fresh=row["fresh"],
        )
    text = (str(row["text"]),)
    if "concept" in row:
        return Case(
            judged="red_flag",
            file=file,
            line=line,
            turns=text,
            group=str(row["style"]),
            concept=row["concept"],
            tier=row["tier"],
        )
    if "intent" in row:
        return Case(judged="small_talk", file=file, line=line, turns=text, group=str(row["intent"]))
    topics = row.get("topics")
    if topics and isinstance(topics[0], list):
        wanted = tuple(frozenset(ids) for ids in topics)
        group = "one thing" if len(wanted) == 1 else "two things"
        return Case(judged="multi", file=file, line=line, turns=text, group=group, wanted=wanted)
    if "style" in row:
        return Case(
            judged="question",
            file=file,
            line=line,
            turns=text,
            group=str(row["style"]),
            wanted=(frozenset(topics or ()),),
        )
    return _by_kind(row, text, file, line)


def _by_kind(row: Mapping[str, Any], text: tuple[str], file: str, line: int) -> Case:
    kind = str(row["kind"])
    wanted = (frozenset(row.get("topics") or ()),)
    judged: Judged = "out_of_scope"
    if "topics" in row:
        judged = "mention" if kind in MENTION_KINDS else "benign"
    return Case(
        judged=judged,
        file=file,
        line=line,
        turns=text,
        group=kind,
        wanted=wanted,
        related=frozenset(row.get("related") or ()),
    )

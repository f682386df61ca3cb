"""Question sets: JSON Lines files in, cases out. The fields of a line tell what is to be judged.

text, topics, style                    a question
text, kind (+ related)                 out of scope
text, intent                           small talk
text, topics: [[..], ..]               one message, several questions
turns, topics_first, topics_followup   a follow-up (fresh: true when it leans on nothing)
text, concept, tier, style             a red flag
text, topics, kind                     a mention or a benign message (told apart by the kind)
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from bot.dialogue.reply import Intent
from bot.errors import BotError

Judged = Literal[
    "question", "out_of_scope", "small_talk", "multi", "followup", "red_flag", "mention", "benign"
]

MENTION_KINDS = frozenset({"info", "rate", "negated", "past", "hypothetical", "prevention"})
BENIGN_KINDS = frozenset({"figurative", "chronic", "plain"})
TIERS = ("E", "U", "O")  #: emergency, urgent, office hours


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


class _BadLine(ValueError):
    """What is wrong with a line, and how to put it right."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what}; {fix}")


def read_sets(paths: Iterable[Path]) -> tuple[Case, ...]:
    """Cases of files and of .jsonl files in folders. Raises `SetError` naming file and line."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise SetError(f"{path} does not exist; name a .jsonl file or a folder of them")
        files.extend(sorted(path.glob("*.jsonl")) if path.is_dir() else [path])
    if not files:
        raise SetError("no .jsonl files found; name a .jsonl file or a folder of them")
    cases = tuple(case for file in files for case in _read_file(file))
    if not cases:
        names = ", ".join(str(file) for file in files)
        raise SetError(f"{names}: no message to judge; write one JSON object a line")
    return cases


def _read_file(file: Path) -> list[Case]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SetError(f"{file} cannot be read: {error.strerror}; name a readable file") from error
    cases = []
    # Not `splitlines` of the text: U+2028 and the like may stand inside a JSON text.
    for number, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not raw.strip():
            continue
        try:
            cases.append(_case(_row(raw), file.name, number))
        except _BadLine as error:
            raise SetError(f"{file}:{number}: {error}") from error
    return cases


def _row(raw: bytes) -> Mapping[str, Any]:
    """The object of a line."""
    try:
        row = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _BadLine(
            f"byte {error.start + 1} of the line is not UTF-8", "save it as UTF-8"
        ) from error
    except json.JSONDecodeError as error:
        raise _BadLine(
            f"not JSON ({error.msg} at column {error.colno})", "write one object a line"
        ) from error
    except (RecursionError, ValueError) as error:
        raise _BadLine("JSON that is nested too deep or has a number too long", "shorten it") from (
            error
        )
    if not isinstance(row, dict):
        raise _BadLine("not a JSON object", 'write {"text": "...", ...}')
    return row


# ---------------------------------------------------------------- kinds of line
def _case(row: Mapping[str, Any], file: str, line: int) -> Case:
    if "turns" in row:
        return _follow_up(row, file, line)
    text = (_text(row, "text"),)
    if "concept" in row:
        return Case(
            judged="red_flag",
            file=file,
            line=line,
            turns=text,
            group=_text(row, "style"),
            concept=_text(row, "concept"),
            tier=_choice(row, "tier", TIERS),
        )
    if "intent" in row:
        intent = _choice(row, "intent", get_args(Intent))
        return Case(judged="small_talk", file=file, line=line, turns=text, group=intent)
    topics = row.get("topics")
    if isinstance(topics, list) and topics and isinstance(topics[0], list):
        wanted = tuple(_ids(ids, "topics") for ids in topics)
        group = "one thing" if len(wanted) == 1 else "two things"
        return Case(judged="multi", file=file, line=line, turns=text, group=group, wanted=wanted)
    if "style" in row:
        return Case(
            judged="question",
            file=file,
            line=line,
            turns=text,
            group=_text(row, "style"),
            wanted=(_ids(_value(row, "topics"), "topics"),),
        )
    return _by_kind(row, text, file, line)


def _follow_up(row: Mapping[str, Any], file: str, line: int) -> Case:
    turns = row["turns"]
    if not _are_texts(turns) or len(turns) != 2:
        raise _BadLine('"turns" is not a list of two texts', 'write "turns": ["...", "..."]')
    fresh = _value(row, "fresh")
    if not isinstance(fresh, bool):
        raise _BadLine(f'"fresh" is {json.dumps(fresh)}', "write true or false")
    return Case(
        judged="followup",
        file=file,
        line=line,
        turns=tuple(turns),
        group="fresh" if fresh else "leans",
        wanted=tuple(_ids(_value(row, key), key) for key in ("topics_first", "topics_followup")),
        fresh=fresh,
    )


def _by_kind(row: Mapping[str, Any], text: tuple[str], file: str, line: int) -> Case:
    judged: Judged = "out_of_scope"
    if "topics" in row:
        kind = _choice(row, "kind", MENTION_KINDS | BENIGN_KINDS)
        judged = "mention" if kind in MENTION_KINDS else "benign"
    elif (kind := _text(row, "kind")) in MENTION_KINDS | BENIGN_KINDS:
        raise _BadLine(f'"topics" is missing beside the kind "{kind}"', 'write "topics": ["..."]')
    return Case(
        judged=judged,
        file=file,
        line=line,
        turns=text,
        group=kind,
        wanted=(_ids(row.get("topics") or [], "topics"),),
        related=_ids(row.get("related") or [], "related"),
    )


# ---------------------------------------------------------------- fields
def _value(row: Mapping[str, Any], key: str) -> Any:
    if key not in row:
        raise _BadLine(
            f'"{key}" is missing beside {", ".join(sorted(row)) or "nothing"}',
            "see bot/evaluation/sets.py for the fields of each kind of line",
        )
    return row[key]


def _text(row: Mapping[str, Any], key: str) -> str:
    value = _value(row, key)
    if not isinstance(value, str):
        raise _BadLine(f'"{key}" is not a text', f'write "{key}": "..."')
    return value


def _choice(row: Mapping[str, Any], key: str, known: Collection[str]) -> str:
    value = _text(row, key)
    if value not in known:
        raise _BadLine(f'unknown {key} "{value}"', f"write one of: {', '.join(sorted(known))}")
    return value


def _ids(value: Any, key: str) -> frozenset[str]:
    if not _are_texts(value):
        raise _BadLine(f'"{key}" is not a list of entry ids', f'write "{key}": ["..."]')
    return frozenset(value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)

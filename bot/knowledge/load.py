"""The one reader of knowledge/: YAML files in, `Knowledge` and every problem out.

Shape errors (unknown keys, missing files, duplicate keys) are found here; what the content must
fulfil stands in `bot.knowledge.checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import yaml

from bot.errors import KnowledgeError
from bot.knowledge.load_entries import read_entry, read_examples, read_phrasings
from bot.knowledge.load_triage import read_triage
from bot.knowledge.model import (
    Audience,
    Clinic,
    Knowledge,
    LanguageKnowledge,
    Promise,
    Source,
    SourceKind,
    Tuning,
)
from bot.knowledge.nodes import Node, Reader, nearest, parse_file, text_at, texts_at
from bot.knowledge.places import Place, Problem
from bot.knowledge.version import digest

GROUPS = (
    "basics",
    "candidacy",
    "preparing",
    "procedure-day",
    "recovery",
    "risks",
    "results",
    "choosing",
)
FILES = (
    *("clinic.yaml", "sources.yaml", "replies.yaml", "tuning.yaml"),
    *(f"entries/{group}.yaml" for group in GROUPS),
    *(f"phrasings/{group}.yaml" for group in GROUPS),
    *("language/words.yaml", "language/dialogue.yaml"),
    *("language/small_talk.yaml", "language/out_of_scope.yaml"),
    *("triage/red_flags.yaml", "triage/context.yaml", "triage/bank.yaml", "triage/ordinary.yaml"),
)
AUDIENCES: tuple[Audience, ...] = ("everyone", "staff")
INTENTS = ("greeting", "thanks", "goodbye", "identity", "help", "human")
TUNED = (
    *("answer", "clarify", "part_answer", "part_clarify", "talk_lead", "personal_lead"),
    *("focus", "carry", "readable", "net_emergency", "net_urgent", "net_spoken_of"),
    *("calibration_bias", "calibration_decision", "calibration_lead", "calibration_nearest"),
    *("calibration_known", "calibration_outside"),
    *("calibration_standing", "calibration_alike", "calibration_topic", "calibration_sharpness"),
)


PROMISED = ("wrong_in_scope", "answered_out_of_scope", "net_emergency", "net_urgent")


def load(folder: Path) -> Knowledge:
    """The knowledge in a folder. Raises `KnowledgeError` with every problem of shape at once."""
    knowledge, problems = read(folder)
    if problems:
        raise KnowledgeError("\n".join(str(p) for p in problems))
    return knowledge


def read(folder: Path) -> tuple[Knowledge, tuple[Problem, ...]]:
    """The knowledge as far as it can be read, and its problems of shape, sorted by place."""
    reader = Reader()

    def root(name: str) -> Node:
        node = parse_file(folder / name, shown_as=f"knowledge/{name}", reader=reader)
        return node or _nothing(name)

    red_flags = root("triage/red_flags.yaml")
    context = root("triage/context.yaml")
    knowledge = Knowledge(
        clinic=_clinic(root("clinic.yaml")),
        sources=_sources(root("sources.yaml")),
        entries=tuple(
            read_entry(item, g) for g in GROUPS for item in root(f"entries/{g}.yaml").items()
        ),
        phrasings=tuple(x for g in GROUPS for x in read_phrasings(root(f"phrasings/{g}.yaml"))),
        out_of_scope=read_examples(root("language/out_of_scope.yaml")),
        small_talk=read_examples(root("language/small_talk.yaml"), known=INTENTS),
        flag_bank=read_examples(root("triage/bank.yaml")),
        ordinary_bank=read_examples(root("triage/ordinary.yaml")),
        triage=read_triage(red_flags, context),
        language=_language(root("language/words.yaml"), root("language/dialogue.yaml")),
        replies=root("replies.yaml").text_by_key(),
        tuning=_tuning(root("tuning.yaml")),
        digest=digest(folder),
    )
    return knowledge, tuple(sorted(set(reader.problems)))


def load_clinic(folder: Path) -> Clinic:
    """The clinic alone. Raises `KnowledgeError` when its file is not in order."""
    reader = Reader()
    node = parse_file(folder / "clinic.yaml", shown_as="knowledge/clinic.yaml", reader=reader)
    clinic = _clinic(node or _nothing("clinic.yaml"))
    if reader.problems:
        raise KnowledgeError("\n".join(str(p) for p in reader.problems))
    return clinic


def _nothing(name: str) -> Node:
    """Stands for a file that cannot be read. That has been told: its missing keys go unheard."""
    mark = yaml.Mark(name, 0, 0, 0, None, 0)
    return Node(yaml.ScalarNode("tag:yaml.org,2002:null", "", mark, mark), name, Reader())


def unread_files(folder: Path) -> Iterator[Problem]:
    """A problem for each YAML file that is not one of `FILES`.

    People who add `entries/recovery-2.yaml` take it to be read. Hidden files are the editors' own.
    """
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".yml")):
        name = path.relative_to(folder).as_posix()
        if name not in FILES and not path.name.startswith("."):
            yield Problem(
                place=Place(file=f"knowledge/{name}", line=1),
                what="nothing reads this file",
                fix=f'move its lines to "{nearest(name, list(FILES))}", or take it out',
            )


# ---------------------------------------------------------------- clinic, sources
def _clinic(node: Node) -> Clinic:
    keys = (
        "name",
        "phone",
        "hours",
        "after_hours",
        "emergency_number",
        "crisis_line",
        "poison_help",
        "danger_line",
        "portal",
    )
    got = node.record(required=(*keys, "demo"), optional=("report", "slack_audience"))
    texts = {key: got[key].text() if key in got else "" for key in keys}
    audience = got["slack_audience"].choice(AUDIENCES) if "slack_audience" in got else "everyone"
    return Clinic(
        **texts,
        demo=got["demo"].flag() if "demo" in got else True,
        report=text_at(got, "report"),
        slack_audience=cast(Audience, audience),
    )


def _sources(node: Node) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for item in node.items():
        source = _source(item)
        if source.id in found:
            item.problem(f'the source "{source.id}" stands here twice', "keep one of the two")
        found[source.id] = source
    return found


def _source(node: Node) -> Source:
    got = node.record(
        required=("id", "kind", "title", "publisher", "headings"),
        optional=("file", "sha256", "approved_by"),
    )
    headings = got["headings"].pairs() if "headings" in got else {}
    kind = got["kind"].choice(("document", "clinic", "safety")) if "kind" in got else "document"
    if kind == "document" and not (text_at(got, "file") and text_at(got, "sha256")):
        node.problem("a document needs a file and its sha256", 'add "file: ..." and "sha256: ..."')
    return Source(
        id=text_at(got, "id"),
        kind=cast(SourceKind, kind),
        title=text_at(got, "title"),
        publisher=text_at(got, "publisher"),
        file=text_at(got, "file"),
        sha256=text_at(got, "sha256"),
        headings={name: _lines(value) for name, value in headings.items()},
        place=node.place,
    )


def _lines(node: Node) -> tuple[int, int]:
    if node.is_null:
        return (0, 0)
    numbers = [item.count() for item in node.items()]
    if len(numbers) != 2 or numbers[0] > numbers[1]:
        node.problem("the lines of a section are not given", "write [first line, last line]")
        return (0, 0)
    return (numbers[0], numbers[1])


# ---------------------------------------------------------------- language, replies, tuning
_WORDS = ("synonyms", "abbreviations", "protected", "emoji", "spanish", "other_languages")

_TALK = ("question_words", "question_starts", "follow_up", "personal", "complaints")


def _language(words: Node, dialogue: Node) -> LanguageKnowledge:
    got = words.record(required=_WORDS)
    talk = dialogue.record(required=_TALK)
    return LanguageKnowledge(
        synonyms={k: v.texts() for k, v in got["synonyms"].pairs().items()}
        if "synonyms" in got
        else {},
        abbreviations=got["abbreviations"].text_by_key() if "abbreviations" in got else {},
        protected=texts_at(got, "protected"),
        emoji=got["emoji"].text_by_key() if "emoji" in got else {},
        spanish_words=texts_at(got, "spanish"),
        other_languages=texts_at(got, "other_languages"),
        question_words=texts_at(talk, "question_words"),
        question_starts=texts_at(talk, "question_starts"),
        follow_up=texts_at(talk, "follow_up"),
        personal=texts_at(talk, "personal"),
        complaints=texts_at(talk, "complaints"),
    )


def _tuning(node: Node) -> Tuning:
    got = node.record(required=("measured", "values"), optional=("promises",))
    values = got["values"].record(required=(), optional=TUNED) if "values" in got else {}
    promises = got["promises"].record(required=(), optional=PROMISED) if "promises" in got else {}
    return Tuning(
        values={k: v.number() for k, v in values.items()},
        measured=text_at(got, "measured"),
        promises={k: _promise(v) for k, v in promises.items()},
    )


def _promise(node: Node) -> Promise:
    """What is promised, alone as long as nothing was measured.

    A measured rate above it is told by the checks: the bot has to load for measuring it anew.
    """
    got = node.record(required=("most",), optional=("count", "of"))
    most = got["most"].number() if "most" in got else 0.5
    if not 0.0 < most < 1.0:
        got["most"].problem(f"most is {most:g}", "write a share between 0 and 1, such as 0.05")
    count, of = (got[key].count() if key in got else 0 for key in ("count", "of"))
    return Promise(most=most, count=count, of=of)

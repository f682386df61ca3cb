"""Wiring: reads settings, finds the knowledge, loads or builds the index, makes the engine."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from msgspec import MsgspecError, Struct, json

from bot.dialogue.engine import Engine
from bot.errors import BotError, KnowledgeError
from bot.index import Index, IndexUnusable, Progress, from_file, to_bytes
from bot.knowledge.folder import shipped_folder, vectors_file
from bot.knowledge.model import Knowledge
from bot.knowledge.version import Stamp, digest, file_name, stamp
from bot.language.split import QuestionWords
from bot.retrieval.decide import Limits
from bot.retrieval.vectors import WordVectors, load_table, load_vectors
from bot.triage.compile import rules_of
from bot.triage.matching import PatternMatcher, index_patterns
from bot.triage.net import SecondNet, Thresholds
from bot.triage.patterns import PatternError, parse

_SETTLED_NS = 2_000_000_000  #: age of the last change from which a stamp is trusted
_OFTEN = 3  #: texts of the bank that hold a word; one that many people write is no typing error
if TYPE_CHECKING:
    from bot.retrieval.soften import Lender

KNOWLEDGE_SETTING = "MILDBOT_KNOWLEDGE"
CACHE_SETTING = "MILDBOT_CACHE"
RELOAD_SETTING = "MILDBOT_RELOAD_S"
_RELOAD_S = 5
_LONGEST_RELOAD_S = 86_400


def quiet(step: str) -> None:
    """Progress that nobody watches."""


def knowledge_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """`MILDBOT_KNOWLEDGE`, else the folder inside the wheel, else the one beside the source."""
    named = environment.get(KNOWLEDGE_SETTING)
    if named:
        if not Path(named).is_dir():
            raise BotError(
                f"{KNOWLEDGE_SETTING} is {named}, which is not a folder; name the knowledge folder"
            )
        return Path(named)
    return shipped_folder()


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """`MILDBOT_CACHE`, else mildbot/ in the user's cache folder (XDG)."""
    if environment.get(CACHE_SETTING):
        return Path(environment[CACHE_SETTING])
    base = environment.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "mildbot"


def reload_s(environment: Mapping[str, str] = os.environ) -> int:
    """Seconds between two looks at the knowledge of a running bot; 0: it is never looked at."""
    text = environment.get(RELOAD_SETTING, "").strip() or str(_RELOAD_S)
    if not text.isdecimal() or int(text[:9]) > _LONGEST_RELOAD_S:
        raise BotError(
            f"{RELOAD_SETTING} is {text!r}; write whole seconds up to {_LONGEST_RELOAD_S}, "
            "or 0 for never"
        )
    return int(text)


def load_engine(
    folder: Path | None = None, *, cache: Path | None = None, progress: Progress = quiet
) -> Engine:
    """The engine for a knowledge folder: from the cache when it fits, else built and cached."""
    folder = folder or knowledge_folder()
    version = _version(folder, cache or cache_folder())
    path = cached_index(version, cache)
    try:
        index = from_file(path, digest=version)
    except IndexUnusable:
        progress("first start with this knowledge: building the index, some 15 seconds")
        index = build_index(folder, progress=progress)
        save(cached_index(index.source, cache), to_bytes(index))
    return assemble(index)


class _Known(Struct, frozen=True):
    """The version of a folder, for as long as its stamp stays."""

    stamp: Stamp
    version: str


def _version(folder: Path, cache: Path) -> str:
    """The digest of a folder; remembered in the cache, since reading it all takes 15 ms."""
    file = cache / f"version-{file_name(folder)}.json"
    found = stamp(folder)
    with suppress(OSError, MsgspecError):
        known = json.decode(file.read_bytes(), type=_Known)
        if known.stamp == found:
            return known.version
    version = digest(folder)
    # A file changed again within the clock's step would keep its stamp.
    if found and time.time_ns() - max(times[-1] for times in found) > _SETTLED_NS:
        save(file, json.encode(_Known(found, version)))
    return version


def cached_index(version: str, cache: Path | None = None) -> Path:
    """The file of the index for a knowledge version (its digest)."""
    return (cache or cache_folder()) / f"{version[:32]}.index"


def build_index(folder: Path, *, teacher: bool = False, progress: Progress = quiet) -> Index:
    """The index for a knowledge folder, fitted anew; with soft labels when a teacher is wanted."""
    from bot.fitting import build

    knowledge, vectors = _read_unchanged(folder)
    try:
        return build(
            knowledge,
            vectors,
            progress,
            lender=lender_of(folder) if teacher else None,
        )
    except PatternError as error:
        raise KnowledgeError(f"knowledge/triage: {error}; run `mildbot check`") from error


def _read_unchanged(folder: Path) -> tuple[Knowledge, WordVectors | None]:
    """Knowledge and vectors of one version: read again when a file was changed meanwhile.

    The index is filed under the digest, so it must not hold half of another version.
    """
    from bot.knowledge.load import load  # reads YAML, which a warm start never does

    while True:
        version = digest(folder)
        knowledge, vectors = load(folder), load_vectors(vectors_file(folder))
        if version == knowledge.digest == digest(folder):
            return knowledge, vectors


def lender_of(folder: Path) -> Lender:
    """The teacher, and the word vectors of a knowledge folder, which tell which words are near.

    Raises `BotError` when the extra is not installed or there are no vectors.
    """
    from bot.retrieval.soften import Lender
    from bot.retrieval.teacher import Teacher

    path = vectors_file(folder)
    if not path.exists():
        raise BotError(f"{path} is missing: word vectors find the words that may be exchanged")
    words, table, scales = load_table(path)
    return Lender(Teacher(), words, table * scales[:, None])


def save(path: Path, content: bytes) -> None:
    """Write beside and rename, so that nobody ever reads half a file.

    A cache that cannot be written is no error.
    """
    import tempfile  # a warm start writes nothing

    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as beside:
            file = Path(beside) / path.name
            file.write_bytes(content)
            file.replace(path)
        for old in sorted(path.parent.glob("*.index"), key=lambda p: p.stat().st_mtime)[:-3]:
            old.unlink(missing_ok=True)


def assemble(index: Index) -> Engine:
    """The engine around an index."""
    knowledge = index.knowledge
    tuned = Tuned(knowledge)
    rules = rules_of(
        index.triage,
        abbreviations=knowledge.language.abbreviations,
        emoji=knowledge.language.emoji,
        correct=index.ranker.speller.known_from(_OFTEN),
    )
    return Engine(
        source=index.source,
        knowledge=knowledge,
        entries={e.id: e for e in knowledge.entries},
        ranker=index.ranker,
        rules=rules,
        net=SecondNet(
            index.ranker.space,
            index.net,
            {c.id: c.tier for c in knowledge.triage.concepts},
            Thresholds(
                emergency=tuned["net_emergency"],
                urgent=tuned["net_urgent"],
                spoken_of=tuned["net_spoken_of"],
            ),
        ),
        question_words=QuestionWords(
            anywhere=frozenset(knowledge.language.question_words),
            first=frozenset(knowledge.language.question_starts),
        ),
        slots=knowledge.clinic.slots(),
        spanish=frozenset(knowledge.language.spanish_words),
        other_languages=frozenset(knowledge.language.other_languages),
        complaints=frozenset(knowledge.language.complaints),
        follow_up=_matcher(knowledge.language.follow_up),
        personal=_matcher(knowledge.language.personal),
        limits=Limits(answer=tuned["answer"], clarify=tuned["clarify"]),
        part_limits=Limits(answer=tuned["part_answer"], clarify=tuned["part_clarify"]),
        talk_lead=tuned["talk_lead"],
        personal_lead=tuned["personal_lead"],
        focus=tuned["focus"],
        carry=tuned["carry"],
        readable=tuned["readable"],
    )


class Tuned:
    """Values of tuning.yaml, each with the one that serves until it has been measured."""

    DEFAULTS: ClassVar[Mapping[str, float]] = {
        "answer": 0.5,
        "clarify": 0.25,
        "part_answer": 0.5,
        "part_clarify": 0.3,
        "talk_lead": 0.3,
        "personal_lead": 0.3,
        "focus": 0.5,
        "carry": 0.6,
        "readable": 0.3,
        "net_emergency": 1.0,
        "net_urgent": 1.0,
        "net_spoken_of": 0.75,
    }

    def __init__(self, knowledge: Knowledge) -> None:
        self._values = {**self.DEFAULTS, **knowledge.tuning.values}

    def __getitem__(self, name: str) -> float:
        return self._values[name]


def _matcher(patterns: tuple[str, ...]) -> PatternMatcher:
    return PatternMatcher(index_patterns([parse(pattern, {}) for pattern in patterns]))

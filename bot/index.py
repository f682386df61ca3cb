"""The compiled index: everything fitted for one knowledge version, in one file without pickle.

A checksum, a head in JSON, and the arrays as they are in memory, which is the fastest way to read
them (a NumPy archive takes 40 ms more, and imports every decompressor). A damaged file is noticed.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from bot.errors import BotError
from bot.knowledge.model import Knowledge
from bot.language.normalise import normalise
from bot.language.spelling import Speller
from bot.language.tokens import sentences, words
from bot.retrieval.analyzer import Analyzer
from bot.retrieval.calibration import Calibration
from bot.retrieval.examples import Examples, index_examples
from bot.retrieval.features import FeatureSpace, fit_space
from bot.retrieval.linear import LinearModel, fit_linear
from bot.retrieval.ranker import Ranker, count_words
from bot.retrieval.vectors import WordVectors
from bot.triage.assess import Rules, assess
from bot.triage.compile import CompiledTriage, compile_rules, compile_triage
from bot.triage.net import ORDINARY

FORMAT = 3  #: raise it whenever the file's content changes its meaning
Progress = Callable[[str], None]


class IndexUnusable(BotError):
    """The file is damaged, of another format or of other knowledge: build it anew."""


class Index(Struct, frozen=True, kw_only=True):
    knowledge: Knowledge  #: what replies need of it: no banks, patterns or tests
    triage: CompiledTriage
    ranker: Ranker
    net: LinearModel


def ranker_examples(knowledge: Knowledge) -> list[tuple[str, str]]:
    """What the ranker learns from: phrasings, questions by entry id, "oos:kind", "talk:intent"."""
    return [
        *((e.question, e.id) for e in knowledge.entries),
        *((x.text, x.label) for x in knowledge.phrasings),
        *((x.text, f"oos:{x.label}") for x in knowledge.out_of_scope),
        *((x.text, f"talk:{x.label}") for x in knowledge.small_talk),
    ]


_SHORTEST_SENTENCE = 3  #: words
_MAY_TELL_OF_SIGNS = frozenset(
    {"when-emergency", "when-to-call", "infection-signs", "personal", "other-medical"}
)


def net_examples(knowledge: Knowledge, vectors: WordVectors | None) -> list[tuple[str, str]]:
    """What the second net learns from: red flags by concept id, everything else as ordinary.

    People who ask when to call often tell what they have: such examples are ordinary only where
    the phrases find nothing present in them.
    """
    rules = compile_rules(
        knowledge.triage,
        abbreviations=knowledge.language.abbreviations,
        correct=known_words(knowledge, vectors),
    )
    banks = (
        knowledge.ordinary_bank,
        knowledge.phrasings,
        knowledge.out_of_scope,
        knowledge.small_talk,
    )
    ordinary = [
        x
        for bank in banks
        for x in bank
        if x.label not in _MAY_TELL_OF_SIGNS or _nothing_present(x.text, rules)
    ]
    texts = dict.fromkeys(part for x in ordinary for part in (x.text, *_sentences_of(x.text)))
    return [
        *((x.text, x.label) for x in knowledge.flag_bank),
        *((text, ORDINARY) for text in texts),
    ]


def _sentences_of(text: str) -> list[str]:
    """The sentences of a story.

    The net is asked about each by itself, so each has to be known as ordinary.
    """
    found = sentences(normalise(text))
    return [s for s in found if len(words(s)) >= _SHORTEST_SENTENCE] if len(found) > 1 else []


def _nothing_present(text: str, rules: Rules) -> bool:
    found = assess(text, rules)
    return found.context != "present" or found.tier not in ("emergency", "urgent")


def build(
    knowledge: Knowledge, vectors: WordVectors | None, progress: Progress = lambda step: None
) -> Index:
    """Fit everything. Needs scikit-learn; takes some ten seconds on one core."""
    asked, flagged = ranker_examples(knowledge), net_examples(knowledge, vectors)
    return fit(asked, flagged, knowledge, vectors, progress)


def fit(
    asked: Sequence[tuple[str, str]],
    flagged: Sequence[tuple[str, str]],
    knowledge: Knowledge,
    vectors: WordVectors | None,
    progress: Progress = lambda step: None,
) -> Index:
    """As `build`, on given examples: cross-validation leaves some out."""
    progress("reading the bank")
    analyzer = Analyzer(knowledge.language.synonyms, knowledge.language.abbreviations)
    distinct = list(dict.fromkeys(text for text, _ in [*asked, *flagged]))
    space = fit_space(distinct, analyzer=analyzer, vectors=vectors)
    vector_of = {text: space.vector(text) for text in distinct}
    rows = [vector_of[text] for text, _ in asked]
    labels = [label for _, label in asked]
    progress("learning the entries and the red flags")
    with ThreadPoolExecutor(
        max_workers=2
    ) as pool:  # liblinear works outside the interpreter's lock
        learn_net = pool.submit(
            fit_linear,
            [vector_of[t] for t, _ in flagged],
            [label for _, label in flagged],
            space=space,
        )
        model = fit_linear(rows, labels, space=space)
        net = learn_net.result()
    ranker = Ranker(
        space=space,
        model=model,
        examples=index_examples(rows, [text for text, _ in asked], labels, model.labels, space),
        speller=Speller(count_words(rows), correct=known_words(knowledge, vectors)),
        calibration=Calibration.from_values(knowledge.tuning.values),
    )
    return Index(
        knowledge=for_replies(knowledge),
        triage=compile_triage(knowledge.triage),
        ranker=ranker,
        net=net,
    )


def known_words(knowledge: Knowledge, vectors: WordVectors | None) -> frozenset[str]:
    """Words that are right as typed although no entry uses them."""
    return frozenset(knowledge.language.protected) | frozenset(vectors.words if vectors else ())


def for_replies(knowledge: Knowledge) -> Knowledge:
    """The knowledge without what is only needed for fitting and checking."""
    concepts = tuple(
        replace(
            c,
            patterns=(),
            patterns_es=(),
            misspellings={},
            must_be_present=(),
            must_be_conditional=(),
            must_be_silent=(),
        )
        for c in knowledge.triage.concepts
    )
    triage = replace(
        knowledge.triage, classes={}, concepts=concepts, modifiers=(), figurative=(), onset=()
    )
    return replace(
        knowledge,
        triage=triage,
        phrasings=(),
        out_of_scope=(),
        small_talk=(),
        flag_bank=(),
        ordinary_bank=(),
    )


# ---------------------------------------------------------------- file
_MAGIC = b"mildbot\n"
_CHECKSUM = struct.Struct("<8sQ")  # magic, crc32 of all that follows
_LENGTH = struct.Struct("<Q")
_ALIGN = 8
_EXAMPLE_ARRAYS = ("first", "starts", "words", "values")
_SPACE_KEYS = ("word_ids", "pair_ids", "char_ids")


def to_bytes(index: Index) -> bytes:
    """The index as one file's content: checksum, length of the head, head (JSON), arrays."""
    space, ranker = index.ranker.space, index.ranker
    arrays = {
        "idf": space.idf,
        "word_weights": np.array(list(ranker.speller.weights.values()), dtype=np.float32),
        **_model_arrays("model", ranker.model),
        **_model_arrays("net", index.net),
        **{f"examples_{name}": getattr(ranker.examples, name) for name in _EXAMPLE_ARRAYS},
        **(
            {"vectors": space.vectors.table, "vector_scales": space.vectors.scales}
            if space.vectors
            else {}
        ),
    }
    head = _Head(
        format=FORMAT,
        digest=index.knowledge.digest,
        knowledge=index.knowledge,
        triage=index.triage,
        features={key: "\n".join(getattr(space, key)) for key in _SPACE_KEYS},
        labels={"model": ranker.model.labels, "net": index.net.labels},
        examples="\n".join(text.replace("\n", " ") for text in ranker.examples.texts),
        words="\n".join(ranker.speller.weights),
        vector_words="\n".join(space.vectors.words) if space.vectors else "",
        arrays={name: (array.dtype.str, array.shape) for name, array in arrays.items()},
    )
    text = msgspec.json.encode(head)
    text += b" " * (-len(text) % _ALIGN)
    parts = [_LENGTH.pack(len(text)), text]
    for array in arrays.values():
        content = np.ascontiguousarray(array).tobytes()
        parts.append(content + bytes(-len(content) % _ALIGN))
    body = b"".join(parts)
    return _CHECKSUM.pack(_MAGIC, zlib.crc32(body)) + body


def _model_arrays(name: str, model: LinearModel) -> dict[str, Any]:
    return {f"{name}_{part}": getattr(model, part) for part in ("table", "scales", "dense", "bias")}


class _Head(Struct, frozen=True, kw_only=True):
    format: int
    digest: str
    knowledge: Knowledge
    triage: CompiledTriage
    features: dict[str, str]
    labels: dict[str, tuple[str, ...]]
    examples: str  #: one a line: a single string is read much faster than many
    words: str
    vector_words: str
    arrays: dict[str, tuple[str, tuple[int, ...]]]  #: name -> type and shape, in order of the file


def from_file(path: Path, *, digest: str) -> Index:
    """The index in a file.

    Raises `IndexUnusable` when it is missing, damaged or not of this knowledge.
    """
    try:
        head, arrays = _read_file(path)
    except (OSError, ValueError, TypeError, struct.error, msgspec.MsgspecError) as error:
        raise IndexUnusable(f"{path} cannot be used: {error}") from error
    if head.format != FORMAT or head.digest != digest:
        raise IndexUnusable(f"{path} belongs to other knowledge or another version of mildbot")
    return _from_parts(head, arrays)


def _read_file(path: Path) -> tuple[_Head, dict[str, Any]]:
    content = memoryview(path.read_bytes())
    magic, checksum = _CHECKSUM.unpack_from(content)
    if magic != _MAGIC or zlib.crc32(content[_CHECKSUM.size :]) != checksum:
        raise ValueError("it is damaged")
    (length,) = _LENGTH.unpack_from(content, _CHECKSUM.size)
    at = _CHECKSUM.size + _LENGTH.size
    head = msgspec.json.decode(content[at : at + length], type=_Head)
    at += length
    arrays = {}
    for name, (kind, shape) in head.arrays.items():
        count = math.prod(shape)
        arrays[name] = np.frombuffer(content, dtype=kind, count=count, offset=at).reshape(shape)
        size = arrays[name].nbytes
        at += size + -size % _ALIGN
    return head, arrays


def _from_parts(head: _Head, arrays: Mapping[str, Any]) -> Index:
    knowledge = head.knowledge
    vectors = None
    if head.vector_words:
        vectors = WordVectors(
            head.vector_words.split("\n"), arrays["vectors"], arrays["vector_scales"]
        )
    ids: list[dict[str, int]] = []
    offset = 0
    for key in _SPACE_KEYS:
        names = head.features[key].split("\n") if head.features[key] else []
        ids.append(dict(zip(names, range(offset, offset + len(names)), strict=True)))
        offset += len(names)
    idf = arrays["idf"]
    weights = dict(zip(head.words.split("\n"), arrays["word_weights"].tolist(), strict=True))
    space = FeatureSpace(
        analyzer=Analyzer(knowledge.language.synonyms, knowledge.language.abbreviations),
        word_ids=ids[0],
        pair_ids=ids[1],
        char_ids=ids[2],
        idf=idf,
        vectors=vectors,
    )
    ranker = Ranker(
        space=space,
        model=_model("model", head.labels["model"], arrays),
        examples=Examples(
            texts=tuple(head.examples.split("\n")),
            **{name: arrays[f"examples_{name}"] for name in _EXAMPLE_ARRAYS},
        ),
        speller=Speller(weights, correct=known_words(knowledge, vectors)),
        calibration=Calibration.from_values(knowledge.tuning.values),
    )
    net = _model("net", head.labels["net"], arrays)
    return Index(knowledge=knowledge, triage=head.triage, ranker=ranker, net=net)


def _model(name: str, labels: tuple[str, ...], arrays: Mapping[str, Any]) -> LinearModel:
    parts = {part: arrays[f"{name}_{part}"] for part in ("table", "scales", "dense", "bias")}
    return LinearModel(labels=labels, **parts)

"""The compiled index: everything fitted for one knowledge version, in one file without pickle.

Arrays stand in a NumPy archive (whose checksums tell a damaged file); the rest is JSON inside it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bot.errors import BotError
from bot.knowledge.model import Knowledge
from bot.language.spelling import Speller
from bot.retrieval.analyzer import Analyzer
from bot.retrieval.calibration import Calibration
from bot.retrieval.examples import Examples, index_examples
from bot.retrieval.features import FeatureSpace, Floats, fit_space
from bot.retrieval.linear import LinearModel, fit_linear
from bot.retrieval.ranker import Ranker, count_words
from bot.retrieval.vectors import WordVectors
from bot.triage.assess import Rules, assess
from bot.triage.compile import compile_rules
from bot.triage.net import ORDINARY

FORMAT = 1  #: raise it whenever the file's content changes its meaning
Progress = Callable[[str], None]


class IndexUnusable(BotError):
    """The file is damaged, of another format or of other knowledge: build it anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    knowledge: Knowledge  #: without the banks, which are only needed for fitting
    ranker: Ranker
    net: LinearModel


def ranker_examples(knowledge: Knowledge) -> list[tuple[str, str]]:
    """What the ranker learns from: phrasings and questions by entry id, "oos:kind", "talk:intent"."""
    return [
        *((e.question, e.id) for e in knowledge.entries),
        *((x.text, x.label) for x in knowledge.phrasings),
        *((x.text, f"oos:{x.label}") for x in knowledge.out_of_scope),
        *((x.text, f"talk:{x.label}") for x in knowledge.small_talk),
    ]


_MAY_TELL_OF_SIGNS = frozenset({"when-emergency", "when-to-call", "infection-signs", "personal", "other-medical"})


def net_examples(knowledge: Knowledge, vectors: WordVectors | None) -> list[tuple[str, str]]:
    """What the second net learns from: red flags by concept id, everything else as ordinary.

    People who ask when to call often tell what they have: such examples are ordinary only where the phrases
    find nothing present in them.
    """
    rules = compile_rules(
        knowledge.triage,
        abbreviations=knowledge.language.abbreviations,
        correct=known_words(knowledge, vectors),
    )
    banks = (knowledge.ordinary_bank, knowledge.phrasings, knowledge.out_of_scope, knowledge.small_talk)
    ordinary = [x for bank in banks for x in bank if x.label not in _MAY_TELL_OF_SIGNS or _nothing_present(x.text, rules)]
    return [*((x.text, x.label) for x in knowledge.flag_bank), *((x.text, ORDINARY) for x in ordinary)]


def _nothing_present(text: str, rules: Rules) -> bool:
    found = assess(text, rules)
    return found.context != "present" or found.tier not in ("emergency", "urgent")


def build(knowledge: Knowledge, vectors: WordVectors | None, progress: Progress = lambda step: None) -> Index:
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
    with ThreadPoolExecutor(max_workers=2) as pool:  # liblinear works outside the interpreter's lock
        learn_net = pool.submit(
            fit_linear, [vector_of[t] for t, _ in flagged], [label for _, label in flagged], space=space
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
    return Index(knowledge=_without_banks(knowledge), ranker=ranker, net=net)


def known_words(knowledge: Knowledge, vectors: WordVectors | None) -> frozenset[str]:
    """Words that are right as typed although no entry uses them."""
    return frozenset(knowledge.language.protected) | frozenset(vectors.words if vectors else ())


def _without_banks(knowledge: Knowledge) -> Knowledge:
    return replace(knowledge, phrasings=(), out_of_scope=(), small_talk=(), flag_bank=(), ordinary_bank=())


# ---------------------------------------------------------------- file
_EXAMPLE_ARRAYS = ("first", "starts", "words", "values")
_SPACE_KEYS = ("word_ids", "pair_ids", "char_ids")


def to_bytes(index: Index) -> bytes:
    """The index as one file's content."""
    space, ranker = index.ranker.space, index.ranker
    head = {
        "format": FORMAT,
        "digest": index.knowledge.digest,
        "knowledge": index.knowledge,
        "features": {key: "\n".join(getattr(space, key)) for key in _SPACE_KEYS},
        "labels": {"model": ranker.model.labels, "net": index.net.labels},
        "examples": ranker.examples.texts,
        "weights": ranker.speller.weights,
        "vector_words": "\n".join(space.vectors.words) if space.vectors else "",
    }
    arrays = {
        "head": np.frombuffer(msgspec.json.encode(head), dtype=np.uint8),
        "idf": space.idf,
        **_model_arrays("model", ranker.model),
        **_model_arrays("net", index.net),
        **{f"examples_{name}": getattr(ranker.examples, name) for name in _EXAMPLE_ARRAYS},
        **({"vectors": space.vectors.table, "vector_scales": space.vectors.scales} if space.vectors else {}),
    }
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def _model_arrays(name: str, model: LinearModel) -> dict[str, Any]:
    return {f"{name}_{part}": getattr(model, part) for part in ("table", "scales", "dense", "bias")}


@dataclass(frozen=True, slots=True)
class _Head:
    format: int
    digest: str
    knowledge: Knowledge
    features: dict[str, str]
    labels: dict[str, tuple[str, ...]]
    examples: tuple[str, ...]
    weights: dict[str, float]
    vector_words: str


def from_file(path: Path, *, digest: str) -> Index:
    """The index in a file. Raises `IndexUnusable` when it is missing, damaged or not of this knowledge."""
    try:
        with np.load(path, allow_pickle=False) as data:
            arrays = {name: data[name] for name in data.files}
        head = msgspec.json.decode(bytes(arrays["head"]), type=_Head)
        if head.format != FORMAT or head.digest != digest:
            raise IndexUnusable(f"{path} belongs to other knowledge or to another version of mildbot")
        return _from_parts(head, arrays)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, msgspec.MsgspecError) as error:
        raise IndexUnusable(f"{path} cannot be used: {error}") from error


def _from_parts(head: _Head, arrays: Mapping[str, Any]) -> Index:
    knowledge = head.knowledge
    vectors = None
    if head.vector_words:
        vectors = WordVectors(head.vector_words.split("\n"), arrays["vectors"], arrays["vector_scales"])
    ids: list[dict[str, int]] = []
    offset = 0
    for key in _SPACE_KEYS:
        names = head.features[key].split("\n") if head.features[key] else []
        ids.append(dict(zip(names, range(offset, offset + len(names)), strict=True)))
        offset += len(names)
    idf: Floats = arrays["idf"]
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
            texts=head.examples,
            **{name: arrays[f"examples_{name}"] for name in _EXAMPLE_ARRAYS},
        ),
        speller=Speller(head.weights, correct=known_words(knowledge, vectors)),
        calibration=Calibration.from_values(knowledge.tuning.values),
    )
    return Index(knowledge=knowledge, ranker=ranker, net=_model("net", head.labels["net"], arrays))


def _model(name: str, labels: tuple[str, ...], arrays: Mapping[str, Any]) -> LinearModel:
    parts = {part: arrays[f"{name}_{part}"] for part in ("table", "scales", "dense", "bias")}
    return LinearModel(labels=labels, **parts)

"""The compiled index: everything fitted for one knowledge version, in one file without pickle.

A checksum, a head in JSON, and the arrays as they are in memory, which is the fastest way to read
them (a NumPy archive takes 40 ms more, and imports every decompressor). A damaged file is noticed.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import MsgspecError, Struct, json

from bot.errors import BotError
from bot.knowledge.model import Knowledge
from bot.retrieval.analyzer import Analyzer, Meanings
from bot.retrieval.calibration import Calibration
from bot.retrieval.examples import Examples
from bot.retrieval.features import FeatureSpace
from bot.retrieval.linear import LinearModel
from bot.retrieval.profiles import Model, Profiles
from bot.retrieval.ranker import Ranker, query_speller, right_as_typed
from bot.retrieval.vectors import WordVectors
from bot.triage.compile import CompiledTriage

FORMAT = 15  #: raise it whenever the file's content changes its meaning
Progress = Callable[[str], None]


class IndexUnusable(BotError):
    """The file is damaged, of another format or of other knowledge: build it anew."""


class Index(Struct, frozen=True, kw_only=True):
    source: str  #: digest of the knowledge that it was built from
    knowledge: Knowledge  #: what replies need: no banks, patterns or tests; digest of the build
    triage: CompiledTriage
    ranker: Ranker
    net: Model


def right_words(knowledge: Knowledge, vectors: WordVectors | None) -> Container[str]:
    """Words that are right as typed although no entry uses them."""
    return right_as_typed(knowledge.language.protected, vectors)


_MAGIC = b"mildbot\n"
_CHECKSUM = struct.Struct("<8sQ")  # magic, crc32 of all that follows
_LENGTH = struct.Struct("<Q")
_ALIGN = 8
_VECTOR_ARRAYS = ("keys", "table", "scales", "ranks")
_EXAMPLE_ARRAYS = Examples.__struct_fields__


def to_bytes(index: Index) -> bytes:
    """The index as one file's content: checksum, length of the head, head (JSON), arrays."""
    space, ranker = index.ranker.space, index.ranker
    arrays = {
        "idf": space.idf,
        "pair_keys": space.pair_keys,
        "char_keys": space.char_keys,
        "word_weights": np.array(list(ranker.speller.weights.values()), dtype=np.float32),
        **_model_arrays("model", ranker.model),
        **_model_arrays("net", index.net),
        **{f"examples_{name}": getattr(ranker.examples, name) for name in _EXAMPLE_ARRAYS},
        **(
            {f"vector_{part}": getattr(space.vectors, part) for part in _VECTOR_ARRAYS}
            if space.vectors
            else {}
        ),
    }
    head = _Head(
        format=FORMAT,
        digest=index.source,
        knowledge=index.knowledge,
        triage=index.triage,
        vector_weight=space.vector_weight,
        stems="\n".join(space.word_ids),
        meaning_of=space.analyzer.meaning_of,
        labels={"model": ranker.model.labels, "net": index.net.labels},
        words="\n".join(ranker.speller.weights),
        arrays={name: (array.dtype.str, array.shape) for name, array in arrays.items()},
    )
    text = json.encode(head)
    text += b" " * (-len(text) % _ALIGN)
    parts = [_LENGTH.pack(len(text)), text]
    for array in arrays.values():
        content = np.ascontiguousarray(array).tobytes()
        parts.append(content + bytes(-len(content) % _ALIGN))
    body = b"".join(parts)
    return _CHECKSUM.pack(_MAGIC, zlib.crc32(body)) + body


def _model_arrays(name: str, model: Model) -> dict[str, Any]:
    return {f"{name}_{part}": getattr(model, part) for part in _arrays_of(type(model))}


def _arrays_of(kind: type[Model]) -> tuple[str, ...]:
    return tuple(field for field in kind.__struct_fields__ if field != "labels")


class _Head(Struct, frozen=True, kw_only=True):
    format: int
    digest: str
    knowledge: Knowledge
    triage: CompiledTriage
    vector_weight: float
    meaning_of: Meanings
    stems: str  #: one a line: a single string is read much faster than many
    labels: dict[str, tuple[str, ...]]
    words: str
    arrays: dict[str, tuple[str, tuple[int, ...]]]  #: name -> type and shape, in order of the file


def from_file(path: Path, *, digest: str) -> Index:
    """The index in a file.

    Raises `IndexUnusable` when it is missing, damaged or not of this knowledge.
    """
    try:
        head, arrays = _read_file(path)
    except (OSError, ValueError, TypeError, struct.error, MsgspecError) as error:
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
    head = json.decode(content[at : at + length], type=_Head)
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
    if "vector_keys" in arrays:
        vectors = WordVectors(*(arrays[f"vector_{part}"] for part in _VECTOR_ARRAYS))
    weights = dict(zip(_lines(head.words), arrays["word_weights"].tolist(), strict=True))
    space = FeatureSpace(
        analyzer=Analyzer.prepared(head.meaning_of, knowledge.language.abbreviations),
        words=_lines(head.stems),
        pair_keys=arrays["pair_keys"],
        char_keys=arrays["char_keys"],
        idf=arrays["idf"],
        vectors=vectors,
        vector_weight=head.vector_weight,
    )
    ranker = Ranker(
        space=space,
        model=_model("model", head.labels["model"], arrays),
        examples=Examples(**{name: arrays[f"examples_{name}"] for name in _EXAMPLE_ARRAYS}),
        speller=query_speller(weights, knowledge.language.protected, vectors),
        calibration=Calibration.from_values(knowledge.tuning.values),
    )
    net = _model("net", head.labels["net"], arrays)
    return Index(
        source=head.digest, knowledge=knowledge, triage=head.triage, ranker=ranker, net=net
    )


def _model(name: str, labels: tuple[str, ...], arrays: Mapping[str, Any]) -> Model:
    kind = LinearModel if f"{name}_table" in arrays else Profiles
    return kind(labels=labels, **{part: arrays[f"{name}_{part}"] for part in _arrays_of(kind)})


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []

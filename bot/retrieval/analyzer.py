"""What of a text is compared: stemmed words with meanings, pairs of words, character n-grams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from zlib import crc32

import Stemmer  # PyStemmer: the Snowball project's own binding

from bot.language.normalise import normalise
from bot.language.tokens import words

_NGRAM = 3  #: letters; 3 and 4, or 2 to 5, measured the same with two and four times the features
Meanings = dict[str, list[tuple[tuple[str, ...], str]]]
"""First stem -> (stems of a word or phrase, name of what it means)."""


class Analyzer:
    """Turns texts into feature names. Holds the stemmer and a stem per word seen.

    Args:
        meanings: name of a meaning -> words and phrases that have it ("eliquis" -> blood thinner).
            A word keeps its own feature and gets that of its meaning beside it.
        abbreviations: shorthand -> the words it stands for.
    """

    def __init__(
        self, meanings: Mapping[str, Sequence[str]], abbreviations: Mapping[str, str] | None = None
    ) -> None:
        self._abbreviations = {
            short: tuple(full.split()) for short, full in (abbreviations or {}).items()
        }
        self._stemmer = Stemmer.Stemmer("english")
        self._stems: dict[str, str] = {}
        self.meaning_of: Meanings = defaultdict(list)
        for name, members in meanings.items():
            for member in members:
                row = tuple(self.stem(w) for w in words(normalise(member)))
                self.meaning_of[row[0]].append((row, f"@{name}"))

    @classmethod
    def prepared(cls, meaning_of: Meanings, abbreviations: Mapping[str, str]) -> Analyzer:
        """With the `meaning_of` of another one: stemming all of them again takes a start 5 ms."""
        analyzer = cls({}, abbreviations)
        analyzer.meaning_of = meaning_of
        return analyzer

    def tokens(self, text: str) -> tuple[str, ...]:
        """Words of a text, shorthand written out."""
        typed = words(normalise(text))
        if self._abbreviations.keys().isdisjoint(typed):
            return typed
        return tuple(w for token in typed for w in self._abbreviations.get(token, (token,)))

    def stem(self, word: str) -> str:
        stem = self._stems.get(word)
        if stem is None:
            stem = self._stems[word] = self._stemmer.stemWord(word)
        return stem

    def stems(self, tokens: Sequence[str]) -> list[str]:
        """Stems of the words, followed by the names of their meanings (each begins with "@")."""
        plain = [self.stem(token) for token in tokens]
        return plain + list(self._meanings(plain))

    def _meanings(self, stems: Sequence[str]) -> Iterator[str]:
        for start, stem in enumerate(stems):
            for row, name in self.meaning_of.get(stem, ()):
                if len(row) == 1 or tuple(stems[start : start + len(row)]) == row:
                    yield name


def ngram_keys(word: str) -> list[int]:
    """A number below 2**32 for each n-gram of a word: the same on every machine.

    Two of 100,000 n-grams share one by chance, which costs nothing.
    """
    return [crc32(ngram.encode("utf-8", "surrogatepass")) for ngram in char_ngrams(word)]


def char_ngrams(word: str) -> list[str]:
    """Runs of three letters inside one word, a space at each side (`char_wb`)."""
    padded = f" {word} "
    return [padded[start : start + _NGRAM] for start in range(len(padded) - _NGRAM + 1)]

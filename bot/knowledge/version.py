"""Which knowledge is it? A digest over all its files."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest(folder: Path) -> str:
    """sha256 over names and contents of all files, hexadecimal: one knowledge version.

    `tuning.yaml` counts too: other thresholds are other replies.
    """
    total = hashlib.sha256()
    for path in sorted(
        p for p in folder.rglob("*") if p.is_file() and p.suffix in (".yaml", ".npz")
    ):
        content = path.read_bytes()
        total.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()

"""Which knowledge is it, and has it changed? Told from all its files."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

Stamp = tuple[tuple[str, int, int, int], ...]  #: name, size, times of content and of metadata


def digest(folder: Path) -> str:
    """sha256 over names and contents of all files, hexadecimal: one knowledge version.

    `tuning.yaml` counts too: other thresholds are other replies.
    """
    import hashlib  # OpenSSL: 6 ms of a start, and most starts know the stamp

    total = hashlib.sha256()
    for path in _files(folder):
        content = path.read_bytes()
        total.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def stamp(folder: Path) -> Stamp:
    """What can be known without reading a file: while it stays the same, so does the digest.

    Empty for a folder that is gone or cannot be looked at.
    """
    try:
        return tuple(_stamp_of(path) for path in _files(folder))
    except OSError:
        return ()


def file_name(folder: Path) -> str:
    """What files that are kept about a folder are called: the same at every start."""
    return f"{crc32(str(folder.resolve()).encode('utf-8', 'surrogatepass')):08x}"


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in (".yaml", ".npz"))


def _stamp_of(path: Path) -> tuple[str, int, int, int]:
    found = path.stat()
    # The second time too: a copy may bring its old time of content along.
    return (str(path), found.st_size, found.st_mtime_ns, found.st_ctime_ns)

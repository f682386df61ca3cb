"""How sure a share is that was measured on few messages."""

from __future__ import annotations

import math

_Z95 = 1.959963984540054


def wilson(right: float, total: float) -> tuple[float, float]:
    """95 % interval of a share, both ends 0..1 (Wilson 1927). `total` must be above 0."""
    share = right / total
    z2 = _Z95 * _Z95
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = (
        _Z95 * math.sqrt(share * (1 - share) / total + z2 / (4 * total * total)) / (1 + z2 / total)
    )
    return max(0.0, centre - half), min(1.0, centre + half)

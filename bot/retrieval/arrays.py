"""Names for kinds of arrays, for type checking only: `numpy.typing` costs a start 20 ms."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int32]

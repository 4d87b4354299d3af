"""The normal distribution for whole arrays: NumPy has its density but not its integral."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from contest.lazy import lazy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
else:
    np = lazy("numpy")

_ROOT = math.sqrt(2 * math.pi)
_FAR = 6.0  # standard deviations from where the continued fraction of the tail is used
_TERMS = 24


def density(z: Floats) -> Floats:
    """Return the standard normal density."""
    found: Floats = np.exp(-0.5 * z * z) / _ROOT
    return found


def below(z: Floats) -> Floats:
    """Return the chance of a standard normal number below `z`, to about 1e-15."""
    z = np.asarray(z, dtype=np.float64)
    found = np.fromiter((math.erfc(-x / math.sqrt(2)) / 2 for x in z.ravel()), np.float64, z.size)
    return found.reshape(z.shape)


def hazard(z: Floats) -> Floats:
    """Return density / chance above: the mean of a standard normal number that is known to lie above `z`."""
    near = density(np.minimum(z, _FAR)) / below(-np.minimum(z, _FAR))
    far = np.maximum(z, _FAR)
    tail = far
    for term in range(_TERMS, 0, -1):
        tail = far + term / tail
    return np.where(z > _FAR, tail, near)

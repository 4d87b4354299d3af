"""Large libraries that few requests need: imported when first used, so that the site starts a second earlier.

The names stand at the top of the module as ever, for the reader, the type checker and the architecture test:

    if TYPE_CHECKING:
        import numpy as np
    else:
        np = lazy("numpy")
"""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType
from typing import Any

# Our matrices are small: on a busy machine threads that wait for each other make them ten times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


class _Lazy:
    """Stands for a module until something of it is asked for, and then hands everything through."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._module: ModuleType | None = None

    def __getattr__(self, attribute: str) -> Any:
        if self._module is None:
            self._module = import_module(self._name)  # safe in threads: the import system lets one of them load
        return getattr(self._module, attribute)

    def __repr__(self) -> str:
        return f"<{self._name}, {'loaded' if self._module else 'not loaded yet'}>"


def lazy(name: str) -> Any:
    """Return a stand-in for the module `name`; a missing module is an `ImportError` at the first use."""
    return _Lazy(name)

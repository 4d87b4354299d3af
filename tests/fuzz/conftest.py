"""The world of the sweeps, for requests that a machine makes up."""

from __future__ import annotations

from tests.sweep.conftest import picture, site

__all__ = ["picture", "site"]

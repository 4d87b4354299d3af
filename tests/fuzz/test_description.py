"""docs/openapi.json says what every address takes, and is written by the application itself."""

from __future__ import annotations

import os

import pytest

from tests.sweep.site import Site
from tests.tools.openapi import PLACE, WRITE, describe, record, settled, written


@pytest.mark.fuzz
@pytest.mark.timeout(1800)
def test_the_description_is_the_one_of_today(site: Site) -> None:
    text = written(settled(describe(site.app, record(site))))
    if os.environ.get(WRITE):
        PLACE.write_text(text, encoding="utf-8")
    assert PLACE.read_text(encoding="utf-8") == text, "write it anew: python -m tests.tools.openapi"

"""Libraries that load when they are first used, and what the start of the site does without."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from contest.lazy import lazy

ROOT = Path(__file__).resolve().parents[1]
# Each costs a tenth of a second or more, and a page that no phone asks for needs it.
LARGE = ("numpy", "pandas", "openpyxl", "xlsxwriter")
START = """
import json, sys
import wsgi
print(json.dumps(sorted(sys.modules)))
"""
MODULE = """
import time
time.sleep(0.05)
LOADED = []
LOADED.append(1)
"""


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that takes its time to load."""
    (tmp_path / "late_module.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "late_module", raising=False)
    return "late_module"


def test_nothing_loads_before_the_first_use(late: str) -> None:
    module = lazy(late)
    assert repr(module) == "<late_module, not loaded yet>"
    assert late not in sys.modules
    assert module.LOADED == [1]
    assert repr(module) == "<late_module, loaded>"
    assert module.LOADED is sys.modules[late].LOADED


def test_many_threads_load_it_once_and_see_it_whole(late: str) -> None:
    module, found, start = lazy(late), [], Barrier(8)

    def use() -> None:
        start.wait()
        found.append(list(module.LOADED))

    threads = [Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[1]] * 8


def test_a_missing_module_and_a_missing_name_are_the_usual_errors(late: str) -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        _ = lazy("no_such_module").anything
    with pytest.raises(AttributeError, match="late_module"):
        _ = lazy(late).anything


def test_the_site_starts_without_the_large_libraries(tmp_path: Path) -> None:
    environ: dict[str, Any] = {"APP_ENV": "test", "DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", START], env=environ, capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert "contest.results.exports" in loaded
    assert loaded & set(LARGE) == set()

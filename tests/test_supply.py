"""CF-04: the bill of materials is that of the locks; no answer of an advisory service is told as none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.test_locks import pins
from tests.tools import advisories
from tests.tools.sbom import PLACE, vendored


def test_cf_04_the_bill_lists_every_library_and_every_vendored_package() -> None:
    listed = json.loads(PLACE.read_text(encoding="utf-8"))["components"]
    found = {(one["purl"].split("/")[0], one["name"].lower().replace("_", "-"), one["version"]) for one in listed}
    wanted = {("pkg:pypi", name.partition(" ")[0], version) for name, version in pins("requirements.txt").items()}
    wanted |= {("pkg:npm", one.name, one.version) for one in vendored()}
    assert found == wanted, "write it anew: python -m tests.tools.sbom"


def test_every_vendored_package_has_a_licence() -> None:
    assert len(vendored()) >= 4
    assert {one.name: one.licence for one in vendored() if len(one.licence) < 3} == {}


def answer(status: int, said: str, complaint: str = "") -> advisories.Run:
    return lambda command, folder: (status, said, complaint)


@pytest.mark.parametrize("said", ["", "<html>", "[]", '{"error": 1}', "null"])
def test_cf_04_no_answer_is_told_as_skipped_and_fails_nothing(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/npm")
    away = answer(1, said, "noise\nConnectionError: no route\n")
    assert advisories.python_libraries(away) == (True, "pip-audit skipped: ConnectionError: no route")
    assert advisories.vendored_files(away) == (True, "npm audit skipped: ConnectionError: no route")


def test_cf_04_what_is_known_against_a_library_fails_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/npm")
    bad = {"dependencies": [{"name": "flask", "vulns": [{"id": "X-1"}]}, {"name": "jinja2", "vulns": []}]}
    assert advisories.python_libraries(answer(1, json.dumps(bad))) == (False, "pip-audit: 2 libraries, flask X-1")
    known = json.dumps({"vulnerabilities": {"bootstrap": {}}})
    assert advisories.vendored_files(answer(1, known))[0] is False


def test_without_npm_the_step_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert advisories.vendored_files() == (True, "npm audit skipped: there is no npm on this machine")


def test_the_lock_for_npm_names_what_is_vendored(tmp_path: Path) -> None:
    advisories.write_lock(tmp_path)
    packages = json.loads((tmp_path / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {f"node_modules/{one.name}" for one in vendored()} == set(packages) - {""}

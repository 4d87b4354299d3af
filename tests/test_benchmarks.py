"""The runner of the measurements: it finds, runs, prints, writes, and judges counts, never times."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import benchmarks
from benchmarks import Report, __main__

SOURCE = """
from benchmarks import Report


def run(args):
    return Report.of([{"page": "scoring", "rps": 12.25, "share": 0.5}], wrong=len(args), server="waitress")
"""


@pytest.fixture
def measurement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A measurement beside the real ones that counts its arguments as faults."""
    (tmp_path / "sample.py").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "broken.py").write_text("def run(args):\n    return {}\n", encoding="utf-8")
    (tmp_path / "_helper.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(benchmarks, "__path__", [str(tmp_path)])
    for name in ("benchmarks.sample", "benchmarks.broken"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return "sample"


def test_helpers_are_no_measurements(measurement: str) -> None:
    assert __main__.names() == ["broken", measurement]


def test_without_a_name_the_list_is_shown(measurement: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main([]) == 0
    assert capsys.readouterr().err == "Measurements: broken, sample\n"


def test_an_unknown_name_is_an_error(measurement: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["smaple"]) == 2
    assert "broken, sample" in capsys.readouterr().err


def test_a_table_is_printed(measurement: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main([measurement]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "server: waitress",
        "page      rps  share",
        "-------  ----  -----",
        "scoring  12.2    0.5",
    ]


def test_the_figures_are_written(measurement: str, tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    assert __main__.main([measurement, "--json", str(file)]) == 0
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert figures.pop("machine").keys() == {"python", "system", "cpus"}
    assert figures == {
        "name": "sample",
        "wrong": 0,
        "facts": {"server": "waitress"},
        "rows": [{"page": "scoring", "rps": 12.25, "share": 0.5}],
    }


def test_a_wrong_count_fails_and_its_figures_are_written_all_the_same(
    measurement: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    assert __main__.main([measurement, "--seconds", "5", "--json", str(file)]) == 1
    assert json.loads(file.read_text(encoding="utf-8"))["wrong"] == 2
    assert capsys.readouterr().err == "WRONG: 2\n"


def test_a_measurement_must_hand_back_a_report(measurement: str) -> None:
    with pytest.raises(TypeError, match="must return a Report"):
        __main__.main(["broken"])


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([], []),
        ([{"n": 1}], ["n", "-", "1"]),
        ([{"n": 1500}, {"n": None}], ["    n", "-----", "1,500", "    -"]),
        ([{"n": 1234.5}, {"n": 99.99}], ["    n", "-----", "1,234", "  100"]),
        ([{"a": "x"}, {"b": 2}], ["a  b", "-  -", "x  -", "-  2"]),
        ([{"tên": "Đường"}], ["tên", "-----", "Đường"]),
    ],
)
def test_tables(rows: list[dict[str, benchmarks.Cell]], lines: list[str]) -> None:
    assert Report.of(rows).table().splitlines() == lines


def test_facts_stand_above_an_empty_table() -> None:
    assert Report.of([], people=30).table() == "people: 30"

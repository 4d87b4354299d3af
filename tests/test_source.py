"""What no line of the source may do: run what was typed, load code out of data, or hide a finding without a reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import run

ROOT = Path(run.__file__).parent
SOURCES = sorted(
    path
    for place in (*run.SHIPPED, "migrations", "benchmarks")
    for path in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
)
# Formats that make objects of any kind out of bytes.
LOADERS = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "jsonpickle", "yaml", "joblib"}
RUNNERS = {"eval", "exec", "compile", "__import__"}
SHELLS = {("os", "system"), ("os", "popen"), ("subprocess", "getoutput"), ("subprocess", "getstatusoutput")}
PASSED_OVER = re.compile(r"#\s*nosec\b(.*)")


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return [(node.module or "").partition(".")[0]] if isinstance(node, ast.ImportFrom) else []


def dangers(text: str) -> Iterator[str]:
    """Yield what a source must not hold, with its line."""
    for node in ast.walk(ast.parse(text)):
        yield from (f"{node.lineno}: {name}" for name in imported(node) if name in LOADERS)  # type: ignore[attr-defined]  # imports have lines
        if isinstance(node, ast.Call):
            yield from (f"{node.lineno}: {word}" for word in call_dangers(node))


def call_dangers(node: ast.Call) -> Iterator[str]:
    if isinstance(node.func, ast.Name) and node.func.id in RUNNERS:
        yield node.func.id
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
        place = (node.func.value.id, node.func.attr)
        yield from [".".join(place)] * (place in SHELLS)
    for keyword in node.keywords:
        loose = not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
        if keyword.arg in ("shell", "allow_pickle") and loose:
            yield f"{keyword.arg}="


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from yaml import load",
        "import os.path, marshal",
        "eval('1')",
        "exec(text)",
        "os.system('ls')",
        "subprocess.run('ls', shell=True)",
        "subprocess.run('ls', shell=wish)",
        "np.load(path, allow_pickle=True)",
    ],
)
def test_the_net_holds(line: str) -> None:
    assert len(list(dangers(line))) == 1


def test_harmless_lines_pass() -> None:
    text = "import json, re\nre.compile('a')\nsubprocess.run(['ls'], shell=False)\njson.load(file)\n"
    assert list(dangers(text)) == []


def test_in_11_no_source_runs_texts_or_loads_code_out_of_data() -> None:
    assert len(SOURCES) > 500
    found = {
        str(path.relative_to(ROOT)): words
        for path in SOURCES
        if (words := list(dangers(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


def test_in_11_whatever_bandit_passes_over_has_its_number_and_a_reason() -> None:
    found = [
        (str(path.relative_to(ROOT)), match[0])
        for path in SOURCES
        for match in PASSED_OVER.finditer(path.read_text(encoding="utf-8"))
    ]
    assert len(found) >= 5
    bare = [(place, said) for place, said in found if not re.fullmatch(r"# nosec B\d{3}  # .{8,}", said)]
    assert bare == []

"""The import rules of the house, checked on the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from contest import PACKAGES
from tests.each import for_each

ROOT = Path(__file__).parent.parent
CONTEST = ROOT / "contest"
SHELL = ("models", "queries", "policy", "services", "forms", "exports", "jobs", "cli", "views")  # low to high
# The standard library's pure parts, arrays and frames, and Pillow: bytes in, verdict or bytes out.
CORE_MAY_IMPORT = {
    *("__future__", "bisect", "collections", "contest", "csv", "dataclasses", "datetime", "decimal", "difflib", "enum"),
    *(
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "io",
        "ipaddress",
        "itertools",
        "json",
        "math",
        "operator",
        "random",
        "re",
        "stat",
    ),
    *("string", "struct", "tomllib", "typing", "unicodedata", "urllib", "warnings", "zipfile", "zlib", "zoneinfo"),
    *("numpy", "ortools", "pandas", "PIL"),
}
WEB_LAYERS = ("forms", "cli", "views")  # the only layers that may know Flask and contest.web
SQL_LAYERS = ("models", "queries", "services")  # the only layers that may speak SQL
WORKBOOK_ROOMS = {"infra/xlsx.py", "infra/workbook.py"}  # reading and writing Excel files
LONGEST_FILE, LONGEST_FUNCTION = 400, 50

# Each travels alone, with a results bundle or a judge's receipts: one file that prints, and imports nothing of ours
# (tests/results/test_script.py, tests/judging/test_receipts.py).
STANDALONE = (CONTEST / "results" / "verify_results.py", CONTEST / "judging" / "verify_receipt.py")
FILES = sorted(path for path in CONTEST.rglob("*.py") if path not in STANDALONE)
FEATURES = [path for path in FILES if len(path.relative_to(CONTEST).parts) > 1]
FEATURES = [path for path in FEATURES if path.relative_to(CONTEST).parts[0] not in ("infra", "web", "translations")]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def shown(path: Path) -> str:
    return path.relative_to(CONTEST).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Return each imported module, and "module.name" for names taken from it."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: use absolute imports"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "lazy":
            yield str(ast.literal_eval(node.args[0]))


def place(dotted: str) -> tuple[str | None, int]:
    """Return (package, layer) of a contest module; layer 0 is the pure core."""
    parts = dotted.split(".")[1:]
    package = parts[0] if parts and parts[0] in PACKAGES else None
    layer = next((SHELL.index(part) + 1 for part in parts[1:] if part in SHELL), 0)
    return package, layer


def layer_of(path: Path) -> str | None:
    """Return the shell layer that a file or its folder is named after."""
    parts = path.relative_to(CONTEST).with_suffix("").parts[1:]
    return next((part for part in parts if part in SHELL), None)


@for_each(FILES, ids=shown)
def test_imports_point_leftwards(path: Path) -> None:
    dotted = name_of(path)
    package, layer = place(dotted)
    if package is None:
        return
    for name in imports(path):
        target, target_layer = place(name) if name.startswith("contest.") else (None, 0)
        if target is None:
            continue
        assert PACKAGES.index(target) <= PACKAGES.index(package), f"{dotted} imports {name}"
        if target == package and layer:
            assert target_layer <= layer, f"{dotted} imports {name}"


@for_each([p for p in FEATURES if layer_of(p) is None and p.name != "__init__.py"], ids=shown)
def test_core_is_pure(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports(path)}
    assert roots <= CORE_MAY_IMPORT, roots - CORE_MAY_IMPORT
    for name in imports(path):
        if name.startswith("contest."):
            package, layer = place(name)
            assert layer == 0, name
            assert package not in ("infra", "web"), name


@for_each(FEATURES, ids=shown)
def test_only_the_edge_knows_flask_and_only_the_store_speaks_sql(path: Path) -> None:
    layer, names = layer_of(path), set(imports(path))
    roots = {name.split(".")[0] for name in names}
    if layer not in WEB_LAYERS:
        assert not roots & {"flask", "flask_login", "flask_wtf", "wtforms", "flask_limiter"}
        assert not {name for name in names if name.startswith("contest.web")}
    if layer not in SQL_LAYERS:
        assert "sqlalchemy" not in roots
        assert "contest.infra.db.db" not in names


@for_each(FILES, ids=shown)
def test_workbooks_and_frames_have_their_rooms(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports(path)}
    if shown(path) not in WORKBOOK_ROOMS:
        assert not roots & {"openpyxl", "xlsxwriter"}
    if "pandas" in roots:
        assert layer_of(path) in (None, "queries")


@for_each([p for p in FILES if p != CONTEST / "__init__.py"], ids=shown)
def test_no_import_hides_in_a_function_and_none_takes_everything(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [n.lineno for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert inner == [], f"{node.name} imports in lines {inner}"
        if isinstance(node, ast.ImportFrom):
            assert all(alias.name != "*" for alias in node.names)


def test_the_chain_is_the_one_that_the_readme_shows() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    chain = re.search(r"^    infra <[\w <\n]+(?=\n    inside)", text, re.MULTILINE)
    assert chain is not None
    assert tuple(re.findall(r"\w+", chain[0])) == PACKAGES


@for_each(FILES, ids=shown)
def test_nobody_imports_home(path: Path) -> None:
    if place(name_of(path))[0] != "home":
        assert not [name for name in imports(path) if name.startswith("contest.home")]


@for_each(FILES, ids=shown)
def test_files_and_functions_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def _needs_docstring(path: Path) -> bool:
    infra = path.relative_to(CONTEST).parts[0] == "infra"
    return infra or layer_of(path) in (None, "queries", "services", "policy", "exports", "jobs")


@for_each([p for p in FILES if _needs_docstring(p)], ids=shown)
def test_public_functions_of_the_inside_say_what_they_do(path: Path) -> None:
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


def test_no_module_breaks_its_name() -> None:
    assert {p.relative_to(CONTEST).parts[0] for p in FEATURES} <= set(PACKAGES)

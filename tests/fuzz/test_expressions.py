"""IN-09: every regular expression of the source is found in its syntax, and its cost grows as the text does, no faster.

The texts are made from the expression itself: what it repeats, again and again, and an end at which it must give up.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest

import contest
from tests.fuzz.test_long_texts import METHODS

# The parser of the library has no public name, and none that the type checker knows everywhere.
compiler, known, parser = (import_module(f"re.{name}") for name in ("_compiler", "_constants", "_parser"))
pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(900)]
ROOT = Path(contest.__file__).parent
FIRST, LAST = 24, 24 << 10
CHEAP_SECONDS = 0.008
EIGHT, TIMES = 8, 5
MOST_RATIO = 22.0  # eight times the text costs 8 times as much, or 64 times where the time grows with the square
ENDS = ("", "!", "\x00", "a\n")
SAMPLES = "a1 .-_@A\n,;:/(){}[]'\"<=+ế\u200d\t\r|*&#%"
MOST_PIECES = 24
# They read what stands in our own repository or in the answer of our own configuration.
OURS = ("web/bundles.py", "infra/startup.py")
STOOD_IN = "abc"
"""For words of ours of which an expression is made while it runs."""


@cache
def expressions() -> dict[str, tuple[str, int, str]]:
    """Return pattern, flags and method of every expression, by file, line and method of its use."""
    texts = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(ROOT.rglob("*.py"))}
    found: dict[str, tuple[str, int, str]] = {}
    for name, text in texts.items():
        if name in OURS:
            continue
        tree = ast.parse(text)
        called = named(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not is_expression(node):
                continue
            variable = called.get(node, "")
            where = text if variable.startswith("_") else "\n".join(texts.values())
            methods = re.findall(rf"\b{variable}\.({'|'.join(METHODS)})\b", where) if variable else []
            plain = ast.unparse(node.func).removeprefix("re.")
            for method in sorted(set(methods)) or [plain if plain in METHODS else "search"]:
                found[f"{name}:{node.lineno} {method}"] = (*evaluated(node, name), method)
    return found


def is_expression(call: ast.Call) -> bool:
    return ast.unparse(call.func) in ("re.compile", "Regexp", *(f"re.{method}" for method in METHODS))


def named(tree: ast.Module) -> dict[ast.expr, str]:
    """Return the name that each value is given."""
    found: dict[ast.expr, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.value] = node.targets[0].id
    return found


def evaluated(call: ast.Call, name: str) -> tuple[str, int]:
    """Return pattern and flags as the module would make them."""
    dotted = "contest." + name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    names = dict(vars(import_module(dotted)))
    pattern = value_of(call.args[0], names)
    said = [one.value for one in call.keywords if one.arg == "flags"]
    said += [one for one in call.args[1:] if ast.unparse(one).startswith("re.")]
    flags = value_of(said[0], names) if said else 0
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    return str(text), int(flags)  # type: ignore[call-overload]


def value_of(node: ast.expr, names: dict[str, object]) -> object:
    """Return what an expression of Python is worth in a module; a name of a function's own stands for a few letters."""
    while True:
        try:
            return eval(compile(ast.Expression(node), "source", "eval"), names)  # noqa: S307  our own source
        except NameError as error:
            names[str(error.name)] = STOOD_IN


def letters(tree: object) -> Iterator[str]:
    """Yield a letter for each thing that an expression reads, in its order."""
    for operator, argument in tree:  # type: ignore[attr-defined]
        if operator is known.LITERAL:
            yield chr(argument)
        elif operator in (known.IN, known.NOT_LITERAL, known.ANY):
            yield from sample(operator, argument)
        else:
            for part in within(argument):
                yield from letters(part)


def within(argument: object) -> Iterator[object]:
    """Yield the parts of a repeat, a group, a choice or a look around."""
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for one in argument:
            yield from within(one)


def sample(operator: object, argument: object) -> list[str]:
    """Return two letters that a set takes."""
    if operator is known.ANY:
        return ["a"]
    one = parser.SubPattern(parser.State(), [(operator, argument)])
    found = compiler.compile(one)
    return [letter for letter in SAMPLES if found.fullmatch(letter)][:2]


def pieces(pattern: str, flags: int) -> list[str]:
    """Return what the expression repeats: each of its letters, and each two of them."""
    single = list(dict.fromkeys(letters(parser.parse(pattern, flags))))[:12]
    pairs = ["".join(two) for two in product(single, repeat=2)][: MOST_PIECES - len(single)]
    return list(dict.fromkeys([*single, *pairs]))


def seconds(found: re.Pattern[str], method: str, text: str) -> float:
    before = time.process_time()
    if method in ("sub", "subn"):
        found.sub("", text)
    elif method == "finditer":
        list(found.finditer(text))
    else:
        getattr(found, method)(text)
    return time.process_time() - before


def least(found: re.Pattern[str], method: str, text: str) -> float:
    """Return the least time of several: another process or a collection of garbage may take a turn in between."""
    return min(seconds(found, method, text) for _ in range(TIMES))


def dear(found: re.Pattern[str], method: str, text: str) -> bool:
    return seconds(found, method, text) > CHEAP_SECONDS and least(found, method, text) > CHEAP_SECONDS


def growing(found: re.Pattern[str], method: str, piece: str, end: str, longest: int = LAST) -> float:
    """Return what a text costs that is eight times as long, at the first length that costs anything; 1 for none."""
    for length in range(8, 40, 2):  # what doubles with every letter would never end at more
        if dear(found, method, (piece * length)[:length] + end):
            return float("inf")
    length = FIRST
    while length < longest:
        length *= 2
        text = (piece * length)[:length] + end
        if dear(found, method, text):
            short = (piece * length)[: length // EIGHT] + end
            return least(found, method, text) / max(least(found, method, short), 1e-6)
    return 1.0


def slow(where: str) -> str:
    pattern, flags, method = expressions()[where]
    found = re.compile(pattern, flags)
    for piece, end in product(pieces(pattern, flags), ENDS):
        ratio = growing(found, method, piece, end)
        if ratio > MOST_RATIO:
            return f"{pattern!r} {piece!r} … {end!r}: {ratio:.1f}"
    return ""


def test_in_09_what_an_expression_costs_grows_as_its_text_does() -> None:
    assert len(expressions()) > 100
    found = {where: slow(where) for where in expressions()}
    assert {where: text for where, text in found.items() if text} == {}


def test_in_09_a_careless_expression_is_noticed() -> None:
    for pattern in (r"(a+)+$", r"\s+$", r"(\w+\s?)*!", r"a*a*b"):
        found = re.compile(pattern)
        ratios = [growing(found, "search", piece, end) for piece, end in product(pieces(pattern, 0), ENDS)]
        assert max(ratios) > MOST_RATIO, pattern

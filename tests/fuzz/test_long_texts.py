"""IN-09: what is long and hostile costs no more than its length: every regular expression, and forms of every kind."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from functools import cache
from pathlib import Path

import pytest

import contest
from tests.sweep.forms import fill
from tests.sweep.hostile import Attack
from tests.sweep.site import Site
from tests.sweep.test_forms import send

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(600)]
LENGTH = 100_000
MOST_SECONDS = 1.0
TYPED = {"text", "textarea", "email", "search", "hidden", "tel", "url", "password", "number"}
# What makes a careless expression try again and again: one letter over and over, an address that never ends, spaces
# before the end, signs that open and never close, numbers that go on.
PIECES = (
    *("a", "A", "1", " ", "\n", "\t", ".", "-", "_", "@", "+", "'", '"', "/", "\\", "(", "[", "{", "⟦", "<", ";", ","),
    *("\u200d", "ế", "a.", "a-", "a@", "a@a", "@a.", "1.", "1 ", "1-", "+1", "A.", "A. ", "Dr. ", "/*", "/*\n", "//"),
    *("a ", " a", "'=", "=a", "a=", "[a", "a]", "{a", "{a}", "[[a", "-0", "0,", "-a-", "www.", "http://", "t.me/", "é"),
    *("a\u200d", "\u200d ", '""', '" ', ".\n", "\r", "\r\n", "import ", 'import "', "initials=", 'name="'),
)
ENDS = ("", "!", "\x00")
METHODS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
# These read what stands in our own repository or in the answer of our own configuration.
OURS = {"contest.web.bundles", "contest.infra.startup"}
Expression = re.Pattern[str] | re.Pattern[bytes]
# One form of each kind: an address, a number, a long text, rows, a list, a reason, a name, marks.
FORMS = (
    *("accounts.send_link", "accounts.sign_in_with_password", "accounts.change_profile", "appeals.file"),
    *("panel.import_list", "people.add", "booths.add", "awards.new", "assignments.assign", "judging.save"),
    "submissions.save",
)
WORST = (
    "a" * (LENGTH - 2) + "@b",
    "@" + "a." * (LENGTH // 2),
    " " * (LENGTH - 1) + "x",
    "((((" * (LENGTH // 4),
    "1," * (LENGTH // 2),
    "ế; " * (LENGTH // 3),
)


@cache
def expressions() -> dict[str, tuple[Expression, tuple[str, ...]]]:
    """Return every expression of a module with the ways it is used."""
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(contest.__path__, "contest.")
        if found.name not in OURS
    ]
    sources = {module.__name__: Path(str(module.__file__)).read_text(encoding="utf-8") for module in modules}
    everything = "\n".join(sources.values())
    made: dict[str, tuple[Expression, tuple[str, ...]]] = {}
    for module in modules:
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and re.search(rf"^{name}\b.*= ", sources[module.__name__], re.MULTILINE):
                where = sources[module.__name__] if name.startswith("_") else everything
                used = set(re.findall(rf"\b{name}\.({'|'.join(METHODS)})\b", where))
                made[f"{module.__name__}.{name}"] = (value, tuple(sorted(used or {"search"})))
    return made


def use(found: Expression, method: str, given: str) -> float:
    """Return the seconds of work that one use of the expression takes."""
    subject = given if isinstance(found.pattern, str) else given.encode()
    kind = type(subject)
    before = time.process_time()
    if method in ("sub", "subn"):
        found.sub(kind(), subject)  # type: ignore[arg-type]
    elif method == "finditer":
        list(found.finditer(subject))  # type: ignore[arg-type]
    else:
        getattr(found, method)(subject)
    return time.process_time() - before


def slowness(found: Expression, method: str) -> str:
    """Return the first text that takes longer than it may, or nothing."""
    for given in ((piece * LENGTH)[: LENGTH - 1] + end for piece in PIECES for end in ENDS):
        # What grows faster than its text is seen in a part of it already; the whole might take hours.
        if use(found, method, given[-LENGTH // 10 :]) < MOST_SECONDS / 20:
            continue
        took = use(found, method, given[-LENGTH // 3 :])
        if took > MOST_SECONDS / 3 or use(found, method, given) > MOST_SECONDS:
            return f"{given[:6]!r}… {given[-1]!r}: {took:.2f}"
    return ""


def test_in_09_no_expression_takes_longer_than_its_text_is_long() -> None:
    slow = {(name, method): slowness(found, method) for name, (found, used) in expressions().items() for method in used}
    assert len(slow) > 80
    assert {name: text for name, text in slow.items() if text} == {}


@pytest.mark.parametrize("key", FORMS)
def test_in_09_a_hundred_thousand_letters_cost_less_than_a_second(site: Site, key: str) -> None:
    form = fill(site, key)
    names = [name for name, one in form.kinds().items() if one.kind in TYPED and name != "csrf_token"]
    assert names
    slow = {}
    for value in WORST:
        for name in names[:4]:
            before = time.process_time()
            status = send(site, Attack(name, form.having(name, value))).status
            took = time.process_time() - before
            if status >= 500 or took > MOST_SECONDS:
                slow[name, value[:5]] = (status, round(took, 2))
            if not site.untouched():
                site.restore()
    assert slow == {}

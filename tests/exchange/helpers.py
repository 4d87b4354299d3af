"""Small bundles as text, and what became of them."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel

from contest.errors import Problem
from contest.exchange.bundle.model import Bundle, ParsedBundle
from contest.exchange.bundle.parse import parse_bundle
from contest.exchange.forms.problems import sentence
from contest.infra.tables import read_csv

EDITION = """
[edition]
code = "e"
name = { vi = "Thi" }
"""
ROUND = """
[[rounds]]
code = "r1"
name = { vi = "Sơ khảo" }
"""
CRITERION = """
[[rounds.criteria]]
code = "IDEA"
name = { vi = "Ý tưởng" }
max = "10"
step = "0.25"
"""
SECOND = """
[[rounds.criteria]]
code = "TEAM"
name = { vi = "Đội" }
min = "1"
max = "5"
step = "1"
"""
DOCUMENT = EDITION + ROUND + CRITERION + SECOND
SUBMISSIONS = "submission,title,team\nS1,Một,Đội một\nS2,Hai,Đội hai\n"
JUDGES = "judge,name\nJ1,An\nJ2,Bình\n"

WORDS = Flask("words")
Babel(WORDS, default_locale="en")

Found = tuple[str, int | None, str | None, str]


def parse(document: str = DOCUMENT, /, **given: str) -> ParsedBundle:
    """Parse a bundle of CSV texts; submissions and judges are there unless given."""
    texts = {"submissions": SUBMISSIONS, "judges": JUDGES, **given}
    tables = {stem: read_csv(f"{stem}.csv", text.encode()) for stem, text in texts.items()}
    assert [table.problems for table in tables.values() if table.problems] == []
    return worded(parse_bundle(document, tables))


def worded(parsed: ParsedBundle) -> ParsedBundle:
    """Check that everything found can be said: each sentence finds its facts."""
    with WORDS.app_context():
        for problem in (*parsed.problems, *parsed.warnings):
            assert problem.file in sentence(problem)
    return parsed


def good(document: str = DOCUMENT, /, **tables: str) -> Bundle:
    """Return the bundle of files without problems."""
    parsed = parse(document, **tables)
    assert parsed.problems == ()
    assert parsed.bundle is not None
    return parsed.bundle


def bad(document: str = DOCUMENT, /, **tables: str) -> list[Found]:
    """Return where and what the problems are; there is no bundle then."""
    parsed = parse(document, **tables)
    assert parsed.bundle is None
    return [(each.file, each.row, each.column, each.code) for each in parsed.problems]


def one(document: str = DOCUMENT, /, **tables: str) -> Problem:
    """Return the only problem."""
    parsed = parse(document, **tables)
    assert parsed.bundle is None
    assert len(parsed.problems) == 1
    return parsed.problems[0]

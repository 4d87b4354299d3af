"""Who may enter and extended deadlines in edition.toml: read, refused by line, written back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.editions.entry_rules import (
    NO_RULES,
    AgeLimits,
    AgeRule,
    AwardedRule,
    Effect,
    EligibilityRules,
    MentorRule,
    MentorSchool,
    OutsiderRule,
    QuotaPer,
    QuotaRule,
    SizeRule,
)
from contest.editions.entry_rules_json import entry_rules_from_json, entry_rules_to_json
from contest.editions.extensions import Decision, Extension
from contest.editions.models import DeadlineExtension, Edition
from contest.editions.rules import LocalText, RoundKind
from contest.exchange.bundle.document import read_document
from contest.exchange.bundle.dump import document_text, dump_bundle
from contest.exchange.bundle.findings import Findings
from contest.exchange.bundle.model import Bundle, BundleEdition, BundleRound, BundleTrack
from contest.exchange.queries import bundle_of
from contest.exchange.services import load_bundle
from contest.infra.db import db, unit_of_work
from tests.factories import NOON

HEAD = """[edition]
code = "e"
name = "Thi"
[[tracks]]
code = "A"
name = "Bảng A"
[[rounds]]
code = "r1"
name = "V"
"""
GUIDE = (Path(__file__).parent.parent.parent / "docs" / "bundle.md").read_text(encoding="utf-8")


def read(text: str) -> tuple[BundleEdition, list[tuple[int | None, str | None, str]]]:
    findings = Findings()
    document = read_document(HEAD + text, findings)
    assert document is not None
    assert document.edition is not None
    return document.edition, [(one.row, one.column, one.code) for one in findings.problems]


def test_the_example_of_the_guide_sets_every_rule() -> None:
    example = GUIDE.partition("```toml\n")[2].partition("```")[0]
    document = read_document(example, Findings())
    assert document is not None
    assert document.edition is not None
    assert document.edition.entry_rules == EligibilityRules(
        size=SizeRule(Effect.BLOCK, 2, 5),
        age=AgeRule(Effect.BLOCK, date(2026, 11, 22), AgeLimits(13, 25), (("A", AgeLimits(None, 17)),)),
        one_team=Effect.BLOCK,
        quota=QuotaRule(Effect.BLOCK, 5, 3),
        mentor=MentorRule(Effect.WARN, school=MentorSchool.SAME),
        officials=Effect.BLOCK,
        awarded=AwardedRule(Effect.WARN, declaration=True, listed=("Bản đồ ngập",)),
        outsiders=OutsiderRule(Effect.WARN, 50),
    )
    (extension,) = document.edition.extensions
    assert extension.decision == Decision("2762/QĐ-UBND", date(2026, 10, 3), "Bão số 9")
    assert (extension.round_code, extension.until) == ("r1", datetime(2026, 10, 5, 10, tzinfo=UTC))


def test_without_the_tables_nothing_is_asked_and_nothing_is_written() -> None:
    edition, problems = read("")
    assert (edition.entry_rules, edition.grace_minutes, edition.extensions, problems) == (NO_RULES, 0, (), [])
    text = document_text(edition)
    assert not {"eligibility", "grace_minutes", "extensions"} & set(text.replace("[", " ").replace("]", " ").split())


LINE = HEAD.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ('size = { effect = "block" }\n', "eligibility.size", "entry_limit_missing"),
        ('size = { effect = "warn", min = 5, max = 2 }\n', "eligibility.size", "entry_limits_reversed"),
        ('size = { effect = "forbid", max = 2 }\n', "eligibility.size.effect", "value_not_choice"),
        ('size = { effect = "warn", max = 200 }\n', "eligibility.size.max", "value_not_integer"),
        ('size = "block"\n', "eligibility.size", "value_not_table"),
        ('age = { on = "2026-11-22" }\n', "eligibility.age.on", "value_not_day"),
        ("age = { on = 2026-11-22T10:00:00 }\n", "eligibility.age.on", "value_not_day"),
        ("age = { tracks = { B = { max = 3 } } }\n", "eligibility.age.tracks.B", "unknown_track"),
        ('mentor = { effect = "warn", required = false }\n', "eligibility.mentor", "entry_mentor_asks_nothing"),
        ('awarded = { effect = "warn" }\n', "eligibility.awarded", "entry_awarded_asks_nothing"),
        ("outsiders = { max_percent = 101 }\n", "eligibility.outsiders.max_percent", "value_not_integer"),
        ('one_teem = "warn"\n', "eligibility.one_teem", "key_unknown"),
        ("one_team = true\n", "eligibility.one_team", "value_not_text"),
    ],
)  # fmt: skip
def test_a_bad_rule_is_named_by_line_and_key(text: str, column: str, code: str) -> None:
    _edition, problems = read(f"[eligibility]\n{text}")
    assert problems[0][1:] == (column, code)
    assert problems[0][0] in (LINE, LINE + 1)


EXTENSION = {
    "from": "2026-10-04T17:00:00+07:00",
    "to": "2026-10-05T17:00:00+07:00",
    "decision": '"2762"',
    "decided_on": "2026-10-03",
    "reason": '"Bão"',
}


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("to", "2026-10-04T17:00:00+07:00", "extension_not_later"),
        ("to", "2026-10-05", "value_not_moment"),
        ("decision", '" "', "value_missing"),
        ("decision", "2762", "value_not_text"),
        ("reason", f'"{"x" * 501}"', "text_too_long"),
        ("decided_on", '"hôm qua"', "value_not_day"),
        ("round", '"r9"', "unknown_round"),
    ],
)
def test_a_bad_extension_is_named(key: str, value: str, code: str) -> None:
    lines = {**EXTENSION, key: value}
    _edition, problems = read("[[extensions]]\n" + "".join(f"{name} = {text}\n" for name, text in lines.items()))
    assert [problem[2] for problem in problems] == [code]


@pytest.mark.parametrize("missing", EXTENSION)
def test_an_extension_needs_everything(missing: str) -> None:
    lines = {name: text for name, text in EXTENSION.items() if name != missing}
    _edition, problems = read("[[extensions]]\n" + "".join(f"{name} = {text}\n" for name, text in lines.items()))
    assert [problem[1:] for problem in problems] == [(f"extensions[1].{missing}", "value_missing")]


EFFECTS = st.sampled_from(Effect)
PAIR = st.tuples(st.integers(1, 40), st.integers(41, 90))
LIMITS = st.builds(lambda pair, oldest: AgeLimits(pair[0], pair[1], by_oldest=oldest), PAIR, st.booleans())
LINES = st.lists(st.sampled_from(["Bản đồ", '"x"', "=1+1"]), unique=True)
RULES = st.builds(
    EligibilityRules,
    size=st.builds(lambda effect, pair: SizeRule(effect, *pair), EFFECTS, PAIR),
    age=st.builds(
        AgeRule,
        EFFECTS,
        st.one_of(st.none(), st.dates(date(2001, 1, 1), date(2099, 1, 1))),
        LIMITS,
        st.one_of(st.just(()), LIMITS.map(lambda limits: (("A", limits),))),
    ),
    one_team=EFFECTS,
    one_captain=EFFECTS,
    quota=st.builds(
        lambda effect, pair, per: QuotaRule(effect, pair[1], pair[0], per), EFFECTS, PAIR, st.sampled_from(QuotaPer)
    ),
    mentor=st.builds(MentorRule, EFFECTS, st.just(True), st.sampled_from(MentorSchool)),  # noqa: FBT003  a strategy
    officials=EFFECTS,
    awarded=st.builds(lambda effect, lines: AwardedRule(effect, declaration=True, listed=tuple(lines)), EFFECTS, LINES),
    outsiders=st.builds(OutsiderRule, EFFECTS, st.integers(0, 100)),
    one_idea=EFFECTS,
    track=EFFECTS,
    field=EFFECTS,
    anonymous=EFFECTS,
)


@given(RULES)
@settings(max_examples=80, deadline=None, derandomize=True)
def test_rules_survive_the_way_through_the_file_and_the_column(rules: EligibilityRules) -> None:
    edition = BundleEdition("e", LocalText("Thi"), tracks=(BundleTrack("A", LocalText("Bảng A")),), entry_rules=rules)
    findings = Findings()
    document = read_document(document_text(edition), findings)
    assert findings.problems == []
    assert document is not None
    assert document.edition is not None
    assert document.edition.entry_rules == rules
    assert entry_rules_from_json(entry_rules_to_json(rules)) == rules


@pytest.mark.both_databases
def test_an_edition_with_everything_comes_back_byte_by_byte(app: Flask) -> None:
    del app
    decision = Decision("2762/QĐ-UBND", date(2026, 10, 3), "Bão số 9")
    whole = BundleEdition(
        "mua-thu",
        LocalText("Thi"),
        submissions_open=NOON,
        submissions_close=NOON.replace(month=12),
        grace_minutes=10,
        tracks=(BundleTrack("A", LocalText("Bảng A")),),
        rounds=(BundleRound("r1", LocalText("Sơ khảo"), RoundKind.PRELIMINARY, closes=NOON.replace(year=2027)),),
        entry_rules=EligibilityRules(size=SizeRule(Effect.BLOCK, 2, 5), one_team=Effect.WARN),
        extensions=(
            Extension(NOON, NOON.replace(month=12), decision),
            Extension(NOON, NOON.replace(year=2027), decision, "r1"),
        ),
    )
    files = dump_bundle(Bundle(whole))
    with unit_of_work():
        edition_id = load_bundle(Bundle(whole), actor_id=None, now=NOON)

    again = bundle_of(edition_id)

    assert (again.edition.entry_rules, again.edition.extensions) == (whole.entry_rules, whole.extensions)
    assert again.edition.grace_minutes == db.session.get_one(Edition, edition_id).grace_minutes == 10
    assert [(row.actor_id, row.at) for row in db.session.query(DeadlineExtension).all()] == [(None, NOON)] * 2
    written = dump_bundle(again)["edition.toml"].decode()
    for line in files["edition.toml"].decode().splitlines():
        assert line in written

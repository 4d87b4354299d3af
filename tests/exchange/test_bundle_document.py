"""edition.toml: each setting is read exactly, each mistake is named by line and key."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.parts import PartKind, PartSpec
from contest.editions.phases import EditionState, RoundState
from contest.editions.rules import (
    Advance,
    Aggregate,
    Combine,
    CriterionSpec,
    CutTies,
    Guidance,
    LocalText,
    Per,
    RoundKind,
    RoundRules,
    Source,
)
from contest.errors import Problem
from contest.exchange.bundle.keys import lines_of
from contest.exchange.bundle.model import BundleEdition, BundleField, BundleTrack
from contest.exchange.bundle.parse import parse_bundle
from contest.results.award_rules import AwardSpec
from tests.exchange.helpers import CRITERION, DOCUMENT, EDITION, ROUND, bad, good, one

FULL = """
[edition]
code = "spring-2026"
name = { vi = "Khởi nghiệp xuân", en = "Spring start-ups" }
organiser = "Đoàn phường"
timezone = "Asia/Ho_Chi_Minh"
about = { vi = "Dòng một\\nDòng hai" }
contact = "028 3822 1234"
languages = ["vi"]
state = "announced"
submissions_open = 2026-09-01T08:00:00+07:00
submissions_close = 2026-09-30T17:00:00

[[tracks]]
code = "A"
name = { vi = "Học sinh", en = "Pupils" }

[[fields]]
code = "edtech"
name = "Giáo dục"

[[parts]]
code = "deck"
name = { vi = "Bản trình bày" }
kind = "file"
required = false
accept = ["pdf", "slides"]
max_mb = 10

[[rounds]]
code = "r1"
name = { vi = "Sơ khảo", en = "Preliminary" }
kind = "preliminary"
opens = 2026-10-01T08:00:00+07:00
closes = 2026-10-05T17:00:00Z
state = "scoring"
judges_per_submission = 3
blind = true
decimals = 3
combine = "criterion"
aggregate = "trimmed"
trim = 2
min_judges = 3
tie_breaks = ["criterion:impact", "judges_preferring", "highest_scorecard", "chair"]
advance = { top = 15, per = "field", threshold = "50,5", floors = true, ties = "chair" }

  [[rounds.criteria]]
  code = "IMPACT"
  name = { vi = "Tác động", en = "Impact" }
  min = "1"
  max = 10
  step = "0.25"
  weight = "2,5"
  floor = "2"
  source = "organiser"
  description = { vi = "Mô tả" }
  guidance = [{ mark = "3", vi = "Khá", en = "Good" }]

[[rounds]]
code = "r2"
name = { en = "Final" }
kind = "final"
aggregate = "clamped"
clamp = "3"
scale_to = "100"
carry = { r1 = "0.3", self = "0.7" }

[[awards]]
code = "first"
name = { vi = "Giải Nhất" }
round = "R2"
track = "a"
exclusive = true
"""


def test_every_setting() -> None:
    edition = good(FULL, submissions="submission,title,team\nS1,Một,Đội\n").edition
    assert edition.rounds[0].rules == RoundRules(
        decimals=3,
        combine=Combine.CRITERION,
        aggregate=Aggregate.TRIMMED,
        trim=2,
        min_judges=3,
        judges_per_submission=3,
        blind=True,
        tie_breaks=("criterion:IMPACT", "judges_preferring", "highest_scorecard", "chair"),
        advance=Advance(15, Per.FIELD, Decimal("50.5"), floors=True, ties=CutTies.CHAIR),
    )
    assert edition.rounds[0].criteria.criteria == (
        CriterionSpec(
            code="IMPACT",
            name=LocalText("Tác động", "Impact"),
            minimum=Decimal(1),
            maximum=Decimal(10),
            step=Decimal("0.25"),
            weight=Decimal("2.5"),
            floor=Decimal(2),
            source=Source.ORGANISER,
            guidance=(Guidance(Decimal(3), LocalText("Khá", "Good")),),
            description=LocalText("Mô tả"),
        ),
    )
    assert edition.rounds[1].rules == RoundRules(
        aggregate=Aggregate.CLAMPED,
        clamp=Decimal(3),
        scale_to=Decimal(100),
        carry=(("r1", Decimal("0.3")), ("self", Decimal("0.7"))),
    )
    assert [(each.code, each.kind, each.state) for each in edition.rounds] == [
        ("r1", RoundKind.PRELIMINARY, RoundState.SCORING),
        ("r2", RoundKind.FINAL, None),
    ]
    assert edition.rounds[0].opens == datetime(2026, 10, 1, 1, tzinfo=UTC)
    assert edition.rounds[0].closes == datetime(2026, 10, 5, 17, tzinfo=UTC)
    assert edition == BundleEdition(
        code="spring-2026",
        name=LocalText("Khởi nghiệp xuân", "Spring start-ups"),
        organiser="Đoàn phường",
        timezone="Asia/Ho_Chi_Minh",
        about=LocalText("Dòng một\nDòng hai"),
        contact="028 3822 1234",
        languages=("vi",),
        state=EditionState.ANNOUNCED,
        submissions_open=datetime(2026, 9, 1, 1, tzinfo=UTC),
        submissions_close=datetime(2026, 9, 30, 10, tzinfo=UTC),
        tracks=(BundleTrack("A", LocalText("Học sinh", "Pupils")),),
        fields=(BundleField("edtech", LocalText("Giáo dục")),),
        parts=(
            PartSpec(
                "deck", LocalText("Bản trình bày"), PartKind.FILE, required=False, accept=("pdf", "slides"), max_mb=10
            ),
        ),
        rounds=edition.rounds,
        awards=(AwardSpec("first", LocalText("Giải Nhất"), "r2", "A", 1, exclusive=True),),
    )


def test_defaults() -> None:
    edition = good(EDITION + ROUND + CRITERION).edition
    assert edition.timezone == "Asia/Ho_Chi_Minh"
    assert edition.languages == ("vi", "en")
    assert edition.rounds[0].rules == RoundRules()
    assert edition.rounds[0].kind is RoundKind.PRELIMINARY
    criterion = edition.rounds[0].criteria.criteria[0]
    assert (criterion.minimum, criterion.weight, criterion.source) == (Decimal(0), Decimal(1), Source.JUDGES)


def test_an_edition_without_rounds_is_only_odd() -> None:
    parsed = parse_bundle(EDITION, {"submissions": EMPTY})
    assert parsed.bundle is not None
    assert parsed.warnings == (Problem("edition.toml", None, None, "rounds_missing"),)


class EMPTY:
    """A submissions table without rows."""

    name = "submissions.csv"
    header = ("submission", "title", "team")
    rows = ()


def problem(document: str) -> tuple[int | None, str | None, str]:
    """Return line, key and code of the only problem."""
    found = one(document)
    assert found.file == "edition.toml"
    return found.row, found.column, found.code


def changed(old: str, new: str, document: str = DOCUMENT) -> str:
    assert document.count(old) == 1
    return document.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "code"),
    [
        ('code = "e"', 'code = "E 1"', 3, "edition.code", "edition_code_invalid"),
        ('code = "e"', 'code = ""', 3, "edition.code", "value_missing"),
        ('code = "e"\n', "", 2, "edition.code", "value_missing"),
        ('code = "e"', "code = 5", 3, "edition.code", "value_not_text"),
        ('code = "e"', "code = 5.5", 3, "edition.code", "value_not_text"),
        ('name = { vi = "Thi" }', "name = {}", 4, "edition.name", "value_missing"),
        ('name = { vi = "Thi" }', "name = 5", 4, "edition.name", "value_not_table"),
        ('name = { vi = "Thi" }', 'name = { vn = "Thi", en = "C" }', 4, "edition.name.vn", "key_unknown"),
        ('name = { vi = "Thi" }', 'name = "a"\norganizer = "b"', 5, "edition.organizer", "key_unknown"),
        ('name = { vi = "Thi" }', 'name = "a"\nxyz = "b"', 5, "edition.xyz", "key_unknown"),
        ('name = { vi = "Thi" }', 'name = "a"\ntimezone = "Asia/Saigonn"', 5, "edition.timezone", "timezone_unknown"),
        ('name = { vi = "Thi" }', 'name = "a"\ntimezone = "../x"', 5, "edition.timezone", "timezone_unknown"),
        ('name = { vi = "Thi" }', 'name = "a"\nlanguages = ["fr"]', 5, "edition.languages", "value_not_choice"),
        ('name = { vi = "Thi" }', 'name = "a"\nlanguages = "vi"', 5, "edition.languages", "value_not_list"),
        ('name = { vi = "Thi" }', 'name = "a"\nstate = "open"', 5, "edition.state", "value_not_choice"),
        ('name = { vi = "Thi" }', f'name = "{"x" * 201}"', 4, "edition.name", "text_too_long"),
        ('name = { vi = "Thi" }', 'name = "a\\u202eb"', 4, "edition.name", "control_character"),
        ('name = { vi = "Thi" }', 'name = "a\\u0000b"', 4, "edition.name", "control_character"),
        ('code = "r1"', 'code = "r 1"', 7, "rounds[1].code", "code_invalid"),
        ('code = "r1"', 'code = "Self"', 7, "rounds[1].code", "code_reserved"),
        ('code = "r1"', 'code = "r1"\nkind = "finale"', 8, "rounds[1].kind", "value_not_choice"),
        ('code = "r1"', 'code = "r1"\nopens = 2026-10-01', 8, "rounds[1].opens", "value_not_moment"),
        ('code = "r1"', 'code = "r1"\nopens = "mai"', 8, "rounds[1].opens", "value_not_moment"),
        ('code = "r1"', 'code = "r1"\nopens = 0001-01-01T00:00:00', 8, "rounds[1].opens", "value_not_moment"),
        ('code = "r1"', 'code = "r1"\nblind = "yes"', 8, "rounds[1].blind", "value_not_boolean"),
        ('code = "r1"', 'code = "r1"\ndecimals = 7', 8, "rounds[1].decimals", "value_not_integer"),
        ('code = "r1"', 'code = "r1"\ndecimals = "2"', 8, "rounds[1].decimals", "value_not_integer"),
        ('code = "r1"', 'code = "r1"\ntrim = true', 8, "rounds[1].trim", "value_not_integer"),
        ('code = "r1"', 'code = "r1"\nmin_judges = 0', 8, "rounds[1].min_judges", "value_not_integer"),
        (
            'code = "r1"',
            'code = "r1"\njudges_per_submission = 0',
            8,
            "rounds[1].judges_per_submission",
            "value_not_integer",
        ),
        ('code = "r1"', 'code = "r1"\naggregate = "average"', 8, "rounds[1].aggregate", "value_not_choice"),
        ('code = "r1"', 'code = "r1"\nclamp = "0"', 8, "rounds[1].clamp", "value_not_positive"),
        ('code = "r1"', 'code = "r1"\nscale_to = "-1"', 8, "rounds[1].scale_to", "value_not_positive"),
        ('code = "r1"', 'code = "r1"\nclamp = 2.5', 8, "rounds[1].clamp", "value_not_exact"),
        ('code = "r1"', 'code = "r1"\ncarry = { r0 = "1" }', 8, "rounds[1].carry.r0", "carry_not_earlier"),
        ('code = "r1"', 'code = "r1"\ncarry = { r1 = "1" }', 8, "rounds[1].carry.r1", "carry_not_earlier"),
        ('code = "r1"', 'code = "r1"\ncarry = { self = "0" }', 8, "rounds[1].carry", "weights_sum_to_zero"),
        ('code = "r1"', 'code = "r1"\ncarry = { self = "-1" }', 8, "rounds[1].carry.self", "weight_negative"),
        ('code = "r1"', 'code = "r1"\ncarry = { self = 0.5 }', 8, "rounds[1].carry.self", "value_not_exact"),
        ('code = "r1"', 'code = "r1"\ncarry = "r1"', 8, "rounds[1].carry", "value_not_table"),
        ('code = "r1"', 'code = "r1"\ntie_breaks = ["criterion:IDEE"]', 8, "rounds[1].tie_breaks", "unknown_criterion"),
        ('code = "r1"', 'code = "r1"\ntie_breaks = ["coin"]', 8, "rounds[1].tie_breaks", "value_not_choice"),
        ('code = "r1"', 'code = "r1"\ntie_breaks = [1]', 8, "rounds[1].tie_breaks", "value_not_list"),
        ('code = "r1"', 'code = "r1"\nadvance = {}', 8, "rounds[1].advance", "advance_empty"),
        ('code = "r1"', 'code = "r1"\nadvance = { top = 0 }', 8, "rounds[1].advance.top", "value_not_integer"),
        ('code = "r1"', 'code = "r1"\nadvance = { tops = 3, top = 3 }', 8, "rounds[1].advance.tops", "key_unknown"),
        ('code = "IDEA"', 'code = "IDEA"\nweight = 2.5', 12, "rounds[1].criteria[1].weight", "value_not_exact"),
        ('code = "IDEA"', 'code = "IDEA"\nweight = inf', 12, "rounds[1].criteria[1].weight", "value_not_exact"),
        ('code = "IDEA"', 'code = "IDEA"\nweight = true', 12, "rounds[1].criteria[1].weight", "value_not_number"),
        ('code = "IDEA"', 'code = "IDEA"\nweight = "hai"', 12, "rounds[1].criteria[1].weight", "number_invalid"),
        ('code = "IDEA"', 'code = "IDEA"\nweight = "1e3"', 12, "rounds[1].criteria[1].weight", "number_invalid"),
        ('code = "IDEA"', 'code = "IDEA"\nweight = "1,000"', 12, "rounds[1].criteria[1].weight", "number_ambiguous"),
        ('code = "IDEA"', 'code = "IDEA"\nweight = "-1"', 10, "rounds[1].criteria[1]", "weight_negative"),
        (
            'code = "IDEA"',
            f'code = "IDEA"\nweight = {"9" * 30}',
            12,
            "rounds[1].criteria[1].weight",
            "value_not_number",
        ),
        (
            'code = "IDEA"',
            f'code = "IDEA"\nweight = "{"9" * 21}"',
            12,
            "rounds[1].criteria[1].weight",
            "number_invalid",
        ),
        ('code = "IDEA"', 'code = "IDEA"\nfloor = "11"', 10, "rounds[1].criteria[1]", "floor_outside_scale"),
        ('code = "IDEA"', 'code = "IDEA"\nsource = "crowd"', 12, "rounds[1].criteria[1].source", "value_not_choice"),
        (
            'code = "IDEA"',
            'code = "IDEA"\nguidance = [{ vi = "x" }]',
            12,
            "rounds[1].criteria[1].guidance[1].mark",
            "value_missing",
        ),
        ('code = "IDEA"', 'code = "IDEA"\nguidance = "x"', 12, "rounds[1].criteria[1].guidance", "value_not_tables"),
        ('step = "0.25"', 'step = "0.3"', 10, "rounds[1].criteria[1]", "scale_not_whole_steps"),
        ('step = "0.25"', 'step = "0"', 10, "rounds[1].criteria[1]", "scale_empty"),
        ('step = "0.25"\n', "", 10, "rounds[1].criteria[1].step", "value_missing"),
        ('code = "TEAM"', 'code = "idea"', 17, "rounds[1].criteria[2].code", "code_twice"),
    ],
)
def test_one_mistake_one_problem(old: str, new: str, line: int, key: str, code: str) -> None:
    assert problem(changed(old, new)) == (line, key, code)


@pytest.mark.parametrize(
    ("more", "line", "key", "code"),
    [
        ('[[rounds]]\ncode = "R1"\nname = "x"', 23, "rounds[2].code", "code_twice"),
        ('[[awards]]\ncode = "a"\nname = "x"\nround = "r9"', 25, "awards[1].round", "unknown_round"),
        ('[[awards]]\ncode = "a"\nname = "x"\ntrack = "A"', 25, "awards[1].track", "unknown_track"),
        ('[[awards]]\ncode = "a"\nname = "x"\nplaces = 0', 25, "awards[1].places", "value_not_integer"),
        ('[[parts]]\ncode = "a"\nname = "x"\naccept = ["exe"]', 25, "parts[1].accept", "value_not_choice"),
        ('[[tracks]]\nname = "x"', 22, "tracks[1].code", "value_missing"),
        ('[[tracks]]\ncode = "A"', 22, "tracks[1].name", "value_missing"),
        ('[[track]]\ncode = "A"', 22, "track", "key_unknown"),
        ("[things]", 22, "things", "key_unknown"),
    ],
)
def test_one_mistake_in_another_table(more: str, line: int, key: str, code: str) -> None:
    assert problem(f"{DOCUMENT}{more}\n") == (line, key, code)


def test_windows_that_close_before_they_open() -> None:
    window = "opens = 2026-10-05T17:00:00+07:00\ncloses = 2026-10-05T10:00:00Z"
    assert problem(changed('code = "r1"', f'code = "r1"\n{window}')) == (9, "rounds[1].closes", "closes_before_opens")


def test_the_widest_bounds_are_rules() -> None:
    wide = "decimals = 6\ntrim = 0\nmin_judges = 1\njudges_per_submission = 1"
    assert good(changed('code = "r1"', f'code = "r1"\n{wide}')).edition.rounds[0].rules == RoundRules(
        decimals=6, trim=0, min_judges=1, judges_per_submission=1
    )


def test_weights_that_sum_to_zero() -> None:
    document = EDITION + ROUND + CRITERION + 'weight = "0"\n'
    assert problem(document) == (10, "rounds[1].criteria", "weights_sum_to_zero")


@pytest.mark.parametrize(
    ("text", "line"),
    [("[edition\n", 1), ("[edition]\n\na = = 1\n", 3), ('[edition]\na = "x', 2), ("[edition]\na = 1\na = 2\n", 3)],
)
def test_broken_toml_names_the_line(text: str, line: int) -> None:
    found = one(text)
    assert (found.row, found.column, found.code) == (line, None, "toml_broken")
    assert found.facts["cause"]


@pytest.mark.parametrize("text", ["[" * 20_000, "a = " + "[" * 20_000, "a = " + "9" * 5_000, "a = 0x" + "f" * 9_000])
def test_hostile_toml_is_refused(text: str) -> None:
    assert bad(text)[0][3] in ("toml_broken", "value_missing")


def test_a_document_is_limited() -> None:
    assert one("#" * 1_000_001).code == "text_too_long"


def test_no_document_and_no_submissions() -> None:
    parsed = parse_bundle(None, {})
    assert [(each.file, each.code) for each in parsed.problems] == [
        ("edition.toml", "document_missing"),
        ("submissions.csv", "table_missing"),
    ]


def test_facts_help_to_mend() -> None:
    found = one(changed('code = "r1"', 'code = "r1"\ndecimal = 2'))
    assert found.facts == {"key": "decimal", "nearest": "decimals"}
    found = one(changed('code = "IDEA"', 'code = "IDEA"\nweight = 2.50'))
    assert found.facts == {"key": "weight", "value": "2.50"}
    found = one(changed('step = "0.25"', 'step = "0.30"'))
    assert found.facts == {"criterion": "IDEA"}


def test_all_problems_are_collected_in_order() -> None:
    document = 'x = 1\n[edition]\nname = "a"\n[[rounds]]\ncode = "r1"\n[[rounds.criteria]]\ncode = "C"\nmax = 1.0\n'
    assert bad(document, submissions="submission,title\n") == [
        ("edition.toml", 4, "rounds[1].name", "value_missing"),
        ("edition.toml", 8, "rounds[1].criteria[1].max", "value_not_exact"),
        ("edition.toml", 6, "rounds[1].criteria[1].step", "value_missing"),
        ("edition.toml", 6, "rounds[1].criteria[1].name", "value_missing"),
        ("edition.toml", 1, "x", "key_unknown"),
        ("edition.toml", 2, "edition.code", "value_missing"),
        ("submissions.csv", 1, "team", "column_missing"),
    ]


def test_lines_of_keys() -> None:
    assert lines_of("[edition]\n a = 1\n[[r]]\nb=1\n [[r.c]]\n[[r.c]]\nd = 2\n[[r]]\n[[r.c]]\nd = 3\n") == {
        "edition": 1,
        "edition.a": 2,
        "r[1]": 3,
        "r[1].b": 4,
        "r[1].c[1]": 5,
        "r[1].c[2]": 6,
        "r[1].c[2].d": 7,
        "r[2]": 8,
        "r[2].c[1]": 9,
        "r[2].c[1].d": 10,
    }


PIECES = st.sampled_from(
    [
        *DOCUMENT.splitlines(),
        *FULL.splitlines(),
        "carry = 5",
        "name = []",
        "rounds = 3",
        "[rounds]",
        "[[edition]]",
        "code = [{}]",
        "opens = 23:00:00",
        "max = nan",
        'max = "９"',
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("\n".join)))
def test_never_raises(document: str) -> None:
    parsed = parse_bundle(document, {"submissions": EMPTY})
    assert (parsed.bundle is None) == bool(parsed.problems)

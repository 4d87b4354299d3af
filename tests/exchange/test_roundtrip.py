"""What is loaded comes out again, byte for byte, whatever the edition holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings

from contest.accounts.roles import Role
from contest.editions.models import Criterion, Edition
from contest.editions.parts import PartKind
from contest.editions.phases import EditionState, RoundState
from contest.editions.rules import Advance, Aggregate, CutTies, Per, RoundRules, Source
from contest.exchange.bundle.dump import dump_bundle
from contest.exchange.bundle.model import Bundle
from contest.exchange.queries import bundle_of, read_path
from contest.exchange.services import load_bundle
from contest.infra.db import db, unit_of_work
from contest.judging.models import Advancement, Conflict, Judge
from contest.judging.states import ScorecardStatus
from contest.results.models import Adjustment, Award
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission
from tests.conftest import NOON
from tests.exchange.bundles import BUNDLES
from tests.exchange.strategies import bundles
from tests.factories import Make

PANELS = sorted(path for path in (BUNDLES.parent / "panels").iterdir() if path.is_dir())
AGAIN = "mot-lan-nua"


def loaded(bundle: Bundle, code: str = "") -> int:
    named = replace(bundle, edition=replace(bundle.edition, code=code or bundle.edition.code))
    with unit_of_work():
        return load_bundle(named, actor_id=None, now=NOON)


def dumped(edition_id: int) -> dict[str, bytes]:
    db.session.rollback()
    return dump_bundle(bundle_of(edition_id))


def without_code(files: Mapping[str, bytes], code: str) -> Mapping[str, bytes]:
    return {name: data.replace(f'code = "{code}"'.encode(), b'code = "?"', 1) for name, data in files.items()}


def through_files(files: Mapping[str, bytes], folder: Path) -> Bundle:
    """Write the files, read them back, and expect nothing against them."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    reading = read_path(folder, code=AGAIN)
    assert reading.problems == ()
    assert reading.bundle is not None
    return reading.bundle


def assert_the_same_again(edition_id: int, code: str, folder: Path) -> dict[str, bytes]:
    first = dumped(edition_id)
    second = dumped(loaded(through_files(first, folder)))
    assert without_code(second, AGAIN) == without_code(first, code)
    return first


@pytest.mark.both_databases
@pytest.mark.parametrize("folder", PANELS, ids=lambda path: path.name)
def test_a_panel_that_is_dumped_and_loaded_is_dumped_the_same(app: Flask, tmp_path: Path, folder: Path) -> None:
    bundle = read_path(folder).bundle
    assert bundle is not None
    files = assert_the_same_again(loaded(bundle), bundle.edition.code, tmp_path / "b")
    # The panel's own marks are all there, in another spelling (15.0 for 15).
    assert len(files["scores.csv"].splitlines()) == len((folder / "scores.csv").read_bytes().splitlines())


@pytest.mark.parametrize("name", ["small", "unsupported"])
def test_every_sample_bundle_comes_back(app: Flask, tmp_path: Path, name: str) -> None:
    bundle = read_path(BUNDLES / name).bundle
    assert bundle is not None
    assert_the_same_again(loaded(bundle), bundle.edition.code, tmp_path / "b")


@pytest.mark.both_databases
def test_a_bundle_comes_out_of_the_database_as_it_went_in(app: Flask) -> None:
    bundle = read_path(BUNDLES / "small").bundle
    assert bundle is not None
    found = bundle_of(loaded(bundle))
    states = [RoundState.SCORING, RoundState.SCORING]
    rounds = tuple(replace(each, state=state) for each, state in zip(bundle.edition.rounds, states, strict=True))
    assert found.edition == replace(bundle.edition, state=EditionState.DRAFT, rounds=rounds)
    for table in ("submissions", "judges", "conflicts", "assignments", "scores", "scorecards"):
        assert getattr(found, table) == getattr(bundle, table), table
    # What the assignments of the final imply is written out.
    assert [(each.round, each.submission) for each in found.advancements] == [("final", "BT-001")]


_codes = count(1)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(bundles())
def test_any_bundle_comes_back(app: Flask, tmp_path: Path, bundle: Bundle) -> None:
    """Draw editions of every shape; those that only a database can hold are in the next test."""
    codes = [f"lan-{next(_codes)}" for _ in range(2)]
    first = dumped(loaded(bundle, codes[0]))
    folder = tmp_path / codes[0]
    again = through_files(first, folder)
    second = dumped(loaded(again, codes[1]))
    assert without_code(second, codes[1]) == without_code(first, codes[0])


def _rich_edition(make: Make) -> Edition:
    """An edition as people leave it behind: texts with odd spaces, half-done papers, a ledger, prizes, history."""
    edition = make.edition(
        about_vi="Dòng  một\r\n\r\n\r\n\r\nDòng hai\t",
        contact="bandoc@example.org",
        languages="vi",
        timezone="America/St_Johns",
        submissions_close=NOON - timedelta(minutes=1),
    )
    make.track(edition, "A", name_en="Pupils")
    make.track(edition, "B")
    make.field(edition, "edtech", name_vi="Giáo dục")
    make.part(edition, "plan", help_vi="Tối đa\n500 từ", max_words=700)
    make.part(edition, "slides", PartKind.FILE, accept="pdf,slides", required=False, max_mb=30)
    rules = RoundRules(
        decimals=3,
        aggregate=Aggregate.TRIMMED,
        trim=2,
        min_judges=3,
        judges_per_submission=3,
        blind=True,
        tie_breaks=("criterion:C1", "chair"),
        advance=Advance(top=2, per=Per.ALL, threshold=Decimal("7.5"), floors=True, ties=CutTies.CHAIR),
    )
    first = make.round(edition, "r1", rules=rules, criteria=3, opens_at=NOON, closes_at=NOON + timedelta(days=2))
    make.round(edition, "final", state=RoundState.DRAFT)
    _guide(first.criteria[0], first.criteria[2])
    db.session.commit()
    _fill(make, edition)
    db.session.add_all(
        Award(
            edition_id=edition.id,
            code=code,
            name_vi=f"Giải {code}",
            round_code="final",
            track_code=track,
            places=2,
            exclusive=bool(track),
            position=place,
        )
        for place, (code, track) in enumerate((("nhat", "A"), ("ba", "")))
    )
    db.session.commit()
    return edition


def _guide(first: Criterion, last: Criterion) -> None:
    first.guidance = [{"mark": "7.5", "vi": "Khá", "en": ""}, {"mark": "10", "vi": "Xuất sắc", "en": "Excellent"}]
    first.floor, first.description_vi = Decimal("2.5"), "Ý tưởng  mới"
    last.source = Source.ORGANISER


def _fill(make: Make, edition: Edition) -> None:
    rounds = {each.code: each for each in edition.rounds}
    tracks = {each.code: each.id for each in edition.tracks}
    texts = ["=1+1", "  Hai  khoảng trắng ", "'=cmd", 'Dấu "ngoặc", phẩy; chấm phẩy']
    statuses = [
        SubmissionStatus.SUBMITTED,
        SubmissionStatus.SUBMITTED,
        SubmissionStatus.DRAFT,
        SubmissionStatus.WITHDRAWN,
    ]
    submissions = []
    for title, status in zip(texts, statuses, strict=True):
        team = make.team(
            edition, name=f"Đội {title}", email="doi@example.org", phone="+84903123782", mentor_name="Cô Ba"
        )
        row = make.submission(
            edition,
            team,
            title=title,
            status=status,
            track_id=tracks["A"],
            field_id=edition.fields[0].id,
            summary="Một\r\n\r\n\r\n\r\nHai",
            status_reason="Rút;  vì bận" if status is SubmissionStatus.WITHDRAWN else "",
        )
        submissions.append(row)
    judges = [
        make.judge(edition, name="Lý  Thu", phone="0903 123 782", fields="Giáo dục;Không có", min_load=1, max_load=9),
        make.judge(edition, make.user(email=None), languages="vi;en", organisation="Sở KH&CN"),
        make.judge(edition, email="rieng@example.org"),
    ]
    first, final = rounds["r1"], rounds["final"]
    cards: list[tuple[Judge, Submission, list[int | None], ScorecardStatus]] = [
        (judges[0], submissions[0], [4, 5, None], ScorecardStatus.SUBMITTED),
        (judges[0], submissions[1], [0, None, None], ScorecardStatus.DRAFT),
        (judges[1], submissions[0], [7, 8, None], ScorecardStatus.DRAFT),
        (judges[1], submissions[1], [9, 9, None], ScorecardStatus.RECUSED),
        (judges[2], submissions[0], [None, None, None], ScorecardStatus.DRAFT),
    ]
    for place, (judge, submission, points, state) in enumerate(cards):
        card = make.scorecard(make.assignment(first, judge, submission, pinned=place == 1), points, state)
        card.feedback, card.private_note = "Tốt,\n\n\nnhưng…", f"  ghi chú {place} "
        card.recusal_reason = "Người nhà" if state is ScorecardStatus.RECUSED else ""
        db.session.commit()
    make.assignment(first, judges[2], submissions[1], pinned=True)
    make.assignment(final, judges[2], submissions[1])
    make.member(edition, Role.ORGANISER)
    db.session.add_all(
        [
            Conflict(judge_id=judges[2].id, submission_id=submissions[3].id, reason="Thầy  cũ"),
            Advancement(round_id=final.id, submission_id=submissions[0].id, decided_at=NOON),
            *(
                Adjustment(round_id=first.id, submission_id=each.id, points=Decimal(points), reason=why, author=who)
                for each, points, why, who in (
                    (submissions[1], "1.125", "Thưởng", "BTC"),
                    (submissions[0], "-2", "Muộn", "Thư ký"),
                )
            ),
        ]
    )
    db.session.commit()


@pytest.mark.both_databases
def test_an_edition_made_by_hand_with_everything_in_it_comes_back(app: Flask, make: Make, tmp_path: Path) -> None:
    edition = _rich_edition(make)
    files = assert_the_same_again(edition.id, edition.code, tmp_path / "b")
    assert sorted(files) == [
        "adjustments.csv",
        "advancements.csv",
        "assignments.csv",
        "conflicts.csv",
        "edition.toml",
        "judges.csv",
        "scorecards.csv",
        "scores.csv",
        "submissions.csv",
    ]
    document = files["edition.toml"].decode()
    for line in ('state = "announced"', 'source = "organiser"', 'mark = "7.5"', 'floor = "2.5"', "exclusive = true"):
        assert line in document
    assert ",1.1250,Thưởng,BTC\n" in files["adjustments.csv"].decode()
    assert "Không có" not in files["judges.csv"].decode()
    assert files["scores.csv"].decode().count(",recused\n") == 2


def test_marks_on_a_recused_paper_are_not_written(app: Flask, make: Make) -> None:
    edition = make.edition()
    card = make.assignment(make.round(edition), make.judge(edition), make.submission(edition))
    make.scorecard(card, [3, 4], ScorecardStatus.RECUSED)
    found = bundle_of(edition.id)
    assert [(each.points, each.recused) for each in found.scores] == [(None, True), (None, True)]


@pytest.mark.both_databases
def test_abstained_and_set_aside_papers_come_back_as_what_they_are(app: Flask, make: Make, tmp_path: Path) -> None:
    edition = make.edition()
    round_ = make.round(edition)
    for status in ScorecardStatus:
        card = make.scorecard(make.assignment(round_, make.judge(edition), make.submission(edition)), [3, 4], status)
        card.recusal_reason = f"Lý do {status.value}"
        db.session.commit()
    make.member(edition, Role.ORGANISER)
    files = assert_the_same_again(edition.id, edition.code, tmp_path / "b")
    scores, cards = files["scores.csv"].decode(), files["scorecards.csv"].decode()
    assert (scores.count(",abstained\n"), scores.count(",recused\n"), scores.count("\n")) == (2, 2, 9)
    assert [status.value for status in ScorecardStatus if f",{status.value},Lý do {status.value}\n" in cards] == [
        status.value for status in ScorecardStatus
    ]

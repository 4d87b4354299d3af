"""Case 10: an organiser who mentors a team learns nothing of its marks; case 22: and exports everything else."""

from __future__ import annotations

import io
import re
import secrets
import zipfile
from collections.abc import Iterable, Iterator

import pytest
from sqlalchemy import select, update
from werkzeug.routing import Rule

from contest.accounts.models import Membership, User
from contest.accounts.roles import Role
from contest.editions.models import Round
from contest.editions.phases import RoundState
from contest.infra import cache
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Score, Scorecard
from contest.judging.views.stakes import COMMITTEE_PAGES
from contest.submissions.models import Submission, Team
from tests.sweep.addresses import kind_of, readable, true_paths, variables
from tests.sweep.site import Answer, Site

pytestmark = pytest.mark.trust  # walks through the whole site

ROLE = "organiser"
ROUNDS = (2, 5)  # closed, confirmed
SIGNED = re.compile(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{27}")
TOLD = ("workbook.xlsx", "bundle.zip", "/minutes", "/ledger", "/fairness", "/health", "/progress", "/sum/", "/versions")


def entry_of(site: Site) -> Submission:
    """Return the entry that the organiser has a stake in."""
    found = db.session.scalar(select(Submission).where(Submission.public_id == site.world.own.ids["submission_id"][0]))
    assert found is not None
    return found


def person_of(site: Site) -> User:
    return db.session.get_one(User, site.world.own.people_ids[ROLE])


def mentor(site: Site) -> None:
    """Make the organiser the mentor of the first entry, by another spelling of the own address."""
    address = person_of(site).email
    assert address is not None
    with unit_of_work():
        team = select(Submission.team_id).where(Submission.id == entry_of(site).id).scalar_subquery()
        db.session.execute(update(Team).where(Team.id == team).values(mentor_email=address.upper()))


def change_marks(site: Site, points: int) -> None:
    """Give the entry other marks in every round that is not published."""
    hidden = select(Round.id).where(Round.state != RoundState.PUBLISHED)
    papers = (
        select(Scorecard.id)
        .join(Assignment, Assignment.id == Scorecard.assignment_id)
        .where(Assignment.submission_id == entry_of(site).id, Assignment.round_id.in_(hidden))
    )
    with unit_of_work():
        changed = db.session.execute(update(Score).where(Score.scorecard_id.in_(papers)).values(points=points))
        assert changed.rowcount > 0  # type: ignore[attr-defined]  # an update counts its rows
    cache.clear_all()


def known(rule: Rule, site: Site) -> bool:
    """Tell whether the world has ids for the page; `test_reading` asks that it has them for every one."""
    names = set(variables(rule)) - {"edition_code", "round_code", "verb"}
    return all(kind_of(rule, name) in site.world.own.ids for name in names)


def pages(site: Site) -> Iterator[str]:
    """Yield every page of the committee: for a closed and a confirmed round, and one of anything else."""
    codes = [site.world.own.ids["round_code"][place] for place in ROUNDS]
    for rule in readable():
        if not rule.rule.startswith(COMMITTEE_PAGES) or not known(rule, site):
            continue
        paths = true_paths(site.app, rule, site.world.own)
        if "round_code" in variables(rule):
            paths = [path for path in paths if any(f"/{code}" in path for code in codes)]
        yield from paths[: len(codes) if "round_code" in variables(rule) else 1]


def seen(site: Site, role: str, paths: Iterable[str]) -> dict[str, tuple[int, object]]:
    answers = {path: site.get(role, path) for path in paths}
    return {path: (answer.status, _content(answer)) for path, answer in answers.items()}


def _content(answer: Answer) -> object:
    """Return what a page says but for its tokens; of an archive what the files in it say, packed at any moment."""
    if answer.data[:2] != b"PK":
        return SIGNED.sub("", answer.text)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def worlds(site: Site, role: str, paths: Iterable[str]) -> list[dict[str, tuple[int, object]]]:
    found, asked = [], list(paths)
    for points in (1, 9):
        site.restore()
        mentor(site)
        change_marks(site, points)
        found.append(seen(site, role, asked))
    return found


def test_case_10_a_conflicted_organiser_learns_nothing_of_the_own_entry(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda limit: limit // 2)  # seeds and words offered for a draw
    monkeypatch.setattr(secrets, "choice", lambda letters: letters[0])
    monkeypatch.setattr(secrets, "token_hex", lambda length: "0" * 2 * length)
    one, other = worlds(site, ROLE, pages(site))
    assert [path for path in one if one[path] != other[path]] == []
    own = site.world.own
    hidden = [own.ids["round_code"][place] for place in ROUNDS]
    told = [path for path in one if "/results/" in path or any(word in path for word in TOLD)]
    closed = [path for path in told if any(f"/{code}" in path for code in hidden)]
    assert len(closed) > len(TOLD)
    assert {one[path][0] for path in closed} == {403}
    assert one[f"/e/{own.code}/organise/awards"][0] == 403


def test_case_10_another_organiser_sees_what_the_conflicted_one_does_not(site: Site) -> None:
    own = site.world.own
    paths = [f"/e/{own.code}/organise/{path}" for path in (f"results/{own.ids['round_code'][2]}", "export")]
    one, other = worlds(site, "secretary", paths)
    assert [path for path in paths if one[path] != other[path]] == paths
    assert {one[path][0] for path in paths} == {200}


@pytest.mark.parametrize("what", ["captain", "name", "role"])
def test_case_10_a_stake_is_known_by_more_than_an_address(site: Site, what: str) -> None:
    own = site.world.own
    path = f"/e/{own.code}/organise/results/{own.ids['round_code'][1]}"
    assert site.get(ROLE, path).status == 200
    person = person_of(site)
    name, person_id = person.name, person.id
    with unit_of_work() as session:
        team = session.get_one(Team, entry_of(site).team_id)
        if what == "captain":
            team.captain_id = person_id
        elif what == "name":
            team.mentor_name = name.upper()
        else:
            edition_id = session.get_one(Submission, entry_of(site).id).edition_id
            session.add(Membership(user_id=person_id, edition_id=edition_id, role=Role.MENTOR))
    answer = site.get(ROLE, path, "en")
    assert answer.status == 403
    assert "Until the round is published, its marks, ranks and counts are closed to you" in answer.text


def test_case_22_an_organiser_who_mentors_exports_everything_else(site: Site) -> None:
    mentor(site)
    own = site.world.own
    answer = site.get(ROLE, f"/e/{own.code}/organise/export")
    assert answer.status == 200
    mine, whole = _content(answer), _content(site.get("secretary", f"/e/{own.code}/organise/export"))
    assert isinstance(mine, dict)
    assert isinstance(whole, dict)
    for name in ("edition.toml", "submissions.csv", "judges.csv", "conflicts.csv", "assignments.csv"):
        assert mine[name] == whole[name], name
    published, *hidden = own.ids["round_code"]
    scores = mine["scores.csv"].decode("utf-8-sig")
    assert published in scores
    assert not [code for code in hidden if f"\n{code}," in scores]
    assert [code for code in hidden if f"\n{code}," in whole["scores.csv"].decode("utf-8-sig")]
    for path in (f"results/{published}/workbook.xlsx", f"results/{published}/bundle.zip", "submissions", "judges"):
        assert site.get(ROLE, f"/e/{own.code}/organise/{path}").status == 200, path


def test_case_22_after_publication_everything_is_open(site: Site) -> None:
    mentor(site)
    with unit_of_work():
        db.session.execute(update(Round).values(state=RoundState.PUBLISHED))
    own = site.world.own
    paths = [f"/e/{own.code}/organise/results/{code}/ledger" for code in own.ids["round_code"]]
    assert {site.get(ROLE, path).status for path in paths} == {200}

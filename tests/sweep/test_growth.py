"""No page asks the database more often when there is more to show."""

from __future__ import annotations

import pytest

from contest.accounts import services as accounts
from contest.accounts.roles import Role
from contest.editions.models import Edition, Round
from contest.editions.queries import edition_by_code
from contest.infra import cache, mail
from contest.infra.db import db, unit_of_work
from contest.judging.models import Judge
from contest.submissions.models import Submission, TeamMember
from tests.counting import counted
from tests.factories import NOON, Make
from tests.sweep.addresses import readable, true_paths
from tests.sweep.site import NOTED, Site
from tests.sweep.world import Side, bring, fill_parts

pytestmark = pytest.mark.trust  # walks through the whole site

# What a page costs, whoever looks and however much there is: who asks, the edition, then its own.
LITERAL = {
    "captain": {"submissions.mine": 4, "submissions.people": 12, "submissions.draft": 23},
    "chair": {"judging.desk": 7, "results.ranking": 34},
    "judge": {"judging.desk": 9, "judging.paper": 5},
    "organiser": {
        "assignments.assignments": 23, "assignments.rounds": 4, "conflicts.conflicts": 10, "editions.index": 2,
        "editions.overview": 19, "outbox.outbox": 4, "panel.judges": 5, "people.people": 3, "progress.progress": 18,
        "results.advance": 20, "results.ranking": 34, "results.rounds": 4, "submissions.detail": 19,
        "submissions.listing": 13, "submissions.eligibility": 9, "editions.deadlines": 5, "alarms.listed": 4,
    },
    "visitor": {"editions.index": 1, "editions.public": 11, "published.ranking": 11},
}  # fmt: skip


STREAMS = ("progress.stream", "pitch.stream", "pitch.clock_stream")  # ask as often as somebody listens


def costs(site: Site, role: str) -> dict[str, tuple[str, int]]:
    """Return the endpoint and the number of statements of each page that opens, with every cache empty."""
    found = {}
    for rule in readable():
        if rule.endpoint in STREAMS:
            continue
        for path in true_paths(site.app, rule, site.world.own)[:5]:
            cache.clear_all()
            with counted(site.app) as statements:
                answer = site.get(role, path)
            if answer.status == 200:
                # Only the first look of a day at single marks is noted.
                asked = [one for one in statements if not one.lstrip().upper().startswith(NOTED)]
                found[path] = (rule.endpoint, len(asked))
    return found


def grow(site: Site) -> None:
    """Make three of everything that was one, and more of what were several."""
    make, own = site.world.make, site.world.own
    for number in range(2):
        edition = db.session.query(Edition).filter_by(code=own.code).one()
        for role in (Role.SECRETARY, Role.CHAIR, Role.OBSERVER):
            make.member(edition, role)
        make.judge(edition)
        _another_round(make, edition, number)
        _submit(site, make, edition, own)
        with unit_of_work():
            mail.enqueue(scope=f"edition:{edition.id}", recipient="a@example.org", subject="S", body="B", now=NOON)
            accounts.start_session(user_id=own.people_ids["organiser"], device=str(number), now=NOON)
        other = make.edition(f"mua-khac-{number}")
        make.member(other, Role.ORGANISER, make.user(f"Ai {number}"))
    assert edition_by_code(own.code) is not None


def _another_round(make: Make, edition: Edition, number: int) -> None:
    round_ = make.round(edition, f"them-{number}", criteria=3)
    judge = db.session.query(Judge).filter_by(edition_id=edition.id).order_by(Judge.id).first()
    assert judge is not None
    for submission in db.session.query(Submission).filter_by(edition_id=edition.id).order_by(Submission.id).all()[:2]:
        make.assignment(round_, judge, submission)


def _submit(site: Site, make: Make, edition: Edition, own: Side) -> None:
    values = {"track_id": edition.tracks[0].id, "field_id": edition.fields[0].id}
    captain = own.people_ids["captain"]
    team = make.team(edition, email="moi@example.org")
    with unit_of_work() as session:
        session.get_one(type(team), team.id).captain_id = captain
        session.add(TeamMember(team_id=team.id, name="Thêm Một", position=2))
    submission = make.submission(edition, db.session.get_one(type(team), team.id), **values)
    fill_parts(site.app, db.session.get_one(Edition, edition.id), submission)
    bring(submission.id, submission.status, captain)
    judges = db.session.query(Judge).filter_by(edition_id=edition.id).order_by(Judge.id).all()
    for round_ in db.session.query(Round).filter_by(edition_id=edition.id).order_by(Round.position).all()[1:3]:
        for judge in judges[-3:]:
            held = make.assignment(round_, judge, db.session.get_one(Submission, submission.id))
            make.scorecard(held, [9, 9, *([None] * (len(round_.criteria) - 2))])  # judges do not fill what is measured


@pytest.mark.parametrize("role", LITERAL)
def test_no_page_grows_with_the_number_of_rows(site: Site, role: str) -> None:
    few = costs(site, role)
    grow(site)
    many = costs(site, role)
    assert {path: many[path] for path in few} == few
    found = dict(few.values())
    assert {endpoint: found[endpoint] for endpoint in LITERAL[role]} == LITERAL[role]

"""The other world of the two: the same people, papers and moments, and another value wherever one is secret.

Whoever must not know marks, ranks, comments, private notes, reasons of conflicts or how far judging is has to see the
same in both. What a judge wrote is spared when the world is shown to that judge.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text, update

from contest.editions.models import Edition, Round
from contest.editions.phases import RoundState
from contest.editions.queries import edition_by_code
from contest.infra.db import db, unit_of_work
from contest.judging.models import Judge
from contest.results import services as results
from tests.factories import NOON
from tests.sweep.site import Site

HIDDEN = "(SELECT id FROM rounds WHERE state <> 'published')"
PAPERS = "(SELECT id FROM assignments WHERE judge_id <> :spared AND round_id IN {rounds})"
CARDS = f"(SELECT id FROM scorecards WHERE assignment_id IN {PAPERS})"  # noqa: S608  our own words, as below
ANY = "(SELECT id FROM rounds)"
MIRRORED, SHIFTED = "max_points - points", "(points * 7 + 3) % (max_points + 1)"
OTHER = "'Chữ khác hẳn.'"
# By table: what is set, and where. Every row that only the jury, or only the committee, may read.
SECRETS: tuple[tuple[str, str, str], ...] = (
    ("scores", "points = {marks}", f"points IS NOT NULL AND scorecard_id IN {CARDS.format(rounds=HIDDEN)}"),
    ("scorecards", f"feedback = {OTHER}", f"assignment_id IN {PAPERS.format(rounds=HIDDEN)}"),
    (
        "scorecards",
        f"private_note = {OTHER}, recusal_reason = CASE WHEN recusal_reason = '' THEN '' ELSE {OTHER} END",
        f"assignment_id IN {PAPERS.format(rounds=ANY)}",
    ),
    (
        "scorecards",
        "status = 'submitted', submitted_at = updated_at",
        f"status = 'draft' AND assignment_id IN {PAPERS.format(rounds=HIDDEN)}",
    ),
    (
        "late_papers",
        f'marks = \'{{"C1": "1", "C2": "2"}}\', feedback = {OTHER}, private_note = {OTHER}',
        f"assignment_id IN {PAPERS.format(rounds=ANY)}",
    ),
    ("keyed_papers", f'marks = \'{{"C1": "1", "C2": "2"}}\', feedback = {OTHER}', "1 = 1"),
    ("practice_marks", 'marks = \'{"C1": "1", "C2": "2"}\'', "judge_id <> :spared"),
    ("measured_scores", "points = max_points - points, raw = raw + 11", "1 = 1"),
    ("adjustments", f"points = points * 3, reason = {OTHER}", f"round_id IN {HIDDEN}"),
    ("rulings", f"value = CASE value WHEN '1' THEN '2' ELSE value END, reason = {OTHER}", f"round_id IN {HIDDEN}"),
    ("conflicts", f"reason = {OTHER}", "judge_id <> :spared AND party <> 'team'"),
    ("dismissed_findings", f"reason = {OTHER}", "1 = 1"),
    ("bids", "bid = CASE bid WHEN 'want' THEN 'rather_not' ELSE 'want' END", "judge_id <> :spared"),
    ("award_choices", f"reason = {OTHER}, votes = 7", "1 = 1"),
    ("corrections", f"reason = {OTHER}", "1 = 1"),
    ("panel_changes", f"reason = {OTHER}", "1 = 1"),
    (
        "feedback_comments",
        f"original = {OTHER}, text = {OTHER}",
        f"letter_id IN ({{letters}} AND round_id IN {HIDDEN})",
    ),
    ("desk_notes", "value = 'absent'", "kind = 'attendance'"),
    ("judge_presences", "seen_at = '2026-10-08 04:00:00.000000'", "judge_id <> :spared"),
)
LETTERS = "SELECT id FROM feedback_letters WHERE released_at IS NULL"


def change_secrets(site: Site, *, spared: str = "", marks: str = MIRRORED) -> dict[str, int]:
    """Give every secret value of the world another one, but for what the judge `spared` wrote; count the rows."""
    found = select(Judge.id).where(Judge.user_id == site.world.own.people_ids.get(spared, 0))
    with unit_of_work() as session:
        spared_id = session.scalar(found) or 0
        changed: dict[str, int] = {}
        for table, cells, where in SECRETS:
            wanted = f"UPDATE {table} SET {cells} WHERE {where}"  # noqa: S608  our own words
            wanted = wanted.replace("{marks}", marks).replace("{letters}", LETTERS)
            wanted = wanted.replace("{{", "{").replace("}}", "}")
            bound = text(wanted).bindparams(spared=spared_id) if ":spared" in wanted else text(wanted)
            answer: Any = session.execute(bound)
            changed[table] = changed.get(table, 0) + answer.rowcount
    return changed


def settle_again(site: Site) -> None:
    """Confirm and finalise anew what is settled and not published: its frozen numbers follow from the marks."""
    edition = edition_by_code(site.world.own.code)
    assert edition is not None
    people = site.world.own.people_ids
    rounds = select(Round).where(
        Round.edition_id == edition.id, Round.state.in_((RoundState.CONFIRMED, RoundState.FINALISED))
    )
    for round_id, state in [(one.id, one.state) for one in db.session.scalars(rounds.order_by(Round.id))]:
        with unit_of_work() as session:
            session.execute(update(Round).where(Round.id == round_id).values(state=RoundState.SCORING))
            step: dict[str, Any] = {"edition": edition, "round_id": round_id, "now": NOON}
            results.close_round(actor_id=people["organiser"], **step)
            results.confirm_round(actor_id=people["chair"], **step)
            if state is RoundState.FINALISED:
                results.finalise_round(actor_id=people["organiser"], **step)


def edition_id_of(site: Site) -> int:
    """Return the id of the edition of our own."""
    return db.session.scalars(select(Edition.id).where(Edition.code == site.world.own.code)).one()

"""`flask check`: the world of the sweep holds together, and every rule notices when it is broken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask

from contest.home.queries.invariants import INVARIANTS, breaches
from contest.home.queries.proofs import PROOFS, proofs
from tests.sweep.site import Site

CODED = ("fields", "parts", "tracks")


def moved(table: str, column: str, holder: str) -> str:
    """Move the first row that another table names into the edition of other people."""
    elsewhere = "edition_id = {other}" + (", code = code || 'x'" if table in CODED else "")
    return f"UPDATE {table} SET {elsewhere} WHERE id = (SELECT min({column}) FROM {holder})"  # noqa: S608  words of this file


BID = (
    "INSERT INTO bids (judge_id, submission_id, bid, said_at) SELECT judge_id, submission_id, 'yes', created_at"
    " FROM assignments LIMIT 1"
)
# What breaks each rule, written past everything that guards the tables.
DAMAGE = {
    "marks_in_range": "UPDATE scores SET points = max_points + 1 WHERE rowid = (SELECT min(rowid) FROM scores)",
    "marks_of_their_round": "UPDATE scores SET criterion_id = (SELECT c.id FROM criteria c JOIN criteria mine"
    " ON mine.id = scores.criterion_id AND mine.round_id <> c.round_id LIMIT 1)"
    " WHERE rowid = (SELECT min(rowid) FROM scores)",
    "measured_in_range": "UPDATE measured_scores SET points = 999999",
    "scorecards_and_events": "UPDATE scorecards SET version = version + 1"
    " WHERE assignment_id IN (SELECT assignment_id FROM score_events)",
    "events_without_gap": "UPDATE score_events SET assignment_id = 1, version = 10 * id",
    "events_of_their_round": "UPDATE score_events SET round_id = (SELECT min(id) FROM rounds WHERE id <> round_id)",
    "handed_in_has_a_moment": "UPDATE scorecards SET submitted_at = NULL WHERE status = 'submitted'",
    "rubric_locked": "UPDATE rounds SET locked_at = NULL",
    "assigned_judges": moved("judges", "judge_id", "assignments"),
    "assigned_entries": moved("submissions", "submission_id", "assignments"),
    "conflicts_of_one_edition": moved("judges", "judge_id", "conflicts"),
    "bids_of_one_edition": BID + ";" + moved("judges", "judge_id", "bids"),
    "advanced_entries": moved("submissions", "submission_id", "advancements"),
    "rulings_of_one_edition": moved("submissions", "submission_id", "rulings"),
    "adjustments_of_one_edition": moved("submissions", "submission_id", "adjustments"),
    "appeals_of_one_edition": moved("submissions", "submission_id", "appeals"),
    "entries_of_their_team": moved("teams", "team_id", "submissions"),
    "entries_of_their_track": moved("tracks", "track_id", "submissions"),
    "entries_of_their_field": moved("fields", "field_id", "submissions"),
    "submitted_has_a_moment": "UPDATE submissions SET submitted_at = NULL",
    "answers_of_their_edition": moved("parts", "part_id", "part_answers"),
    "files_of_their_edition": moved("parts", "part_id", "submission_files"),
    "criteria_have_a_scale": "UPDATE criteria SET max_points = 0",
    "rounds_open_before_they_close": "UPDATE rounds SET opens_at = '2030-01-01', closes_at = '2029-01-01'",
    "editions_open_before_they_close": "UPDATE editions SET submissions_open = '2030-01-01',"
    " submissions_close = '2029-01-01'",
    "snapshots_without_gap": "UPDATE snapshots SET version = version + 1",
    "final_rounds_are_frozen": "DELETE FROM snapshots",
    "published_versions_exist": "UPDATE rounds SET published_version = 99",
    "published_has_a_moment": "UPDATE rounds SET state = 'published', published_at = NULL",
    "corrections_by_two": "UPDATE corrections SET status = 'approved', decided_by = asked_by",
    "sheets_by_two": "UPDATE keyed_papers SET state = 'entered', decided_by = keyed_by",
    "certificates_without_gap": "UPDATE certificates SET sequence = sequence + 100",
    "certificates_of_frozen_results": "UPDATE certificates SET snapshot_version = 99",
    "revoked_with_a_reason": "UPDATE certificates SET revoked_at = '2026-01-01', revoked_reason = ''",
    "letters_after_publication": "UPDATE feedback_letters SET mailed_at = '2026-01-01';"
    " UPDATE rounds SET published_at = NULL",
    "booths_of_one_edition": "UPDATE booths SET edition_id = {other}, number = 'x' || id",
    "closed_accounts_are_out": "UPDATE users SET is_active = 0",
    "links_used_in_time": "UPDATE sign_in_links SET used_at = '2040-01-01'",
    "every_edition_is_run": "DELETE FROM memberships WHERE role = 'organiser'",
    "invented_people_stay_inside": "UPDATE users SET rehearsal_id = 99999",
    "sent_mail_has_a_moment": "UPDATE outbox_mails SET status = 'sent', sent_at = NULL",
    "jobs_are_carried_out": "UPDATE jobs SET state = 'done', finished_at = NULL",
    "audit_chain": "UPDATE audit_entries SET action = 'x' WHERE id = (SELECT min(id) FROM audit_entries)",
    "event_chain": "UPDATE score_events SET marks = '{{}}', content = 'x'",
    "snapshot_fingerprint": "UPDATE snapshots SET payload = replace(payload, '\"version\":1', '\"version\":7')",
    "frozen_names": "UPDATE snapshots SET names = replace(names, '\": [\"', '\": [\"x')",
    "award_fingerprint": "UPDATE award_lists SET payload = replace(payload, '1', '2')",
    "receipt_fingerprint": "UPDATE receipts SET fingerprint = 'x'",
    "foreign_keys": "UPDATE teams SET captain_id = 99999",
    "files_exist": "UPDATE submission_files SET storage_key = 'nowhere' || id",
    "files_are_the_same": "UPDATE submission_files SET sha256 = 'x'",
    "files_have_an_owner": "UPDATE submission_files SET storage_key = 'nowhere' || id",
}


@contextmanager
def unguarded(site: Site) -> Iterator[Any]:
    """A cursor past the keys, the checks and the triggers of the database; the next restore brings them back."""
    cursor = site.raw.cursor()
    for switch in ("foreign_keys=OFF", "ignore_check_constraints=ON"):
        cursor.execute(f"PRAGMA {switch}")
    for row in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        cursor.execute(f"DROP TRIGGER {row[0]}")
    try:
        yield cursor
    finally:
        for switch in ("foreign_keys=ON", "ignore_check_constraints=OFF"):
            cursor.execute(f"PRAGMA {switch}")
        cursor.close()


def only_its_own_files(site: Site) -> None:
    """Remove what other tests of this process have stored."""
    known = {path.name for path in site.files}
    storage = site.app.extensions["storage"]
    for key in list(storage.keys()):
        if key not in known:
            storage.delete(key)


def found(app: Flask) -> dict[str, int]:
    return {one.code: one.count for one in (*breaches(), *proofs(app.extensions["storage"]))}


def test_the_world_of_the_sweep_holds_together(site: Site) -> None:
    only_its_own_files(site)
    with unguarded(site) as cursor:  # the factories write marks without the services, which lock the rubric
        cursor.execute("UPDATE rounds SET locked_at = '2026-10-08 05:00:00'")
    assert found(site.app) == {}


def test_every_rule_is_damaged_here() -> None:
    codes = [one.code for one in INVARIANTS]
    assert len(set(codes)) == len(codes) >= 40
    assert list(DAMAGE)[: len(codes)] == codes
    assert len(DAMAGE) == len(codes) + PROOFS


@pytest.mark.parametrize("code", DAMAGE)
def test_a_broken_rule_is_reported(site: Site, code: str) -> None:
    with unguarded(site) as cursor:
        other = f"(SELECT id FROM editions WHERE code = '{site.world.foreign.code}')"  # noqa: S608  a word of the world
        for statement in DAMAGE[code].format(other=other).split(";"):
            cursor.execute(statement)
            assert cursor.rowcount > 0, "the world has nothing of the kind"
    assert found(site.app).get(code, 0) > 0

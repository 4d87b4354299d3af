"""What must hold between the rows of all tables, whatever happened: one select per rule that returns what breaks it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from contest.infra.db import db

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule: its code, what is wrong where it is broken, and the select of names of what breaks it."""

    code: str
    sentence: str
    select: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that is broken: how often, and the first few names."""

    code: str
    sentence: str
    count: int
    names: tuple[str, ...]


def _strangers(table: str, mine: str, theirs: str, joins: str) -> str:
    """Return a select of rows of which two ways to an edition lead to different ones."""
    return f"SELECT x.id FROM {table} x {joins} WHERE {mine} <> {theirs}"  # noqa: S608  # nosec B608  # texts of this file


_ROUND = "JOIN rounds r ON r.id = x.round_id "
_ENTRY = "JOIN submissions s ON s.id = x.submission_id "
_JUDGE = "JOIN judges j ON j.id = x.judge_id "

INVARIANTS = (
    Invariant(
        "marks_in_range",
        "a mark lies outside of its scale",
        "SELECT x.scorecard_id FROM scores x JOIN criteria c ON c.id = x.criterion_id"
        " WHERE x.points < 0 OR x.points > c.max_points OR x.max_points <> c.max_points",
    ),
    Invariant(
        "marks_of_their_round",
        "a mark belongs to a criterion of another round",
        "SELECT x.scorecard_id FROM scores x JOIN scorecards k ON k.id = x.scorecard_id"
        " JOIN assignments a ON a.id = k.assignment_id JOIN criteria c ON c.id = x.criterion_id"
        " WHERE c.round_id <> a.round_id",
    ),
    Invariant(
        "measured_in_range",
        "a measured number lies outside of its scale",
        "SELECT x.id FROM measured_scores x JOIN criteria c ON c.id = x.criterion_id"
        " WHERE x.points < 0 OR x.points > c.max_points",
    ),
    Invariant(
        "scorecards_and_events",
        "a scorecard is not the one that its last event tells of",
        "SELECT k.id FROM scorecards k JOIN (SELECT assignment_id, max(version) AS last FROM score_events"
        " GROUP BY assignment_id) e ON e.assignment_id = k.assignment_id WHERE k.version <> e.last",
    ),
    Invariant(
        "events_without_gap",
        "the events of a scorecard have a gap",
        "SELECT assignment_id FROM score_events GROUP BY assignment_id"
        " HAVING max(version) - min(version) + 1 <> count(*)",
    ),
    Invariant(
        "events_of_their_round",
        "an event names another round than its paper",
        "SELECT x.id FROM score_events x JOIN assignments a ON a.id = x.assignment_id WHERE a.round_id <> x.round_id",
    ),
    Invariant(
        "handed_in_has_a_moment",
        "a scorecard is handed in without a moment",
        "SELECT id FROM scorecards WHERE status = 'submitted' AND submitted_at IS NULL",
    ),
    Invariant(
        "rubric_locked",
        "a round has marks and its rubric is not locked",
        "SELECT DISTINCT r.code FROM rounds r JOIN assignments a ON a.round_id = r.id"
        " JOIN scorecards k ON k.assignment_id = a.id JOIN scores s ON s.scorecard_id = k.id WHERE r.locked_at IS NULL",
    ),
    Invariant(
        "assigned_judges",
        "a paper is assigned to a judge of another edition",
        _strangers("assignments", "r.edition_id", "j.edition_id", _ROUND + _JUDGE),
    ),
    Invariant(
        "assigned_entries",
        "a paper is about an entry of another edition",
        _strangers("assignments", "r.edition_id", "s.edition_id", _ROUND + _ENTRY),
    ),
    Invariant(
        "conflicts_of_one_edition",
        "a conflict joins two editions",
        _strangers("conflicts", "j.edition_id", "s.edition_id", _JUDGE + _ENTRY),
    ),
    Invariant(
        "bids_of_one_edition",
        "a bid joins two editions",
        "SELECT x.submission_id FROM bids x JOIN judges j ON j.id = x.judge_id"
        " JOIN submissions s ON s.id = x.submission_id WHERE j.edition_id <> s.edition_id",
    ),
    Invariant(
        "advanced_entries",
        "an entry advanced into a round of another edition",
        _strangers("advancements", "r.edition_id", "s.edition_id", _ROUND + _ENTRY),
    ),
    Invariant(
        "rulings_of_one_edition",
        "a ruling is about an entry of another edition",
        _strangers("rulings", "r.edition_id", "s.edition_id", _ROUND + _ENTRY),
    ),
    Invariant(
        "adjustments_of_one_edition",
        "an adjustment is about an entry of another edition",
        _strangers("adjustments", "r.edition_id", "s.edition_id", _ROUND + _ENTRY),
    ),
    Invariant(
        "appeals_of_one_edition",
        "an appeal is about an entry of another edition",
        _strangers("appeals", "r.edition_id", "s.edition_id", _ROUND + _ENTRY),
    ),
    Invariant(
        "entries_of_their_team",
        "an entry and its team are of two editions",
        _strangers("submissions", "x.edition_id", "t.edition_id", "JOIN teams t ON t.id = x.team_id"),
    ),
    Invariant(
        "entries_of_their_track",
        "an entry and its track are of two editions",
        _strangers("submissions", "x.edition_id", "t.edition_id", "JOIN tracks t ON t.id = x.track_id"),
    ),
    Invariant(
        "entries_of_their_field",
        "an entry and its field are of two editions",
        _strangers("submissions", "x.edition_id", "f.edition_id", "JOIN fields f ON f.id = x.field_id"),
    ),
    Invariant(
        "submitted_has_a_moment",
        "an entry is submitted without a moment",
        "SELECT code FROM submissions WHERE status = 'submitted' AND submitted_at IS NULL",
    ),
    Invariant(
        "answers_of_their_edition",
        "a text answers a part of another edition",
        _strangers("part_answers", "s.edition_id", "p.edition_id", _ENTRY + "JOIN parts p ON p.id = x.part_id"),
    ),
    Invariant(
        "files_of_their_edition",
        "a file belongs to a part of another edition",
        _strangers("submission_files", "s.edition_id", "p.edition_id", _ENTRY + "JOIN parts p ON p.id = x.part_id"),
    ),
    Invariant(
        "criteria_have_a_scale",
        "a criterion has no scale or a negative weight",
        "SELECT id FROM criteria WHERE max_points < 1",
    ),
    Invariant(
        "rounds_open_before_they_close",
        "a round closes before it opens",
        "SELECT code FROM rounds WHERE opens_at >= closes_at",
    ),
    Invariant(
        "editions_open_before_they_close",
        "submissions close before they open",
        "SELECT code FROM editions WHERE submissions_open >= submissions_close",
    ),
    Invariant(
        "snapshots_without_gap",
        "the versions of a round's results have a gap",
        "SELECT round_id FROM snapshots GROUP BY round_id HAVING max(version) <> count(*) OR min(version) <> 1",
    ),
    Invariant(
        "final_rounds_are_frozen",
        "a round is final and nothing is frozen",
        "SELECT code FROM rounds WHERE state IN ('finalised', 'published')"
        " AND NOT EXISTS (SELECT 1 FROM snapshots x WHERE x.round_id = rounds.id)",
    ),
    Invariant(
        "published_versions_exist",
        "a published version does not exist",
        "SELECT code FROM rounds WHERE published_version IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM snapshots x WHERE x.round_id = rounds.id AND x.version = rounds.published_version)",
    ),
    Invariant(
        "published_has_a_moment",
        "a round is published without a moment or a version",
        "SELECT code FROM rounds WHERE state = 'published' AND (published_at IS NULL OR published_version IS NULL)",
    ),
    Invariant(
        "corrections_by_two",
        "a correction was approved by the person who asked for it",
        "SELECT id FROM corrections WHERE status IN ('approved', 'done') AND asked_by = decided_by",
    ),
    Invariant(
        "sheets_by_two",
        "a paper sheet was confirmed by the person who typed it in",
        "SELECT id FROM keyed_papers WHERE state = 'entered' AND keyed_by = decided_by",
    ),
    Invariant(
        "certificates_without_gap",
        "the register of certificates has a gap",
        "SELECT edition_id FROM certificates GROUP BY edition_id"
        " HAVING max(sequence) <> count(*) OR min(sequence) <> 1",
    ),
    Invariant(
        "certificates_of_frozen_results",
        "a certificate names results that were never frozen",
        "SELECT number FROM certificates WHERE snapshot_version IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM snapshots x WHERE x.round_id = certificates.round_id"
        " AND x.version = certificates.snapshot_version)",
    ),
    Invariant(
        "revoked_with_a_reason",
        "a certificate was revoked without a reason",
        "SELECT number FROM certificates WHERE revoked_at IS NOT NULL AND revoked_reason = ''",
    ),
    Invariant(
        "letters_after_publication",
        "a letter was mailed before its round was published",
        "SELECT x.id FROM feedback_letters x JOIN rounds r ON r.id = x.round_id"
        " WHERE x.mailed_at IS NOT NULL AND r.published_at IS NULL",
    ),
    Invariant(
        "booths_of_one_edition",
        "a team stands at a booth of another edition",
        _strangers("exhibitors", "x.edition_id", "b.edition_id", "JOIN booths b ON b.id = x.booth_id"),
    ),
    Invariant(
        "closed_accounts_are_out",
        "a closed account is still signed in",
        "SELECT DISTINCT u.public_id FROM users u JOIN user_sessions x ON x.user_id = u.id"
        " WHERE NOT u.is_active AND x.revoked_at IS NULL",
    ),
    Invariant(
        "links_used_in_time",
        "a link was used after its end",
        "SELECT id FROM sign_in_links WHERE used_at > expires_at",
    ),
    Invariant(
        "every_edition_is_run",
        "nobody runs an edition",
        "SELECT code FROM editions WHERE NOT EXISTS"
        " (SELECT 1 FROM memberships m WHERE m.edition_id = editions.id AND m.role = 'organiser')"
        " AND EXISTS (SELECT 1 FROM memberships m WHERE m.edition_id = editions.id)",
    ),
    Invariant(
        "invented_people_stay_inside",
        "an invented person of a rehearsal has a role elsewhere",
        "SELECT u.public_id FROM users u JOIN memberships m ON m.user_id = u.id"
        " WHERE u.rehearsal_id IS NOT NULL AND m.edition_id <> u.rehearsal_id",
    ),
    Invariant(
        "sent_mail_has_a_moment",
        "a mail was sent without a moment",
        "SELECT id FROM outbox_mails WHERE (status = 'sent') <> (sent_at IS NOT NULL)",
    ),
    Invariant(
        "jobs_are_carried_out",
        "a job that is over has no moment",
        "SELECT public_id FROM jobs WHERE state IN ('done', 'failed') AND finished_at IS NULL",
    ),
)


def breaches() -> tuple[Breach, ...]:
    """Return every rule that is broken, in the order of the rules; each is one select."""
    found = ((one, [str(row[0]) for row in db.session.execute(text(one.select))]) for one in INVARIANTS)
    return tuple(Breach(one.code, one.sentence, len(names), tuple(names[:MOST_NAMED])) for one, names in found if names)

"""Preconditions in words: what is asked for, where it stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.editions.facts import EditionFacts, RoundFacts
from contest.errors import RuleBroken
from contest.results.preconditions import Check
from contest.web import messages
from contest.web.messages import sentence

LABELS = {
    "check_rubric": _l("The rubric has criteria with weights"),
    "check_ranked": _l("Somebody is ranked"),
    "check_reconciled": _l("Every scorecard is accounted for"),
    "check_unfinished": _l("All judges have finished"),
    "check_measured": _l("What the organiser measures is complete"),
    "check_ties": _l("No tie waits for the chair"),
    "check_line": _l("Nobody waits at the line"),
    "check_spreads": _l("Judges far apart have been looked at"),
    "check_agreed": _l("The jury has agreed on every place"),
    "check_quorum": _l("Enough of the council was there"),
    "check_entries": _l("There are enough entries"),
    "check_confirmed": _l("The results are confirmed"),
    "check_unchanged": _l("Nothing has changed since the confirmation"),
}

messages.register(
    {
        "check_rubric": _l("No criterion of this round has a weight. Set up the rubric first."),
        "check_ranked": _l(
            "None of the %(total)s submissions has a rank yet. "
            "Look at missing scorecards and at the rules of the round."
        ),
        "check_unfinished": _l(
            "%(judges)s of %(all)s judges unfinished (%(names)s), %(papers)s scorecards missing. "
            "Wait for them (open the scoring again if it is closed), or accept it in writing."
        ),
        "check_measured": _l("Not measured yet: %(names)s. Enter the numbers of the measured criteria."),
        "check_ties": _l("Tied, and the chair decides: %(names)s. Write down the chair's order with its reason."),
        "check_line": _l("Tied at the line, and the chair chooses: %(names)s. Write down who advances and why."),
        "check_spreads": _l(
            "Two judges are further apart than the rules allow: %(names)s. "
            "The chair looks at each and settles it in writing."
        ),
        "check_agreed": _l("No agreed place yet: %(names)s. Write down what the jury agreed on."),
        "check_quorum": _l(
            "%(present)s of %(total)s present, %(needed)s needed, with chair and secretary where "
            "the rules ask for them. "
            "Note who was there, or accept it in writing."
        ),
        "check_entries": _l("%(count)s ranked, the rules ask for %(needed)s. Accept it in writing, or find out why."),
        "check_confirmed": _l("Nobody has confirmed the results yet."),
        "check_unchanged": _l(
            "The numbers are no longer those that were confirmed, for example because a submission was withdrawn. "
            "Take the confirmation back, look at the ranking, and confirm it again."
        ),
        "reconcile_seat_twice": _l(
            "%(entry)s is assigned twice to judge %(judge)s. Remove one assignment. Differences in all: %(count)s."
        ),
        "reconcile_paper_twice": _l(
            "%(entry)s has two scorecards of judge %(judge)s. Find out which one holds. Differences in all: %(count)s."
        ),
        "reconcile_paper_without_seat": _l(
            "%(entry)s has a scorecard of judge %(judge)s without an assignment. Differences in all: %(count)s."
        ),
        "reconcile_mark_missing": _l(
            "%(entry)s: the scorecard of judge %(judge)s was handed in, but marks are missing (%(detail)s). "
            "Differences in all: %(count)s."
        ),
        "reconcile_mark_foreign": _l(
            "%(entry)s: the scorecard of judge %(judge)s holds a mark for a criterion of another round. "
            "Differences in all: %(count)s."
        ),
        "reconcile_mark_twice": _l(
            "%(entry)s: judge %(judge)s has two marks for one criterion (%(detail)s). Differences in all: %(count)s."
        ),
        "reconcile_rubric_outdated": _l(
            "%(entry)s: the marks of judge %(judge)s belong to another version of the rubric (%(detail)s). "
            "Differences in all: %(count)s."
        ),
        "reconcile_not_counted": _l(
            "%(entry)s: the scorecard of judge %(judge)s is complete, but does not count. "
            "Differences in all: %(count)s."
        ),
        "reconcile_counted_wrongly": _l(
            "%(entry)s: a scorecard of judge %(judge)s counts that is not there. Differences in all: %(count)s."
        ),
        "reconcile_vanished": _l(
            "%(entry)s: the paper of judge %(judge)s was there when the scoring closed (%(detail)s) and is gone. "
            "Differences in all: %(count)s."
        ),
        "reconcile_appeared": _l(
            "%(entry)s: a paper of judge %(judge)s appeared after the scoring was closed. "
            "Differences in all: %(count)s."
        ),
        "reconcile_changed": _l(
            "%(entry)s: the marks of judge %(judge)s changed after the scoring was closed (%(detail)s). "
            "Differences in all: %(count)s."
        ),
        "reconcile_trace_lost": _l(
            "%(entry)s: judge %(judge)s handed a scorecard in that is no longer stored. Differences in all: %(count)s."
        ),
        "reconcile_does_not_add_up": _l(
            "The scorecards of %(entry)s do not add up (judge: %(judge)s). Differences in all: %(count)s."
        ),
        "round_not_finalised": _l("Round %(round)s is not finalised yet. Confirm it and finalise it first."),
        "round_settled": _l("The results of round %(round)s are confirmed. Take the confirmation back to change this."),
        "chair_confirms": _l("The chair of the jury confirms the results of this edition."),
        "same_person": _l("Somebody else must decide: the person who asked for a correction cannot approve it."),
        "correction_open": _l("A correction of this round is under way already."),
        "correction_decided": _l("This request was decided before."),
        "appeals_not_taken": _l("The rules of this round know no appeals."),
        "appeal_too_late": _l("The time for appeals ended at %(closed)s. Please turn to the organisers."),
        "appeal_empty": _l("Write what should be looked at again, and why."),
        "appeal_twice": _l("Your appeal for this round was handed in before; there is one per round."),
        "appeal_answered": _l("This appeal was answered before."),
        "answer_missing": _l("Write the answer to the team."),
    }
)


@dataclass(frozen=True, slots=True)
class CheckLine:
    # One line of the checklist: state is done, accepted or missing; `kind` is the ruling that would accept it.
    label: str
    state: str
    note: str
    href: str = ""
    kind: str = ""


def check_lines(edition: EditionFacts, round_: RoundFacts, found: Iterable[Check]) -> list[CheckLine]:
    hrefs = _hrefs(edition, round_)
    return [_line(check, hrefs.get(_family(check.code), "")) for check in found]


def _family(code: str) -> str:
    return "check_reconciled" if code.startswith("reconcile_") else code


def _line(check: Check, href: str) -> CheckLine:
    label = str(LABELS[_family(check.code)])
    if check.accepted is not None:
        words = sentence(RuleBroken(check.code, **check.facts))
        accepted = _(
            "Accepted in writing by %(name)s: %(reason)s", name=check.accepted.author, reason=check.accepted.reason
        )
        return CheckLine(label, "accepted", f"{words} {accepted}")
    if check.ok:
        return CheckLine(label, "done", _done(check))
    kind = check.may_accept.value if check.may_accept else ""
    return CheckLine(label, "missing", sentence(RuleBroken(check.code, **check.facts)), href, kind)


def _done(check: Check) -> str:
    if check.code == "check_reconciled":
        return tally_words(**check.facts)
    if check.code == "check_quorum":
        return str(_("%(present)s of %(total)s present, %(needed)s needed", **check.facts))
    if check.code == "check_ranked":
        return str(_("%(count)s of %(total)s submissions ranked", **check.facts))
    return ""


def tally_words(**counts: int) -> str:
    return str(
        _(
            "%(expected)s expected = %(scored)s scored + %(abstained)s abstained + %(recused)s recused + "
            "%(missing)s missing",
            **counts,
        )
    )


def _hrefs(edition: EditionFacts, round_: RoundFacts) -> dict[str, str]:
    here: dict[str, Any] = {"edition_code": edition.code, "round_code": round_.code}
    decisions = url_for("results.decisions", **here)
    measured = next((one.code for one in round_.rubric.measured), "")
    return {
        **dict.fromkeys(("check_ties", "check_line", "check_spreads", "check_agreed"), decisions),
        "check_measured": url_for("results.measured", criterion=measured, **here) if measured else "",
        "check_rubric": url_for("editions.setup_rubric", **here),
        "check_unfinished": url_for("progress.progress", **here),
        "check_quorum": url_for("results.attendance", **here),
        "check_reconciled": "#books",
    }

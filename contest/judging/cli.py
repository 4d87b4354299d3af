"""`flask judging …`: assign a round from the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from contest.editions.facts import RoundFacts
from contest.editions.phases import BEFORE_CLOSE
from contest.editions.queries import edition_by_code, round_by_code
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.assignment import Advice, AdviceCode
from contest.judging.events import digest_start
from contest.judging.plan import Progress, unheard
from contest.judging.queries.assignments import RoundBoard, RoundPlan, fitted, plan_on, round_board
from contest.judging.queries.record import history_of, receipts_like
from contest.judging.services import panel
from contest.web.messages import sentence
from contest.web.testmark import say_test

judging = AppGroup("judging", help="Assign judges to submissions.")
groups = (judging,)
LARGEST_SEED = 2**31 - 1
LONG = 20_000  # submissions x judges; below it a plan is there before a bar could be read
BAR = 1_000


def round_named(edition_code: str, round_code: str) -> RoundFacts:
    """Return a round by its codes; end with a message when there is none."""
    edition = edition_by_code(edition_code)
    if edition is None:
        raise click.ClickException(f"there is no edition {edition_code!r}")
    round_ = round_by_code(edition.id, round_code)
    if round_ is None:
        raise click.ClickException(f"edition {edition_code!r} has no round {round_code!r}")
    say_test(edition)
    return round_


@judging.command("assign")
@click.argument("edition_code", metavar="EDITION")
@click.argument("round_code", metavar="ROUND")
@click.option("--seed", type=click.IntRange(0, LARGEST_SEED), default=0, show_default=True, help="Breaks ties.")
@click.option("--keep", is_flag=True, help="Keep what is assigned now and only fill the gaps.")
@click.option("--dry-run", is_flag=True, help="Show the plan and change nothing.")
@click.option("--reason", default="", help="Why the round changes although it has its first score.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def assign(
    edition_code: str,
    round_code: str,
    seed: int,
    keep: bool,
    dry_run: bool,
    reason: str,
    as_json: bool,
) -> None:
    """Assign the judges of ROUND evenly and without conflicts of interest; begun scorecards stay."""
    round_ = round_named(edition_code, round_code)
    if not dry_run and round_.state not in BEFORE_CLOSE:  # said before the work, not after it
        with force_locale("en"):
            raise click.ClickException(sentence(RuleBroken("assignments_closed", round=round_.code)))
    plan = _planned(round_, seed=seed, keep=keep)
    if not dry_run:
        _apply(round_, plan, reason)
    if as_json:
        click.echo(json.dumps({**as_object(plan), "applied": not dry_run}, ensure_ascii=False, indent=1))
        return
    _table(plan)
    click.echo("Nothing was changed." if dry_run else "The plan is in force.")


def _planned(round_: RoundFacts, *, seed: int, keep: bool) -> RoundPlan:
    board = fitted(round_board(round_))
    with _bar(len(board.submissions) * len(board.judges)) as progress:
        return plan_on(board, seed=seed, keep=keep, progress=progress)


def screen() -> TextIO:
    """Return where a bar is drawn."""
    return sys.stderr


@contextmanager
def _bar(size: int) -> Iterator[Progress]:
    """Show how far a long plan is, on a terminal only: a file or a pipe gets the plan and nothing else."""
    terminal = screen()
    if size < LONG or not terminal.isatty():
        yield unheard
        return
    with click.progressbar(length=BAR, label="Assigning", file=terminal) as bar:

        def tell(share: float) -> None:
            bar.update(max(0, round(share * BAR) - bar.pos))

        yield tell


def _apply(round_: RoundFacts, plan: RoundPlan, reason: str) -> None:
    with force_locale("en"):
        try:
            with unit_of_work():
                panel.apply_proposal(
                    round_id=round_.id,
                    seed=plan.proposal.seed,
                    keep=plan.keep,
                    expected=plan.digest,
                    reason=reason,
                    actor_id=None,
                    now=clock.now(),
                )
        except RuleBroken as refused:
            raise click.ClickException(sentence(refused)) from refused


def as_object(plan: RoundPlan) -> dict[str, Any]:
    """Return a plan with the codes of submissions and judges; `pairs` is what the round looks like afterwards."""
    board, proposal = plan.board, plan.proposal
    return {
        "round": board.round.code,
        "seed": proposal.seed,
        "pairs": [
            {"submission": board.submissions[one].code, "judge": board.judges[other].code}
            for one, other in proposal.pairs
        ],
        "added": len(proposal.added),
        "removed": len(proposal.removed),
        "loads": {judge.code: load for judge, load in zip(board.judges, proposal.loads, strict=True)},
        "unfilled": [
            {
                "submission": board.submissions[gap.unfilled.submission].code,
                "seats": gap.unfilled.seats,
                "reason": gap.unfilled.reason.value,
                "judges": {board.judges[bar.judge].code: bar.reason.value for bar in gap.bars},
            }
            for gap in proposal.gaps
        ],
        "groups": proposal.components,
        "advice": [_advice(board, one) for one in proposal.advice],
    }


def _advice(board: RoundBoard, advice: Advice) -> dict[str, Any]:
    return {
        "code": advice.code.value,
        "count": advice.count,
        "judge": None if advice.judge is None else board.judges[advice.judge].code,
        "submission": None if advice.submission is None else board.submissions[advice.submission].code,
        "submissions": [board.submissions[one].code for one in advice.submissions],
        "judges": [board.judges[one].code for one in advice.judges],
        "seats": advice.seats,
        "room": advice.room,
    }


_SAID = {
    AdviceCode.BELOW_MINIMUM: "{judge} gets {count} fewer than the least number wanted",
    AdviceCode.DISCONNECTED: "the plan falls into {count} groups without a common judge: marks are hard to compare",
    AdviceCode.MINIMUM_ABOVE_MAXIMUM: "for {judge} the least number of submissions is higher than the most",
    AdviceCode.MINIMUMS_ABOVE_SEATS: "the least numbers add up to {room}, but only {seats} seats are to be filled",
    AdviceCode.PENALTY_USED: "{count} seats had to go to judges who do not read the language",
    AdviceCode.PIN_NOT_ELIGIBLE: "{judge} has {submission} although there is a conflict of interest",
    AdviceCode.PINS_ABOVE_MAXIMUM: "{judge} has {count} more than the most allowed, and they cannot be moved",
    AdviceCode.PINS_ABOVE_SEATS: "{submission} has {count} judges more than needed, and they cannot be moved",
    AdviceCode.SHORTAGE: "{n} submissions need {seats} seats; {m} judges may judge them, with room for {room}: "
    "{count} short",
}

_FEW_READERS = (
    "{count} seats had to go to judges who do not read the language: {n} submissions need {seats} seats; "
    "{m} judges read them, with room for {room}: {short} short"
)


def advice_line(told: dict[str, Any]) -> str:
    """Return one piece of advice as a line."""
    numbers = {"n": len(told["submissions"]), "m": len(told["judges"]), "short": told["seats"] - told["room"]}
    code = AdviceCode(told["code"])
    few = code is AdviceCode.PENALTY_USED and told["submissions"]
    return (_FEW_READERS if few else _SAID[code]).format(**told, **numbers)


@judging.command("receipt")
@click.argument("code", metavar="CODE")
def receipt(code: str) -> None:
    """Check the receipt that a judge keeps: whether it is genuine, and whether the scorecard still says the same."""
    start = digest_start(code)
    found = receipts_like(start) if start else ()
    if not found:
        raise click.ClickException("there is no scorecard with this receipt")
    for one in found:
        history = history_of(one.edition_id, one.assignment)
        if history is None or history.broken is not None or not history.agrees:
            raise click.ClickException(f"{one.edition} {one.round}: the record does not fit its fingerprints any more")
        now = history.paper.version
        state = "stored now" if now == one.version else f"changed since (version {now})"
        whose = f"version {one.version} of the scorecard of {history.judge}"
        click.echo(f"{one.edition} {one.round} {history.paper.code}: {whose}, genuine, {state}")


def _table(plan: RoundPlan) -> None:
    told = as_object(plan)
    click.echo(
        f"{len(told['pairs'])} assignments: {told['added']} added, {told['removed']} taken away, seed {told['seed']}"
    )
    for code, load in told["loads"].items():
        click.echo(f"  {code:<12} {load:>4}")
    for gap in told["unfilled"]:
        why = ", ".join(f"{code} {reason}" for code, reason in gap["judges"].items())
        click.echo(f"  {gap['submission']}: {gap['seats']} empty, {gap['reason']}{f' ({why})' if why else ''}")
    for one in told["advice"]:
        click.echo(f"  note: {advice_line(one)}")

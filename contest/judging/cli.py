"""`flask judging …`: assign a round from the command line."""

from __future__ import annotations

import json
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from contest.editions.facts import RoundFacts
from contest.editions.queries import edition_by_code, round_by_code
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.judging.queries.assignments import RoundPlan, plan_of
from contest.judging.services import panel
from contest.web.messages import sentence
from contest.web.testmark import say_test

judging = AppGroup("judging", help="Assign judges to submissions.")
groups = (judging,)
LARGEST_SEED = 2**31 - 1


def _round(edition_code: str, round_code: str) -> RoundFacts:
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
    round_ = _round(edition_code, round_code)
    plan = plan_of(round_, seed=seed, keep=keep)
    if not dry_run:
        _apply(round_, plan, reason)
    if as_json:
        click.echo(json.dumps({**as_object(plan), "applied": not dry_run}, ensure_ascii=False, indent=1))
        return
    _table(plan)
    click.echo("Nothing was changed." if dry_run else "The plan is in force.")


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
    }


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

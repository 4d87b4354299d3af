"""`flask results …`: rank and export from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import edition_by_code, round_by_code
from contest.errors import RuleBroken
from contest.infra import clock
from contest.results.explain import explain_report
from contest.results.exports import Names, provenance, round_workbook, sentences, status_words
from contest.results.queries import report_of
from contest.results.report import RoundReport
from contest.web.messages import sentence
from contest.web.testmark import marked_name, say_test

results = AppGroup("results", help="Rank a round and export it.")
groups = (results,)


def _find(edition_code: str, round_code: str) -> tuple[EditionFacts, RoundFacts]:
    edition = edition_by_code(edition_code)
    if edition is None:
        raise click.ClickException(f"there is no edition {edition_code!r}")
    round_ = round_by_code(edition.id, round_code)
    if round_ is None:
        raise click.ClickException(f"edition {edition_code!r} has no round {round_code!r}")
    say_test(edition)
    return edition, round_


def as_rows(report: RoundReport, language: str) -> list[dict[str, str | int | list[str] | None]]:
    """Return the ranking as plain rows, in rank order within each track; `explain` is the sum in words."""
    explainer, names = explain_report(report), Names.of(report)
    return [
        {
            "submission": line.entrant.code,
            "track": line.entrant.track,
            "rank": line.rank,
            "result": line.result,
            "own_result": line.own_result,
            "status": line.status,
            "decided_by": line.decided_by,
            "explain": sentences(explainer.steps(position), language, names),
        }
        for position, line in enumerate(report.lines)
    ]


@results.command("rank")
@click.argument("edition_code", metavar="EDITION")
@click.argument("round_code", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects, each with its sum in words.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Of the words.")
def rank(edition_code: str, round_code: str, as_json: bool, language: str) -> None:
    """Print the ranking of ROUND: frozen once the round is finalised, provisional before."""
    edition, round_ = _find(edition_code, round_code)
    with force_locale("en"):
        try:
            report, _snapshot = report_of(edition, round_)
        except RuleBroken as refused:
            raise click.ClickException(sentence(refused)) from refused
        if as_json:
            click.echo(json.dumps(as_rows(report, language), ensure_ascii=False, indent=1))
            return
        _table(report)


def _table(report: RoundReport) -> None:
    click.echo(f"{'track':<10} {'rank':>4}  {'result':>10}  {'code':<12} title")
    for line in report.lines:
        rank_text = "-" if line.rank is None else f"{line.rank}{'=' if line.tied else ''}"
        note = f"  ({status_words(line.status)})" if line.status != "ranked" else ""
        click.echo(
            f"{line.entrant.track or '-':<10} {rank_text:>4}  {line.result or '-':>10}  "
            f"{line.entrant.code:<12} {line.entrant.title}{note}"
        )


@results.command("export")
@click.argument("edition_code", metavar="EDITION")
@click.argument("round_code", metavar="ROUND")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The .xlsx to write.")
@click.option("--locale", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def export(edition_code: str, round_code: str, out: Path, locale: str) -> None:
    """Write the workbook of ROUND."""
    edition, round_ = _find(edition_code, round_code)
    with force_locale(locale):
        try:
            report, snapshot = report_of(edition, round_)
        except RuleBroken as refused:
            raise click.ClickException(sentence(refused)) from refused
    content = round_workbook(
        report,
        provenance(report, snapshot, actor="flask results export", now=clock.now(), test=edition.is_test),
        locale=locale,
    )
    if edition.is_test:
        out = out.with_name(marked_name(out.name))
    partial = out.with_name(out.name + ".part")
    partial.write_bytes(content)
    partial.replace(out)
    click.echo(f"{out}: {len(report.lines)} submissions")

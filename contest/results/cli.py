"""`flask results …`: rank and export from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import edition_by_code, round_by_code
from contest.errors import RuleBroken
from contest.infra import clock
from contest.infra.db import one_moment
from contest.infra.storage import write_whole
from contest.results.exports import (
    CHOICES,
    Extras,
    Provenance,
    provenance,
    ranking_csv,
    ranking_json,
    round_workbook,
    status_words,
)
from contest.results.exports.explain_words import report_sentences
from contest.results.queries import report_of
from contest.results.queries.desk import desk_notes, told_awards
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
    return [
        {
            "submission": line.entrant.code,
            "track": line.entrant.track,
            "rank": line.rank,
            "result": line.result,
            "own_result": line.own_result,
            "status": line.status,
            "decided_by": line.decided_by,
            "explain": steps,
        }
        for line, steps in zip(report.lines, report_sentences(report, language), strict=True)
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


def _workbook(edition: EditionFacts, round_: RoundFacts, report: RoundReport, source: Provenance, locale: str) -> bytes:
    awards, settled = told_awards(edition.id)
    return round_workbook(report, source, locale=locale, extras=Extras(awards, settled, desk_notes(round_.id)))


_EXPORTS: Mapping[str, Callable[[EditionFacts, RoundFacts, RoundReport, Provenance, str], bytes]] = {
    ".xlsx": _workbook,
    ".csv": lambda _edition, _round, report, source, locale: ranking_csv(report, source, locale=locale),
    ".json": lambda _edition, _round, report, source, _locale: ranking_json(report, source),
}


@results.command("export")
@click.argument("edition_code", metavar="EDITION")
@click.argument("round_code", metavar="ROUND")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The .xlsx, .csv or .json to write."
)
@click.option("--locale", type=click.Choice(CHOICES), default="vi", show_default=True)
@one_moment()
def export(edition_code: str, round_code: str, out: Path, locale: str) -> None:
    """Write the results of ROUND: a workbook, a table or data, as the ending of FILE says."""
    if out.suffix not in _EXPORTS:
        raise click.ClickException(f"the name of the file must end in one of {', '.join(_EXPORTS)}")
    edition, round_ = _find(edition_code, round_code)
    with force_locale("en" if locale == "en" else "vi"):
        try:
            report, snapshot = report_of(edition, round_)
        except RuleBroken as refused:
            raise click.ClickException(sentence(refused)) from refused
    source = provenance(report, snapshot, actor="flask results export", now=clock.now(), test=edition.is_test)
    content = _EXPORTS[out.suffix](edition, round_, report, source, locale)
    if edition.is_test:
        out = out.with_name(marked_name(out.name))
    write_whole(out, content)
    click.echo(f"{out}: {len(report.lines)} submissions")

"""Editions, assignments and results as files: `flask editions load`, `judging assignments`, `results bundle`."""

from __future__ import annotations

from pathlib import Path

import click
from flask_babel import force_locale

from contest.editions.cli import editions
from contest.editions.codes import check_edition_code
from contest.editions.facts import RoundFacts
from contest.editions.queries import edition_by_code, round_by_code
from contest.errors import RuleBroken
from contest.exchange.bundle.dump import dump_bundle
from contest.exchange.bundle.model import READ_TABLES, Bundle
from contest.exchange.counting import counts
from contest.exchange.forms.problems import sentence as problem_sentence
from contest.exchange.queries import Reading, bundle_of, read_path, results_bundle, round_assignments, taken_problem
from contest.exchange.roundplan import plan_csv, read_plan
from contest.exchange.services import import_plan, load_bundle
from contest.infra import clock
from contest.infra.bundle_files import read_table
from contest.infra.db import one_moment, unit_of_work
from contest.judging.cli import judging, round_named
from contest.results import verify_results
from contest.results.cli import results
from contest.web.messages import sentence
from contest.web.testmark import marked_name, say_test


@editions.command("load")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check and count, write nothing.")
@click.option("--code", default="", help="Load under this code instead of the bundle's own.")
@click.option(
    "--locale", type=click.Choice(["en", "vi"]), default="en", show_default=True, help="Language of messages."
)
def load(path: Path, dry_run: bool, code: str, locale: str) -> None:
    """Create an edition from the bundle at PATH, a folder or a .zip: all of it or nothing."""
    with force_locale(locale):
        try:
            reading = read_path(path, check_edition_code(code) if code else "")
            bundle = _sound(reading)
            if not dry_run:
                with unit_of_work():
                    load_bundle(bundle, actor_id=None, now=clock.now())
        except RuleBroken as refused:
            raise click.ClickException(sentence(refused)) from refused
    _print_counts(bundle, "would be loaded, nothing is written" if dry_run else "is loaded")


def _sound(reading: Reading) -> Bundle:
    """Print what was found, and leave with 1 when the bundle cannot be loaded."""
    taken = taken_problem(reading.bundle.edition.code) if reading.bundle else None
    problems = (*reading.problems, *((taken,) if taken else ()))
    for warning in reading.warnings:
        click.echo(f"warning: {problem_sentence(warning)}", err=True)
    for problem in problems:
        click.echo(problem_sentence(problem), err=True)
    if reading.bundle is None or problems:
        click.echo(f"problems: {len(problems)}; nothing is written", err=True)
        raise SystemExit(1)
    return reading.bundle


def _print_counts(bundle: Bundle, outcome: str) -> None:
    click.echo(f"edition {bundle.edition.code} {outcome}")
    for name, number in counts(bundle).items():
        click.echo(f"{number:>8}  {name}")


@editions.command("dump")
@click.argument("edition_code", metavar="EDITION")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
def dump(edition_code: str, folder: Path) -> None:
    """Write EDITION as a bundle into DIR; an older bundle there is replaced, other files stay."""
    edition = edition_by_code(edition_code)
    if edition is None:
        raise click.ClickException(f"there is no edition {edition_code!r}")
    sheets = [name for name in (f"{stem}.xlsx" for stem in READ_TABLES) if (folder / name).exists()]
    if sheets:
        raise click.ClickException(f"{folder} holds {', '.join(sheets)}: choose another folder")
    say_test(edition)
    with one_moment():
        bundle = bundle_of(edition.id)
    write_folder(folder, dump_bundle(bundle))
    _print_counts(bundle, f"is written to {folder}")


def write_folder(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for stem in READ_TABLES:
        if f"{stem}.csv" not in files:  # a table of an older dump would be read as this edition's
            (folder / f"{stem}.csv").unlink(missing_ok=True)
    for name, data in files.items():
        partial = folder / f"{name}.part"
        partial.write_bytes(data)
        partial.replace(folder / name)


@results.command("bundle")
@click.argument("edition_code", metavar="EDITION")
@click.argument("round_code", metavar="ROUND")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The .zip to write.")
def bundle(edition_code: str, round_code: str, out: Path) -> None:
    """Write what anybody needs to check the results of ROUND: from the frozen results of it and the rounds before."""
    edition = edition_by_code(edition_code)
    if edition is None:
        raise click.ClickException(f"there is no edition {edition_code!r}")
    round_ = round_by_code(edition.id, round_code)
    if round_ is None:
        raise click.ClickException(f"edition {edition_code!r} has no round {round_code!r}")
    say_test(edition)
    with force_locale("en"):
        try:
            content = results_bundle(round_)
        except RuleBroken as refused:
            raise click.ClickException(sentence(refused)) from refused
    out = out.with_name(marked_name(out.name)) if edition.is_test else out
    partial = out.with_name(out.name + ".part")
    partial.write_bytes(content)
    partial.replace(out)
    click.echo(f"{out}: {verify_results.sha256(content)}")


@results.command("verify")
@click.argument("path", metavar="BUNDLE", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
@click.option("--fingerprint", default="", help="The one that was announced.")
def verify(path: Path, language: str, fingerprint: str) -> None:
    """Check a results bundle (.zip or folder) by the script that travels in it; exit with 0 only if all agrees."""
    options = [str(path), "--language", language]
    options += ["--fingerprint", fingerprint] if fingerprint else []
    raise SystemExit(verify_results.main(options, click.echo))


@judging.command("assignments")
@click.argument("edition_code", metavar="EDITION")
@click.argument("round_code", metavar="ROUND")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The assignments.csv to write.")
@click.option(
    "--import",
    "given",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An assignments.csv, or its .xlsx, to put in force.",
)
@click.option("--dry-run", is_flag=True, help="Check the file, write nothing.")
@click.option("--reason", default="", help="Why the round changes although it has its first score.")
def assignments(
    edition_code: str, round_code: str, out: Path | None, given: Path | None, dry_run: bool, reason: str
) -> None:
    """Write the assignments of ROUND as a file, or make a file its assignments: all of it or nothing."""
    if (out is None) == (given is None):
        raise click.UsageError("say either --out FILE.csv or --import FILE.csv")
    round_ = round_named(edition_code, round_code)
    if out is not None:
        rows = round_assignments(round_).rows
        partial = out.with_name(out.name + ".part")
        partial.write_bytes(plan_csv(round_.code, rows))
        partial.replace(out)
        click.echo(f"{out}: {len(rows)} assignments")
    elif given is not None:
        _import_assignments(round_, given, reason, dry_run=dry_run)


def _import_assignments(round_: RoundFacts, given: Path, reason: str, *, dry_run: bool) -> None:
    with force_locale("en"):
        try:
            table = read_table(given.name, given.read_bytes())
            plan = read_plan(table, round_assignments(round_).scope)
            problems = table.problems or plan.problems
            for problem in problems:
                click.echo(problem_sentence(problem), err=True)
            if problems:
                raise click.ClickException(f"problems: {len(problems)}; nothing is written")
            if dry_run:
                click.echo(f"{len(plan.pairs)} assignments would be in force. Nothing was changed.")
                return
            with unit_of_work():
                applied = import_plan(
                    edition_id=round_.edition_id,
                    round_id=round_.id,
                    pairs=plan.pairs,
                    reason=reason,
                    actor_id=None,
                    now=clock.now(),
                )
        except RuleBroken as refused:
            raise click.ClickException(sentence(refused)) from refused
    click.echo(f"{applied.added} added, {applied.removed} taken away, {applied.kept} kept.")

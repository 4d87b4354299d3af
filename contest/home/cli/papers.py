"""`flask results papers`: everything that the committee takes along on award night, written whole or not at all."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import click
from flask import current_app, url_for
from flask_babel import force_locale

from contest.certificates.exports.batch import batch_pdf
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.queries import edition_by_code, round_by_code
from contest.errors import RuleBroken
from contest.exchange.queries import results_bundle
from contest.feedback.exports import letters_pdf
from contest.infra import clock
from contest.papers.exports import PDF, WORD, make_paper
from contest.papers.kinds import KINDS, LANGUAGES, Paper
from contest.papers.queries import Dossier, dossier_of
from contest.results.cli import results
from contest.results.exports import (
    Extras,
    file_name,
    provenance,
    ranking_csv,
    ranking_json,
    round_workbook,
    workbook_name,
)
from contest.results.queries.desk import desk_notes, told_awards
from contest.web.mailing import absolute
from contest.web.messages import sentence
from contest.web.testmark import marked_name, say_test

INDEX = "SHA256SUMS"
BOTH = "both"
File = tuple[str, bytes]
Step = tuple[str, Callable[[], Iterator[File]]]


@results.command("papers")
@click.argument("edition_code", metavar="EDITION")
@click.argument("round_code", metavar="ROUND")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to write; it must not exist.")
@click.option("--language", type=click.Choice([*LANGUAGES, BOTH]), default="vi", show_default=True)
def papers(edition_code: str, round_code: str, out: Path, language: str) -> None:
    """Write every paper of ROUND, workbook, CSV, JSON and the proof into one folder, with the SHA-256 of each file."""
    edition, round_ = _find(edition_code, round_code)
    if out.exists():
        raise click.ClickException(f"{out} exists already: choose another folder, nothing is overwritten")
    with current_app.test_request_context(base_url=current_app.config["BASE_URL"]), force_locale("en"):
        try:
            dossier = dossier_of(edition, round_)
            steps = _steps(dossier, LANGUAGES if language == BOTH else (language,), clock.now())
            count = _write(out, steps, test=edition.is_test)
        except RuleBroken as refused:
            raise click.ClickException(sentence(refused)) from refused
        for paper in Paper:
            why = dossier.refusal(paper)
            if why:
                click.echo(f"left out {paper.value}: {sentence(RuleBroken(why, round=round_.name))}", err=True)
    click.echo(f"{out}: {count} files, fingerprint {dossier.snapshot.fingerprint}")


def _find(edition_code: str, round_code: str) -> tuple[EditionFacts, RoundFacts]:
    edition = edition_by_code(edition_code)
    if edition is None:
        raise click.ClickException(f"there is no edition {edition_code!r}")
    round_ = round_by_code(edition.id, round_code)
    if round_ is None:
        raise click.ClickException(f"edition {edition_code!r} has no round {round_code!r}")
    say_test(edition)
    return edition, round_


def _steps(dossier: Dossier, languages: tuple[str, ...], now: datetime) -> list[Step]:
    """Return what is to be made, each with the name that the progress bar shows."""
    steps: list[Step] = []
    for paper in Paper:
        if not dossier.refusal(paper):
            steps += [(f"{paper.value} ({one})", _paper(dossier, paper, one)) for one in languages]
    steps += [(f"workbook ({one})", _workbook(dossier, one, now)) for one in languages]
    steps.append(("proof", lambda: iter([(f"results-bundle_{dossier.round.code}.zip", results_bundle(dossier.round))])))
    steps.append(("certificates", lambda: _certificates(dossier, now)))
    steps.append(("letters", lambda: _letters(dossier)))
    return steps


def _paper(dossier: Dossier, paper: Paper, language: str) -> Callable[[], Iterator[File]]:
    def files() -> Iterator[File]:
        door = "" if dossier.edition.is_rehearsal else url_for("door.door", edition_code=dossier.edition.code)
        address = absolute(door) if door else ""
        for form in (PDF, WORD) if KINDS[paper].word else (PDF,):
            made = make_paper(dossier, paper, language, form, address=address)
            yield f"{language}/{made.name}", made.content

    return files


def _workbook(dossier: Dossier, language: str, now: datetime) -> Callable[[], Iterator[File]]:
    def files() -> Iterator[File]:
        report = dossier.report
        source = provenance(
            report, dossier.snapshot, actor="flask results papers", now=now, test=dossier.edition.is_test
        )
        awards, settled = told_awards(dossier.edition.id)
        extras = Extras(awards, settled, desk_notes(dossier.round.id))
        yield (
            f"{language}/{workbook_name(report, now)}",
            round_workbook(report, source, locale=language, extras=extras),
        )
        yield f"{language}/{file_name(report, now, 'csv')}", ranking_csv(report, source, locale=language)
        yield f"{language}/{file_name(report, now, 'json')}", ranking_json(report, source)

    return files


def _certificates(dossier: Dossier, now: datetime) -> Iterator[File]:
    """Yield the certificates that are issued on these results; nothing while there are none."""
    made = batch_pdf(
        dossier.edition,
        storage=current_app.extensions["storage"],
        base=current_app.config["BASE_URL"],
        now=now,
        round_id=dossier.round.id,
    )
    if made is not None:
        yield f"certificates_{dossier.round.code}.pdf", made


def _letters(dossier: Dossier) -> Iterator[File]:
    """Yield the letters that are released to the teams, in one file; nothing while there are none."""
    try:
        made = letters_pdf(dossier.edition, dossier.round)
    except RuleBroken as refused:
        if refused.code != "letters_none":
            raise
    else:
        yield f"letters_{dossier.round.code}.pdf", made


def _shown(step: Step | None) -> str:
    return step[0] if step else ""


def _write(out: Path, steps: list[Step], *, test: bool) -> int:
    """Write the files beside `out` and put them there in one move; a failure leaves nothing. Return how many."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        sums = []
        with click.progressbar(steps, label="papers", item_show_func=_shown, file=sys.stderr) as bar:
            for _name, files in bar:
                for name, content in files():
                    path = folder / Path(name).parent / (marked_name(Path(name).name) if test else Path(name).name)
                    path.parent.mkdir(exist_ok=True)
                    path.write_bytes(content)
                    sums.append(f"{hashlib.sha256(content).hexdigest()}  {path.relative_to(folder).as_posix()}\n")
        (folder / INDEX).write_text("".join(sorted(sums, key=lambda one: one[66:])), encoding="utf-8")
        folder.chmod(0o755)
        folder.rename(out)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return len(sums)

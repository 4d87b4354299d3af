"""Long work about certificates: all of them as one PDF or as a .zip, and the mails about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from tempfile import TemporaryFile
from typing import Any

from contest.certificates.exports.batch import printed_of, setting_of
from contest.certificates.exports.files import certificates_pdf, certificates_zip
from contest.certificates.kinds import Kind
from contest.certificates.queries.register import valid_certificates
from contest.certificates.services.register import content_in, keep_file, mail_one
from contest.editions.queries import edition_by_code
from contest.errors import NotFound, RuleBroken
from contest.infra import background, clock
from contest.infra.db import unit_of_work
from contest.infra.storage import current_storage

BATCH_JOB, MAIL_JOB = "certificates.batch", "certificates.mail"
PDF, ZIP = "pdf", "zip"
TYPES = {PDF: "application/pdf", ZIP: "application/zip"}
MOST_BYTES = (1 << 31) - 1
TOLD_EVERY = 10
_WORDS = re.compile(r"\{(?:name|number|contest|address)\}")


@background.kind(BATCH_JOB)
def make_batch(task: background.Task) -> Mapping[str, Any]:
    """Make the file outside of any unit of work, store it whole, then note it; a run that dies leaves no row.

    Arguments `edition`, `what` ("pdf" or "zip"), `kind` ("" for all), `base`. Returns the file's public id.
    """
    edition, what = edition_by_code(task.arguments["edition"]), task.arguments["what"]
    if edition is None:
        raise NotFound
    kind = Kind(task.arguments["kind"]) if task.arguments["kind"] else None
    printed = printed_of(valid_certificates(edition.id, kind=kind))
    if not printed:
        raise RuleBroken("certificates_none")
    now, storage = clock.now(), current_storage()
    setting = setting_of(edition, storage=storage, base=task.arguments["base"], now=now)
    task.report(0, len(printed))
    with TemporaryFile() as made:  # five hundred files are too much for the memory
        if what == ZIP:

            def told(done: int) -> None:
                if done % TOLD_EVERY == 0:
                    task.report(done, len(printed))

            certificates_zip(printed, setting, made, told=told)
        else:
            made.write(certificates_pdf(printed, setting))
        made.seek(0)
        stored = storage.put(made, limit=MOST_BYTES)
    task.report(len(printed), len(printed))
    name = "-".join(part for part in (edition.code, "chung-nhan", task.arguments["kind"]) if part)
    with unit_of_work():
        row = keep_file(
            edition_id=edition.id, stored=stored, filename=f"{name}.{what}", content_type=TYPES[what],
            count=len(printed), actor_id=task.actor_id, now=now,
        )  # fmt: skip
        return {"file": row.public_id, "count": len(printed)}


@background.kind(MAIL_JOB)
def mail_all(task: background.Task) -> Mapping[str, Any]:
    """Put a mail per certificate that may be known into the outbox, each once however often this runs.

    Arguments `edition`, `base`, `subject` and `body` with {name}, {number}, {contest} and {address}. What is not
    published yet is left out, so that no mail tells a result before the ceremony.
    """
    edition = edition_by_code(task.arguments["edition"])
    if edition is None:
        raise NotFound
    rows = [row for row in valid_certificates(edition.id, released=True) if row.email and row.mailed_at is None]
    work = [(row.id, row.code, content_in(row)) for row in rows]
    sent = 0
    for done, (row_id, code, content) in enumerate(work, start=1):
        words = {
            "{name}": content["name"],
            "{number}": content["number"],
            "{contest}": content["said"][content["languages"][0]]["contest"],
            "{address}": f"{task.arguments['base']}/c/{code}",
        }
        texts = [_told(task.arguments[part], words) for part in ("subject", "body")]
        with unit_of_work():
            sent += mail_one(certificate_id=row_id, subject=texts[0], body=texts[1], now=clock.now())
        if done % TOLD_EVERY == 0:
            task.report(done, len(work))
    task.report(len(work), len(work))
    return {"sent": sent}


def _told(text: str, words: Mapping[str, str]) -> str:
    return _WORDS.sub(lambda match: words[match[0]], text)

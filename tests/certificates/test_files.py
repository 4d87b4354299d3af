"""Files of certificates: hostile names come out as they stand, one file holds all, a killed job leaves none."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pypdfium2 as pdfium
import pytest
from flask import Flask
from sqlalchemy import select

from contest.certificates.content import content_of, day_words, number_text
from contest.certificates.exports.batch import batch_pdf, merge_workbook
from contest.certificates.exports.files import Printed, Setting, certificates_pdf, single_name
from contest.certificates.jobs import BATCH_JOB, MAIL_JOB
from contest.certificates.kinds import Kind
from contest.certificates.look import Language, Look
from contest.certificates.models import Certificate, CertificateFile
from contest.certificates.queries.register import register_of
from contest.certificates.roll import Candidate
from contest.editions.rules import LocalText
from contest.infra import background
from contest.infra.db import db, unit_of_work
from contest.infra.mail import OutboxMail
from contest.infra.signing import fingerprint
from tests.certificates.conftest import HOSTILE, Night
from tests.factories import NOON

LONG = "Một ý tưởng rất dài " * 15


def texts(pdf: bytes) -> list[str]:
    found = pdfium.PdfDocument(pdf)
    read = (unicodedata.normalize("NFC", page.get_textpage().get_text_range()) for page in found)
    return [" ".join(text.split()) for text in read]


def printed(name: str, look: Look, **values: Any) -> Printed:
    one = Candidate(Kind.WINNER, name, award=LocalText("Giải Nhất", "First prize"), team="Đội X", **values)
    content = content_of(
        one, look, number=number_text(7, 2026, look.series), contest=LocalText("Cuộc thi", "Contest"),
        organiser="UBND Phường", day=date(2026, 2, 5),
    )  # fmt: skip
    return Printed(content, "b" * 28, fingerprint(content))


@pytest.mark.parametrize("landscape", [True, False])
@pytest.mark.parametrize("language", list(Language))
def test_hostile_names_are_printed_as_they_stand_each_on_one_page(language: Language, *, landscape: bool) -> None:
    look = replace(Look(), language=language, landscape=landscape)
    names = [*HOSTILE, "Ánh 🌟 Dương", "x" * 120, "Nguyễn " * 25]
    pages = [printed(name, look, title=LONG) for name in names]
    found = texts(certificates_pdf(pages, Setting(look, "Chứng nhận", "https://thi.example", NOON)))
    assert len(found) == len(names)
    for name, text in zip(["=1+1", "+84 903", "-5%", "@x", "Đỗ Thị Ỷ", "Nguyễn Văn"], found, strict=False):
        assert name in text
    assert "#let x = [*a*] $b$" in found[7]
    assert found[9].replace("\ufffe", "").replace("\u200b", "").replace(" ", "").count("x" * 120) == 1
    head = "CERTIFICATE" if language is Language.EN else "GIẤY CHỨNG NHẬN"
    assert all(head in text and "7/2026/GCN-BTC" in text for text in found)


def test_days_are_written_as_official_papers_do() -> None:
    assert day_words(date(2026, 2, 5), "vi") == "ngày 05 tháng 02 năm 2026"
    assert day_words(date(2026, 11, 22), "vi") == "ngày 22 tháng 11 năm 2026"
    assert day_words(date(2026, 2, 5), "en") == "5 February 2026"


def test_a_file_is_named_after_number_and_person() -> None:
    assert single_name(printed("Đỗ Thị Ỷ", Look())) == "007-do-thi-y"
    assert single_name(printed("../..", Look())) == "007"


@pytest.mark.both_databases
def test_the_batch_of_a_round_is_one_pdf_in_the_order_of_the_numbers(night: Night) -> None:
    wish: dict[str, Any] = {"storage": night.app.extensions["storage"], "base": "https://thi.example", "now": NOON}
    assert batch_pdf(night.facts, **wish) is None
    night.consent()
    night.issue(Kind.WINNER)
    night.issue(Kind.JUDGE)
    whole = batch_pdf(night.facts, **wish)
    of_round = batch_pdf(night.facts, round_id=night.round.id, **wish)
    assert whole is not None
    assert of_round is not None
    assert [f"{n}/2026/GCN-BTC" in text for n, text in enumerate(texts(whole), start=1)] == [True] * 3
    assert len(texts(of_round)) == 2
    assert batch_pdf(night.facts, round_id=night.round.id, **wish) == of_round


@pytest.mark.both_databases
def test_the_list_for_a_mail_merge_holds_texts_only_and_computes_nothing(night: Night) -> None:
    night.consent()
    night.issue(Kind.WINNER)
    with unit_of_work() as session:
        row = session.scalars(select(Certificate).where(Certificate.sequence == 1)).one()
        content = {**json.loads(row.content), "name": "=1+1", "team": "+84 903"}
        row.content = json.dumps(content)
    with night.app.test_request_context(headers={"Accept-Language": "vi"}):
        data = merge_workbook(night.facts, base="https://thi.example", now=NOON)
    (sheet,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    heading, *rows = sheet.iter_rows()
    assert [cell.value for cell in heading][:3] == ["Số vào sổ", "Loại", "Họ và tên"]
    assert [[row[place].value for place in (0, 2, 3, 4, 7, 10)] for row in rows] == [
        ["1/2026/GCN-BTC", "=1+1", "Giải Nhất", "+84 903", "08/10/2026", "Có hiệu lực"],
        ["2/2026/GCN-BTC", "Em 1", "Giải Nhất", "Đội +84 903", "08/10/2026", "Có hiệu lực"],
    ]
    assert {cell.data_type for row in rows for cell in row if cell.value is not None} == {"s"}


def enqueue(night: Night, job_kind: str, **arguments: str) -> str:
    asked = {"edition": night.edition.code, "base": "https://thi.example", **arguments}
    with unit_of_work():
        scope = f"edition:{night.edition.id}"
        job = background.enqueue(scope=scope, kind=job_kind, arguments=asked, actor_id=night.organiser.id, now=NOON)
        return str(job.public_id)


@pytest.mark.both_databases
def test_a_zip_holds_a_pdf_per_certificate(night: Night) -> None:
    night.consent()
    night.issue(Kind.WINNER)
    public = enqueue(night, BATCH_JOB, what="zip", kind="")
    assert background.run_next()
    job = background.job_of(f"edition:{night.edition.id}", public)
    assert job is not None
    assert (job.error, job.done, job.total) == ("", 2, 2)
    row = db.session.query(CertificateFile).one()
    with night.app.extensions["storage"].open(row.storage_key) as stream, zipfile.ZipFile(stream) as archive:
        assert archive.namelist() == ["001-em-0.pdf", "002-em-1.pdf"]
        assert "Em 1" in texts(archive.read("002-em-1.pdf"))[0]


@pytest.mark.both_databases
def test_mails_leave_once_and_never_before_publication(night: Night) -> None:
    night.consent()
    night.issue(Kind.WINNER)
    night.issue(Kind.JUDGE)
    texts_of_mail = {"subject": "{name}: {contest}", "body": "{number} {address}"}

    def mails() -> list[tuple[str, str]]:
        enqueue(night, MAIL_JOB, **texts_of_mail)
        assert background.run_next()
        db.session.rollback()
        return [(mail.recipient, mail.body) for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)]

    judge = register_of(night.edition.id)[2]
    first = [("judge@example.org", f"3/2026/GCN-BTC https://thi.example/c/{judge.code}")]
    assert mails() == first
    night.publish()
    winner = register_of(night.edition.id)[0]
    both = [*first, (night.captain.email, f"1/2026/GCN-BTC https://thi.example/c/{winner.code}")]
    assert mails() == both
    assert mails() == both


KILLED = """
import os, signal, sys
from config import from_env
from contest import create_app
from contest.certificates import jobs
from contest.infra import background, storage
copy = storage.LocalStorage._copy
def half(store, stream, target, limit):
    copy(store, stream, target, limit)
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[1] == "storing":
    storage.LocalStorage._copy = half
else:
    keep = jobs.keep_file
    jobs.keep_file = lambda **values: (keep(**values), os.kill(os.getpid(), signal.SIGKILL))
app = create_app(from_env())
with app.app_context():
    background.run_next()
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.both_databases
@pytest.mark.parametrize("moment", ["storing", "noting"])
def test_killed_in_the_middle_there_is_a_whole_file_or_none(night: Night, app: Flask, moment: str) -> None:
    night.consent()
    night.issue(Kind.WINNER)
    public = enqueue(night, BATCH_JOB, what="pdf", kind="")
    scope = f"edition:{night.edition.id}"
    db.session.remove()
    environ = {
        **os.environ, "APP_ENV": "test", "DATA_DIR": str(app.config["DATA_DIR"]),
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "BASE_URL": "http://localhost",
    }  # fmt: skip
    child = subprocess.run([sys.executable, "-c", KILLED, moment], env=environ, check=False, timeout=60)
    assert child.returncode == -signal.SIGKILL
    assert db.session.query(CertificateFile).count() == 0
    job = background.job_of(scope, public)
    assert job is not None
    assert job.state is background.JobState.RUNNING
    with unit_of_work():
        background.job_of(scope, public).beat_at = NOON  # type: ignore[union-attr]
    assert background.run_next()  # another process takes it over when no sign of life came for a while
    row = db.session.query(CertificateFile).one()
    with app.extensions["storage"].open(row.storage_key) as stream:
        assert len(texts(stream.read())) == 2

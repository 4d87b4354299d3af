"""The page of the papers: downloads, a signature that a changed byte breaks, signed scans that are filed back."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime, timedelta

import pytest
from asn1crypto import x509 as asn1  # type: ignore[import-untyped]  # it has no types
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from contest.accounts.roles import Role
from contest.infra.audit import AuditEntry
from contest.infra.db import db
from contest.papers import services
from contest.papers.exports import signing
from contest.papers.models import PaperScan
from tests.factories import NOON, Make
from tests.papers.test_exports import text_of
from tests.papers.world import Final

BASE = "/e/mua-thu-2026/organise/results/chung-ket/papers"
PASSWORD = "mật khẩu của chứng thư"
WRONG = "The certificate does not open"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(key: rsa.RSAPrivateKey, since: datetime = NOON - timedelta(days=1)) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Trần Minh Châu")])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=3650))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )


def packed(key: rsa.RSAPrivateKey, made: x509.Certificate) -> bytes:
    return pkcs12.serialize_key_and_certificates(b"x", key, made, None, BestAvailableEncryption(PASSWORD.encode()))


def sign(client: FlaskClient, content: bytes, password: str = PASSWORD, paper: str = "minutes") -> tuple[int, bytes]:
    data = {
        "sign-paper": paper,
        "sign-language": "vi",
        "sign-certificate": (io.BytesIO(content), "khoa.p12"),
        "sign-password": password,
        "sign-reason": "Đã duyệt",
    }
    answer = client.post(f"{BASE}/sign", data=data, content_type="multipart/form-data")
    return answer.status_code, answer.data


def file_scan(client: FlaskClient, content: bytes, name: str, paper: str = "minutes") -> tuple[int, str]:
    data = {"scan-paper": paper, "scan-scan": (io.BytesIO(content), name)}
    answer = client.post(f"{BASE}/scans", data=data, content_type="multipart/form-data")
    return answer.status_code, answer.get_data(as_text=True)


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def page(make: Make, client: FlaskClient, done: Final) -> FlaskClient:
    make.sign_in(client, done.organiser)
    client.set_cookie("locale", "en")
    return client


def test_every_paper_that_is_offered_can_be_downloaded(page: FlaskClient, done: Final) -> None:
    body = page.get(BASE).get_data(as_text=True)
    links = [part.partition('"')[0].replace("&amp;", "&") for part in body.split('href="')[1:]]
    files = [link for link in links if link.startswith(f"{BASE}/") and "?language=" in link]
    assert len(files) == 11 * 2 + 8 * 2
    assert done.dossier.snapshot.fingerprint[:16] in body
    for link in files:
        answer = page.get(link)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        start = b"%PDF-" if ".pdf" in link else b"PK\x03\x04"
        assert answer.data.startswith(start)


def test_the_language_is_the_one_that_is_asked_for(page: FlaskClient, done: Final) -> None:
    vietnamese = text_of(page.get(f"{BASE}/tally.pdf?language=vi").data)
    english = text_of(page.get(f"{BASE}/tally.pdf?language=en").data)
    assert "BIÊNBẢNKIỂMPHIẾU" in vietnamese
    assert "MINUTESOFTHECOUNT" in english
    assert page.get(f"{BASE}/tally.pdf?language=xx").data == page.get(f"{BASE}/tally.pdf?language=en").data


@pytest.mark.parametrize("name", ["nothing.pdf", "badges.docx", "minutes.odt", "scans/zzzzzzzzzz"])
def test_what_there_is_not_is_not_found(page: FlaskClient, done: Final, name: str) -> None:
    assert page.get(f"{BASE}/{name}").status_code == 404


def test_before_the_results_are_final_the_page_says_why(make: Make, client: FlaskClient, noon: datetime) -> None:
    edition = make.edition()
    make.round(edition, "chung-ket", name_en="Final")
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    client.set_cookie("locale", "en")
    body = client.get(BASE).get_data(as_text=True)
    assert "The results of Final are not final yet." in body
    assert ".pdf" not in body
    assert client.get(f"{BASE}/minutes.pdf").status_code == 409
    assert sign(client, b"x")[0] == 409
    assert file_scan(client, jpeg(), "a.jpg")[0] == 409


def test_a_judge_sees_no_paper_and_an_observer_files_none(make: Make, client: FlaskClient, done: Final) -> None:
    make.sign_in(client, make.member(done.row, Role.JUDGE))
    assert client.get(BASE).status_code == 403
    assert client.get(f"{BASE}/minutes.pdf").status_code == 403
    make.sign_in(client, make.member(done.row, Role.OBSERVER))
    assert client.get(f"{BASE}/minutes.pdf").status_code == 200
    assert "<form" not in client.get(BASE).get_data(as_text=True).partition('id="main"')[2]
    assert file_scan(client, jpeg(), "a.jpg")[0] == 403


def test_a_signature_holds_and_a_changed_byte_breaks_it(page: FlaskClient, done: Final, key: rsa.RSAPrivateKey) -> None:
    made = certificate(key)
    status, content = sign(page, packed(key, made))
    assert status == 200
    assert _validity(content, made) == (True, True, True)
    assert "BIÊNBẢNHỌPHỘIĐỒNGGIÁMKHẢO" in text_of(content)
    flipped = bytearray(content)
    flipped[2_000] ^= 1
    intact, _trusted, _whole = _validity(bytes(flipped), made)
    assert not intact
    entry = db.session.query(AuditEntry).filter_by(action="paper.signed").one()
    assert entry.facts["signer"] == "Trần Minh Châu"
    assert PASSWORD not in str(entry.facts)


def _validity(content: bytes, made: x509.Certificate) -> tuple[bool, bool, bool]:
    root = asn1.Certificate.load(made.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=NOON)
    signature = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    status = validate_pdf_signature(signature, signer_validation_context=context)
    return (
        status.intact and status.valid,
        status.trusted,
        status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
    )


def test_a_certificate_that_cannot_sign_is_told_and_not_kept(
    app: Flask, page: FlaskClient, done: Final, key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "MOST_BYTES", 10_000)
    made = certificate(key)
    kept = list(app.extensions["storage"].keys())
    old = packed(key, certificate(key, NOON - timedelta(days=5000)))
    for content, password, words in (
        (packed(key, made), "sai", WRONG),
        (b"this is no certificate", PASSWORD, WRONG),
        (b"", PASSWORD, "The certificate file is empty"),
        (b"0" * 10_001, PASSWORD, "at most 1 MB"),
        (old, PASSWORD, "The certificate is valid from"),
        (pkcs12.serialize_key_and_certificates(b"x", None, made, None, BestAvailableEncryption(PASSWORD.encode())),
         PASSWORD, "no private key"),
    ):  # fmt: skip
        status, body = sign(page, content, password)
        assert status == 422
        assert words in body.decode()
        assert PASSWORD not in body.decode()
    assert list(app.extensions["storage"].keys()) == kept
    assert db.session.query(AuditEntry).filter_by(action="paper.signed").count() == 0


@pytest.mark.both_databases
def test_a_scan_is_filed_with_its_hash_and_comes_back_whole(make: Make, client: FlaskClient, done: Final) -> None:
    make.sign_in(client, done.organiser)
    client.set_cookie("locale", "en")
    content = client.get(f"{BASE}/minutes.pdf").data
    assert file_scan(client, content, "Biên bản đã ký.pdf")[0] == 303
    assert file_scan(client, jpeg(), "trang 1.JPG", "tally")[0] == 303
    body = client.get(BASE).get_data(as_text=True)
    digest = hashlib.sha256(content).hexdigest()
    assert digest in body
    assert "Biên bản đã ký.pdf" in body
    assert "Trần Minh Châu, 08/10/2026 12:00, results version 1" in body
    row = db.session.query(PaperScan).filter_by(sha256=digest).one()
    assert (row.fingerprint, row.version) == (done.dossier.snapshot.fingerprint, 1)
    with client.get(f"{BASE}/scans/{row.public_id}") as answer:
        assert answer.data == content
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == "private, no-store"
    entries = db.session.query(AuditEntry).filter_by(action="paper.scan_filed").order_by(AuditEntry.id).all()
    assert entries[0].facts["sha256"] == digest


def test_a_scan_that_is_none_is_refused_and_leaves_nothing(
    app: Flask, page: FlaskClient, done: Final, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = page.get(f"{BASE}/tally.pdf").data
    monkeypatch.setattr(services, "MOST_BYTES", len(whole) + 99_999)
    assert file_scan(page, whole, "a.pdf")[0] == 303
    kept = sorted(app.extensions["storage"].keys())
    for content, name, words in (
        (b"MZ\x90", "virus.exe", "cannot be filed"),
        (b"<html>", "a.pdf", "is not what its name says"),
        (whole[:3_000], "a.pdf", "is damaged"),
        (whole, "a.jpg", "is not what its name says"),
        (whole + b"\n" * 100_000, "a.pdf", "has more than"),
        (whole, "other.pdf", "is filed with this paper already"),
    ):
        status, body = file_scan(page, content, name)
        assert status == 422
        assert words in body
    assert sorted(app.extensions["storage"].keys()) == kept


def test_scans_of_older_results_say_so(page: FlaskClient, done: Final) -> None:
    assert file_scan(page, jpeg(), "a.jpg")[0] == 303
    assert "of older results" not in page.get(BASE).get_data(as_text=True)
    db.session.query(PaperScan).update({"fingerprint": "0" * 64})
    db.session.commit()
    assert "of older results" in page.get(BASE).get_data(as_text=True)

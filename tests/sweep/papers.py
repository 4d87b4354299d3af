"""Papers of a world: a scan that is filed, and a certificate that can sign."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from flask import Flask

from contest.editions.queries import round_by_code
from contest.infra.db import db, unit_of_work
from contest.papers import services
from contest.papers.kinds import Paper
from contest.papers.models import PaperScan
from contest.papers.queries import dossier_of
from tests.factories import NOON, Make

if TYPE_CHECKING:
    from contest.editions.models import Edition
    from tests.sweep.world import Side


SCAN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
)


def file_one(app: Flask, make: Make, edition: Edition, side: Side) -> None:
    """File a signed paper of the published round, and name what the addresses of papers are made of."""
    facts = make.facts(edition)
    round_ = round_by_code(facts.id, side.ids["round_code"][0])
    assert round_ is not None
    storage, stream = app.extensions["storage"], BytesIO(SCAN + b"%filed\n")
    with services.received_scan(storage, stream, filename="bien-ban.pdf") as received, unit_of_work():
        services.file_scan(
            round_=round_, snapshot=dossier_of(facts, round_).snapshot, paper=Paper.TALLY, received=received,
            actor_id=side.people["organiser"].id, now=NOON,
        )  # fmt: skip
    found = db.session.query(PaperScan.public_id).filter_by(round_id=round_.id).one()
    side.ids |= {"scan_id": [found.public_id], "scanned round": [round_.code], "printed paper": ["minutes", "tally"]}


@cache
def certificate() -> bytes:
    """Return a PKCS#12 file without a password, valid around NOON."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Ban To chuc")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(5)
        .not_valid_before(NOON - timedelta(days=1))
        .not_valid_after(NOON + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(b"btc", key, made, None, NoEncryption())

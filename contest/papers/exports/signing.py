"""A paper signed as PAdES with the organiser's own certificate, which is read once and kept nowhere."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from contest.errors import RuleBroken
from contest.lazy import lazy

if TYPE_CHECKING:
    from pyhanko.pdf_utils import incremental_writer
    from pyhanko.sign import fields, signers
else:
    incremental_writer = lazy("pyhanko.pdf_utils.incremental_writer")
    fields = lazy("pyhanko.sign.fields")
    signers = lazy("pyhanko.sign.signers")

MOST_BYTES = 1 << 20
FIELD = "BangVang"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed PDF, and whom the certificate names."""

    content: bytes
    signer: str


def signed(content: bytes, *, certificate: bytes, password: str, reason: str, now: datetime) -> Signed:
    """Return a PDF with a PAdES signature over all of it; `certificate` is a PKCS#12 file (.p12, .pfx).

    Raises `RuleBroken` "certificate_empty", "certificate_too_large", "certificate_not_opened" (a wrong password or no
    such file), "certificate_without_key", "certificate_not_valid" (`since`, `until`) or "certificate_cannot_sign".
    """
    name = _checked(certificate, password, now)
    signer = signers.SimpleSigner.load_pkcs12_data(certificate, other_certs=[], passphrase=password.encode() or None)
    if signer is None:
        raise RuleBroken("certificate_not_opened")
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason or None,
        name=name,
    )
    out = io.BytesIO()
    writer = incremental_writer.IncrementalPdfFileWriter(io.BytesIO(content))
    try:
        signers.sign_pdf(writer, meta, signer=signer, output=out)
    except Exception as failed:  # the library raises whatever a strange key makes it stumble over
        raise RuleBroken("certificate_cannot_sign") from failed
    return Signed(out.getvalue(), name)


def _checked(certificate: bytes, password: str, now: datetime) -> str:
    """Return the name in a certificate that can sign now."""
    if not certificate:
        raise RuleBroken("certificate_empty")
    if len(certificate) > MOST_BYTES:
        raise RuleBroken("certificate_too_large")
    try:
        key, found, _others = pkcs12.load_key_and_certificates(certificate, password.encode() or None)
    except Exception as refused:  # ValueError mostly; broken files raise others, and none may reach a page
        raise RuleBroken("certificate_not_opened") from refused
    if key is None or found is None:
        raise RuleBroken("certificate_without_key")
    if not found.not_valid_before_utc <= now <= found.not_valid_after_utc:
        raise RuleBroken("certificate_not_valid", since=found.not_valid_before_utc, until=found.not_valid_after_utc)
    return _name(found)


def _name(certificate: x509.Certificate) -> str:
    named = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(named[0].value) if named else certificate.subject.rfc4514_string()

"""The public page that proves a certificate: what it says and its fingerprint, or the same answer for all else.

Whoever holds the code holds the certificate, so the page also gives its PDF, drawn anew. A code that nobody was given
and one whose results are not published yet are answered alike, byte for byte, by the same one query.
"""

from __future__ import annotations

from flask import abort, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from contest.certificates.forms import KIND_WORDS
from contest.certificates.kinds import Kind
from contest.certificates.queries.register import Proof, certificate_of, proof_of
from contest.certificates.views.blueprint import own
from contest.certificates.views.register import pdf_of
from contest.editions.queries import editions_by_ids
from contest.infra import clock
from contest.infra.cache import FrozenCache
from contest.web.compression import Packed, page
from contest.web.formats import is_english
from contest.web.guards import public
from contest.web.limits import limiter
from contest.web.stencil import Stencil, hole

KEPT_SECONDS = 60
_frames: FrozenCache[Stencil] = FrozenCache(size=16)
_bodies: FrozenCache[Packed] = FrozenCache(size=1024)


def read_code(typed: str) -> str:
    """Return a code as it is stored: a hand that types it may write hyphens and capitals."""
    return typed.replace("-", "").replace(" ", "").lower()


@own.get("/c/<token>")
@public
def proof(token: str) -> ResponseReturnValue:
    code = read_code(token)
    found = proof_of(code)
    # Kept under everything that it shows: a certificate that is revoked is another proof, at once and in each process.
    body = _bodies.get((found, code if found else "", is_english()), lambda: _drawn(found, code))
    answer = page(_frame().parts({"csrf": generate_csrf(), "proof": body, "here": str(escape(request.path))}))
    answer.status_code = 200 if found else 404
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def _drawn(found: Proof | None, code: str) -> Packed:
    said = {} if found is None else _said(found)
    return Packed(render_template("certificates/_proof.html", proof=found, code=code, **said))


def _said(found: Proof) -> dict[str, object]:
    content = found.content
    languages = content["languages"]
    chosen = "en" if is_english() else "vi"
    language = chosen if chosen in languages else languages[0]
    kind = KIND_WORDS[Kind(content["kind"])]
    return {"content": content, "said": content["said"][language], "kind": kind, "language": language}


def _frame() -> Stencil:
    # After the ceremony a hall of phones asks at once: what stands around the proof is drawn once a minute.
    if current_user.is_authenticated or request.query_string or "_flashes" in session:
        return _rendered()
    look = (is_english(), request.cookies.get("theme"))
    minute = int(clock.now().timestamp()) // KEPT_SECONDS
    return _frames.get((look, minute), _rendered)


def _rendered() -> Stencil:
    html = render_template("certificates/proof.html", inside=hole("proof"))
    # The forms of language and colours come back here: the next visitor's page must not hold this one's address.
    return Stencil(html.replace(generate_csrf(), hole("csrf")).replace(str(escape(request.path)), hole("here")))


@own.get("/c/<token>/certificate.pdf")
@public
@limiter.limit("60 per minute")
def proven_pdf(token: str) -> ResponseReturnValue:
    found = proof_of(read_code(token))
    if found is None or found.revoked_at is not None or found.hides:
        abort(404)  # a paper with a name that is not to be told is not drawn anew
    edition = editions_by_ids([found.edition_id])[0]
    row = certificate_of(edition.id, found.public_id)
    if row is None:
        abort(404)
    g.edition = edition
    return pdf_of(edition, row)

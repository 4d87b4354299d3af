"""The certificates of an edition, from its register to files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

from flask_babel import gettext as _

from contest.certificates.exports.files import Printed, Setting, certificates_pdf
from contest.certificates.forms import KIND_WORDS
from contest.certificates.kinds import Kind
from contest.certificates.models import Certificate
from contest.certificates.queries.register import look_of, register_of, valid_certificates
from contest.certificates.services.register import content_in
from contest.editions.facts import EditionFacts
from contest.infra.storage import Storage
from contest.infra.workbook import Column, Properties, Sheet, write_workbook

MARK = "TEST"
DAY = "%d/%m/%Y"


def batch_pdf(
    edition: EditionFacts,
    *,
    storage: Storage,
    base: str,
    now: datetime,
    round_id: int | None = None,
    kind: Kind | None = None,
) -> bytes | None:
    """Return all valid certificates of an edition as one PDF, by number; none while none is issued.

    `round_id`: only those that rest on this round's results; `kind`: only of this kind. `base`: the site's address.
    """
    rows = valid_certificates(edition.id, kind=kind, round_id=round_id)
    if not rows:
        return None
    return certificates_pdf(printed_of(rows), setting_of(edition, storage=storage, base=base, now=now))


def printed_of(rows: Sequence[Certificate]) -> list[Printed]:
    """Return entries of the register as what is printed."""
    return [Printed(content_in(row), row.code, row.fingerprint) for row in rows]


def setting_of(edition: EditionFacts, *, storage: Storage, base: str, now: datetime) -> Setting:
    """Return how the certificates of an edition are printed; without a logo of their own they bear the edition's."""
    facts = look_of(edition.id)
    return Setting(
        look=facts.look,
        title=edition.name.in_(facts.look.speaks[0]),
        base=base,
        made_at=now,
        test=edition.is_test,
        background=read(storage, facts.background_key),
        logo=read(storage, facts.logo_key or edition.logo_key),
    )


def read(storage: Storage, key: str | None) -> bytes | None:
    """Return a stored file, none without a key or when the file is gone."""
    if key is None or not storage.exists(key):
        return None
    out = BytesIO()
    with storage.open(key) as stream:
        out.write(stream.read())
    return out.getvalue()


def merge_workbook(edition: EditionFacts, *, base: str, now: datetime) -> bytes:
    """Return the register as an .xlsx for a mail merge, valid and revoked ones, by number.

    One sheet with its headings in the very first row. Every cell is a text, so that a name like "=1+1" is printed as
    it stands and never computed. `base`: the site's address.
    """
    rows = [_row(row, base, edition) for row in register_of(edition.id)]
    mark = MARK if edition.is_test else ""
    name = edition.name.in_("vi")
    columns = (
        *(Column(_("Number in the register"), 18), Column(_("Kind"), 18), Column(_("Full name"), 28)),
        *(Column(_("Award"), 26), Column(_("Team"), 26), Column(_("Idea"), 40), Column(_("What it says"), 60)),
        *(Column(_("Date"), 12), Column(_("Address to check"), 44), Column(_("Fingerprint"), 30)),
        Column(_("State"), 16),
    )
    sheet = Sheet(_("Certificate merge"), "", columns, rows)
    made = Properties(name, edition.organiser, now, mark)
    return write_workbook([sheet], made, footer=name)


def _row(row: Certificate, base: str, edition: EditionFacts) -> tuple[str, ...]:
    content = content_in(row)
    said = content["said"][content["languages"][0]]
    state = _("Revoked") if row.revoked_at else _("Valid")
    return (
        *(row.number, str(KIND_WORDS[row.kind]), content["name"], said["award"], content["team"], content["title"]),
        *(" ".join(said["lines"]), date.fromisoformat(content["issued_on"]).strftime(DAY)),
        *(f"{base}/c/{row.code}", row.fingerprint, f"{MARK} · {state}" if edition.is_test else state),
    )

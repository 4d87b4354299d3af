"""What every paper of a round says: its head, its day, its foot, and numbers as they are printed."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import segno
from flask_babel import gettext as _

from contest.editions.rules import LocalText
from contest.papers.blocks import Block, Document, Head, Signer
from contest.papers.details import Details
from contest.papers.queries import Dossier
from contest.results.report import Line, RoundReport

TEST = "TEST"
DOTS = "………"


@dataclass(frozen=True, slots=True)
class Desk:
    """A dossier with the language in which a paper is written; the language must be in force, too.

    `address` is where judges and teams sign in at the door; empty where strangers must not learn of the edition.
    """

    dossier: Dossier
    language: str
    address: str = ""

    @property
    def report(self) -> RoundReport:
        """The frozen report."""
        return self.dossier.report

    @property
    def details(self) -> Details:
        """What papers say besides the results."""
        return self.dossier.details

    @property
    def contest(self) -> str:
        """The name of the edition."""
        return self.of(self.report.edition_name)

    @property
    def round(self) -> str:
        """The name of the round."""
        return self.of(self.report.round_name)

    @property
    def day(self) -> datetime:
        """When the results were frozen, in the zone of the edition."""
        return self.at(self.dossier.snapshot.created_at)

    def at(self, moment: datetime) -> datetime:
        """Return a moment in the zone of the edition."""
        return moment.astimezone(ZoneInfo(self.report.timezone))

    def of(self, text: LocalText) -> str:
        """Return a wording in the language of the paper."""
        return text.in_(self.language)

    def number(self, text: str | None) -> str:
        """Return an exact number as printed: with the comma in Vietnamese; a dash for none."""
        if text is None:
            return "–"
        return text if self.language == "en" else text.replace(".", ",")

    def money(self, amount: int) -> str:
        """Return a sum in dong, grouped as the language does, without the unit."""
        grouped = f"{amount:,}"
        return grouped if self.language == "en" else grouped.replace(",", ".")

    def head(self, issuer: str = "", sign: str = "", number: str = "") -> Head:
        """Return the head of a paper: of the issuing body, or of `issuer` under it; `sign` ends its number."""
        body = self.details.issuer or self.report.organiser or self.contest
        return Head(
            superior=body if issuer else self.details.superior,
            issuer=issuer or body,
            number=self._numbered(number, sign) if sign else "",
            motto=(_("SOCIALIST REPUBLIC OF VIET NAM"), _("Independence – Freedom – Happiness")),
            place_and_day=self.place_and_day(),
        )

    def _numbered(self, number: str, sign: str) -> str:
        if "/" in number:  # typed with a sign of its own
            number, _slash, sign = number.partition("/")
        return str(_("No.: %(blank)s/%(sign)s", blank=number or DOTS, sign=sign))

    def place_and_day(self) -> str:
        """Return "………, ngày 05 tháng 10 năm 2026"."""
        day = self.day
        # Nghị định 30/2020: days below ten and the first two months have a zero in front.
        month = f"{day.month:02d}" if day.month <= 2 else str(day.month)  # noqa: PLR2004  January and February
        place = self.details.place or DOTS * 2
        if self.language == "en":
            return f"{place}, {day.day} {day:%B} {day.year}"
        return f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}"

    def foot(self, *, awards: bool = False) -> str:
        """Return what ties the paper to the frozen results: version, time and fingerprint."""
        snapshot = self.dossier.snapshot
        told = _(
            "Frozen results, version %(version)s, %(time)s · SHA-256 %(fingerprint)s",
            version=snapshot.version,
            time=f"{self.day:%d/%m/%Y %H:%M}",
            fingerprint=snapshot.fingerprint,
        )
        settled = self.dossier.settled
        if awards and settled is not None:
            told += "\n" + _("List of awards, version %(version)s · SHA-256 %(fingerprint)s",
                             version=settled.version, fingerprint=settled.fingerprint)  # fmt: skip
        return str(told)

    def document(self, title: str, blocks: list[Block], *, landscape: bool = False, awards: bool = False) -> Document:
        """Return a paper of this round."""
        return Document(
            title=title,
            language=self.language,
            foot=self.foot(awards=awards),
            blocks=tuple(blocks),
            landscape=landscape,
            mark=TEST if self.dossier.edition.is_test else "",
        )

    def member(self, *, chair: bool) -> str:
        """Return the name of the chair or of the secretary, when the record knows exactly one."""
        record = self.dossier.frozen.record
        found = [one.name for one in record.council if (one.chair if chair else one.secretary)] if record else []
        return found[0] if len(found) == 1 else ""

    def secretary(self) -> Signer:
        """Return the secretary as one who signs."""
        return Signer(_("Secretary"), _("(signature, full name)"), self.member(chair=False))

    def chair(self) -> Signer:
        """Return the chair of the jury as one who signs."""
        return Signer(_("Chair of the jury"), _("(signature, full name)"), self.member(chair=True))

    def organisers(self) -> Signer:
        """Return the head of the organising committee as one who signs."""
        return Signer(
            self.details.organiser_role or _("On behalf of the organising committee"),
            _("(signature, full name, stamp)"),
            self.details.organiser_name,
        )

    def maker(self) -> Signer:
        """Return who draws a paper up."""
        return Signer(_("Drawn up by"), _("(signature, full name)"), self.details.maker_name)


def titled(line: Line) -> str:
    """Return the idea of an entrant, or its team."""
    return line.entrant.title or line.entrant.team


def rank_words(line: Line) -> str:
    """Return the place with an equals sign when it is shared; a dash without one."""
    return "–" if line.rank is None else f"{line.rank}{'=' if line.tied else ''}"


def qr_svg(text: str) -> bytes:
    """Return a text as the picture of a QR code."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, light="#fff", scale=8)
    return out.getvalue()

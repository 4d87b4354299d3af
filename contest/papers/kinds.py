"""Which papers there are, in the order in which a committee needs them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LANGUAGES = ("vi", "en")


class Paper(StrEnum):
    """A paper of a finalised round."""

    SCORE_SHEETS = "score-sheets"
    BLANK_SHEETS = "blank-sheets"
    SUMMARY = "summary"
    MINUTES = "minutes"
    TALLY = "tally"
    PROPOSAL = "proposal"
    DECISION = "decision"
    RECEIPTS = "receipts"
    BADGES = "badges"
    SCRIPT = "script"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a paper is offered: `stem` of its file name by language, with a Word file or not, from awards or not."""

    stem: tuple[str, str]
    word: bool = True
    awards: bool = False

    def stem_in(self, language: str) -> str:
        """Return the stem of the file name in a language."""
        return self.stem[LANGUAGES.index(language)]


KINDS: dict[Paper, Kind] = {
    Paper.SCORE_SHEETS: Kind(("phieu-cham-diem", "score-sheets"), word=False),
    Paper.BLANK_SHEETS: Kind(("phieu-cham-diem-trong", "blank-score-sheets"), word=False),
    Paper.SUMMARY: Kind(("bang-tong-hop-diem", "summary-sheet")),
    Paper.MINUTES: Kind(("bien-ban-hop-hoi-dong", "minutes")),
    Paper.TALLY: Kind(("bien-ban-kiem-phieu", "tally")),
    Paper.PROPOSAL: Kind(("to-trinh", "proposal"), awards=True),
    Paper.DECISION: Kind(("quyet-dinh", "decision"), awards=True),
    Paper.RECEIPTS: Kind(("danh-sach-ky-nhan", "receipts"), awards=True),
    Paper.BADGES: Kind(("the", "badges"), word=False),
    Paper.SCRIPT: Kind(("kich-ban-mc", "script"), awards=True),
    Paper.REPORT: Kind(("bao-cao-tong-ket", "report")),
}

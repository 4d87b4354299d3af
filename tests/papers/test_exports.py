"""Papers say what the snapshot says, to the last digit; names stand as they are; the files are what archives take."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import docx
import pypdfium2
import pytest
import segno
from docx.shared import Length
from flask import Flask

from contest.editions.queries import round_by_code
from contest.editions.rules import RoundRules
from contest.errors import RuleBroken
from contest.papers.blocks import Code, Document
from contest.papers.exports import PDF, WORD, blocks_of, make_paper, pdf
from contest.papers.exports.common import qr_svg
from contest.papers.kinds import KINDS, LANGUAGES, Paper
from contest.papers.queries import Dossier, dossier_of
from contest.papers.spelling import dong, spelled
from contest.results.report import Line
from tests.factories import Make
from tests.papers.world import HOSTILE, JUDGES, LONG, final
from tests.results.fair_panels import report_of

DOOR = "https://thi.example.org/e/mua-thu-2026/door"
MOTTO = {"vi": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "en": "SOCIALIST REPUBLIC OF VIET NAM"}
NUMBERED = (Paper.SUMMARY, Paper.MINUTES, Paper.REPORT)
AWARDED = [paper for paper in Paper if KINDS[paper].awards]
OFFICIAL = [paper for paper in Paper if paper not in (Paper.BADGES, Paper.SCRIPT)]


def pages_of(content: bytes) -> list[str]:
    """Return the text of each page without line breaks or hyphens of the typesetter."""
    return [flat(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(content)]


def flat(text: str) -> str:
    """Leave out blanks and soft hyphens: a cell breaks a long name wherever it must."""
    composed = unicodedata.normalize("NFC", text.replace("\ufffe", "").replace("\u00ad", ""))
    return re.sub(r"\s+", "", composed)


def text_of(content: bytes) -> str:
    return "".join(pages_of(content))


def word_text(content: bytes) -> str:
    """Return all text of a Word file in the order of its body."""
    file = docx.Document(io.BytesIO(content))
    return flat("".join(node.text or "" for node in file.element.body.iter() if node.tag.endswith("}t")))


def millimetres(length: Length | None) -> int:
    """Return a length of a Word file, which keeps twentieths of a point, in whole millimetres."""
    assert length is not None
    found: int = round(length.mm)
    return found


def shown(number: str, language: str) -> str:
    return number if language == "en" else number.replace(".", ",")


def made(dossier: Dossier, paper: Paper, language: str = "vi", form: str = PDF) -> bytes:
    return make_paper(dossier, paper, language, form, address=DOOR).content


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", NUMBERED)
@pytest.mark.parametrize("form", [PDF, WORD])
def test_every_result_stands_on_the_paper_to_the_last_digit(
    dossier: Dossier, paper: Paper, language: str, form: str
) -> None:
    content = made(dossier, paper, language, form)
    text = text_of(content) if form == PDF else word_text(content)
    results = [line.result for line in dossier.report.lines]
    assert len(set(results)) == 12
    for result in results:
        assert result is not None
        assert shown(result, language) in text
    if paper is Paper.MINUTES:
        assert all(flat(spelled(result or "", language)) in text for result in results)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_has_every_total_with_its_sum_and_mean(dossier: Dossier, language: str) -> None:
    file = docx.Document(io.BytesIO(made(dossier, Paper.SUMMARY, language, WORD)))
    table = next(one for one in file.tables if len(one.columns) > 3)
    for line, row in zip(dossier.report.lines, table.rows[1:], strict=True):
        cells = [cell.text for cell in row.cells]
        totals = [cell.total for cell in line.cells]
        for total, cell in zip(totals, cells[3:8], strict=True):
            assert cell == (shown(total, language) if total else cell)
            assert (total is None) == bool(re.search("[^0-9.,]", cell))
        whole = sum(Decimal(one) for one in totals if one)
        assert cells[8] == shown(str(whole), language)
        assert cells[9] == shown(line.result or "", language)  # of a plain mean
        assert cells[10] == str(line.rank)


def test_each_scorecard_is_a_page_with_its_marks_and_its_total_in_words(dossier: Dossier) -> None:
    report = dossier.report
    cells = [(line, cell) for line in report.lines for cell in line.cells]
    pages = pages_of(made(dossier, Paper.SCORE_SHEETS))
    assert len(pages) == len(cells) == 60
    for (line, cell), page in zip(cells, pages, strict=True):
        assert flat(line.entrant.code) in page
        assert flat(report.judges[cell.judge].name) in page
        if cell.total is None:
            assert flat("Phiếu này không được tính:") in page
        else:
            for number, mark in enumerate(cell.marks, start=1):
                assert f"{number}{flat(f'Tiêu chí {number}')}0–101{shown(mark or '', 'vi')}" in page
            words = spelled(cell.total, "vi")
            assert flat(f"(bằng số): {shown(cell.total, 'vi')}") in page
            assert flat(f"(bằng chữ): {words[0].upper()}{words[1:]}") in page


def test_many_sheets_are_set_a_part_at_a_time_and_read_the_same(
    dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pages_of(made(dossier, Paper.SCORE_SHEETS))
    monkeypatch.setattr(pdf, "MOST_SHEETS", 25)
    parts = made(dossier, Paper.SCORE_SHEETS)
    assert pages_of(parts) == whole
    assert parts.count(b"/OutputIntents") == 1


def test_blank_sheets_tell_no_mark_and_no_order(dossier: Dossier) -> None:
    pages = pages_of(made(dossier, Paper.BLANK_SHEETS))
    assert len(pages) == 60
    codes = [re.search(r"BT-\d{3}", page) for page in pages]
    found = [code[0] for code in codes if code]
    assert found == sorted(found)
    for line in dossier.report.lines:
        for cell in line.cells:
            if cell.total is not None:
                assert not any(flat(spelled(cell.total, "vi")) in page for page in pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_count_says_what_the_record_says(dossier: Dossier, language: str) -> None:
    record = dossier.frozen.record
    assert record is not None
    total = record.total
    assert (total.expected, total.scored, total.abstained, total.recused, total.missing) == (60, 58, 1, 0, 1)
    file = docx.Document(io.BytesIO(made(dossier, Paper.TALLY, language, WORD)))
    counts, judges = (table for table in file.tables if table.style and table.style.name == "Table Grid")
    assert [row.cells[1].text for row in counts.rows[1:]] == ["60", "58", "1", "0", "1"]
    assert [row.cells[2].text for row in counts.rows[1:]] == [spelled(n, language) for n in (60, 58, 1, 0, 1)]
    assert [cell.text for cell in judges.rows[-1].cells][2:] == ["60", "58", "1", "0", "1"]
    assert "BT-" in text_of(made(dossier, Paper.TALLY, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", [Paper.PROPOSAL, Paper.DECISION, Paper.RECEIPTS, Paper.SCRIPT])
def test_money_stands_in_figures_and_in_words(dossier: Dossier, paper: Paper, language: str) -> None:
    text = text_of(made(dossier, paper, language))
    awards = dossier.awards
    assert awards is not None
    assert awards.total == 7_000_000 + 2 * 5_000_000 + 3 * 3_150_000 + 2 * 1_005_000
    point = "." if language == "vi" else ","
    amounts = {prize.amount for line in awards.lines for prize in line.winners}
    assert amounts == {7_000_000, 5_000_000, 3_150_000, 1_005_000}
    for amount in amounts:
        assert f"{amount:,}".replace(",", point) in text
        if paper in (Paper.RECEIPTS, Paper.SCRIPT):
            assert flat(dong(amount, language)) in text
    if paper is not Paper.SCRIPT:
        assert f"{awards.total:,}".replace(",", point) in text
        assert flat(dong(awards.total, language)) in text


def test_the_script_calls_the_third_before_the_second_before_the_first(dossier: Dossier) -> None:
    text = text_of(made(dossier, Paper.SCRIPT))
    places = [text.index(flat(f"{number}. {name}")) for number, name in enumerate(
        ("Giải Khuyến khích", "Giải Ba", "Giải Nhì", "Giải Nhất"), start=1)]  # fmt: skip
    assert places == sorted(places)
    assert flat("Trung học phổ thông Lê Thánh Tôn") in text
    assert flat("Đại học Bách khoa") in text


def test_the_minutes_say_who_was_there_and_what_was_decided(dossier: Dossier) -> None:
    text = text_of(made(dossier, Paper.MINUTES))
    assert flat("Tổng số thành viên: 7, có mặt: 6, vắng mặt: 1.") in text
    assert flat("Vắng mặt: Bùi Ỷ Lan") in text
    assert flat("Lý do: Hai giám khảo đi vắng (Phạm Quốc Chủ)") in text
    assert flat("Trưởng ban giám khảo Phạm Quốc Chủ xác nhận lúc 08/10/2026 12:00.") in text
    assert flat("đứng nhất") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_lg_05_the_minutes_carry_the_signed_end_of_the_trail_for_a_telephone_to_read(
    dossier: Dossier, language: str
) -> None:
    head = dossier.head
    assert head is not None
    (code,) = codes_in(dossier, language)
    lines = code.text.splitlines()
    scope = f"edition:{dossier.edition.id}"
    assert lines == [head.short, head.at, " ".join(map(str, [scope, *head.ends[scope]])), head.key]
    assert code.svg == qr_svg(code.text).decode()
    (qr,) = segno.make_sequence(code.text, error="m", symbol_count=1)
    assert len(qr.matrix) <= 85  # a telephone reads it from three centimetres
    assert flat(code.words)[:40] in text_of(made(dossier, Paper.MINUTES, language))
    file = docx.Document(io.BytesIO(made(dossier, Paper.MINUTES, language, WORD)))
    assert len(file.inline_shapes) == 1
    assert codes_in(replace(dossier, head=None), language) == []


def codes_in(dossier: Dossier, language: str) -> list[Code]:
    paper = blocks_of(dossier, Paper.MINUTES, language)
    assert isinstance(paper, Document)
    return [one for one in paper.blocks if isinstance(one, Code)]


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_carries_the_fingerprint_and_every_file_is_an_archive_file(
    dossier: Dossier, paper: Paper, language: str
) -> None:
    content = made(dossier, paper, language)
    pages = pages_of(content)
    assert all(dossier.snapshot.fingerprint in page for page in pages)
    settled = dossier.settled
    assert settled is not None
    if paper in AWARDED:
        assert all(settled.fingerprint in page for page in pages)
    if paper in OFFICIAL:
        assert flat(MOTTO[language]) in pages[0]
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"/StructTreeRoot" in content
    assert b"/FontFile" in content
    assert not re.findall(rb"/BaseFont */(?!\w{6}\+)", content)  # every font is a subset that travels along
    assert content == made(dossier, paper, language)


@pytest.mark.parametrize("paper", [paper for paper in Paper if KINDS[paper].word])
@pytest.mark.parametrize("language", LANGUAGES)
def test_word_says_what_the_pdf_says(dossier: Dossier, paper: Paper, language: str) -> None:
    content = made(dossier, paper, language, WORD)
    file = docx.Document(io.BytesIO(content))
    section = file.sections[0]
    assert dossier.snapshot.fingerprint in section.footer.paragraphs[0].text
    assert dossier.snapshot.fingerprint in section.first_page_footer.paragraphs[0].text
    assert (millimetres(section.left_margin), millimetres(section.right_margin)) == (30, 20)
    wide = paper in (Paper.SUMMARY, Paper.RECEIPTS)
    size = (297, 210) if wide else (210, 297)
    assert (millimetres(section.page_width), millimetres(section.page_height)) == size
    assert file.styles["Normal"].font.name == "Times New Roman"
    in_word = " ".join(cell.text for table in file.tables for row in table.rows for cell in row.cells)
    in_word += " ".join(one.text for one in file.paragraphs)
    numbers = set(re.findall(r"\d{1,3}(?:[.,]\d{3}){2}|\d+[.,]\d{2}(?!\d)", in_word))
    printed = text_of(made(dossier, paper, language))
    assert all(number in printed for number in numbers)


@pytest.mark.parametrize("form", [PDF, WORD])
@pytest.mark.parametrize("paper", [Paper.SUMMARY, Paper.MINUTES])
def test_names_stand_as_they_are(dossier: Dossier, paper: Paper, form: str) -> None:
    content = made(dossier, paper, "vi", form)
    text = text_of(content) if form == PDF else word_text(content)
    for name in HOSTILE:
        if name != "عربي עברית":
            assert flat(name) in text
    assert flat(LONG) in text
    assert all(flat(judge) in text for judge in JUDGES)


def test_right_to_left_letters_find_their_place(dossier: Dossier) -> None:
    text = text_of(made(dossier, Paper.MINUTES))
    shaped = unicodedata.normalize("NFKC", text)  # a PDF may hold the joined forms, in the order of the eye
    assert all(letter in shaped for letter in "عربي" + "עברית")


def test_badges_are_for_judges_and_teams(dossier: Dossier) -> None:
    pages = pages_of(made(dossier, Paper.BADGES))
    text = "".join(pages)
    assert all(flat(name) in text for name in (*JUDGES, *HOSTILE[:8]))
    assert len(pages) == 3  # 17 badges, eight on a sheet
    assert made(dossier, Paper.BADGES) != make_paper(dossier, Paper.BADGES, "vi").content  # without a door no code


def test_nothing_is_offered_before_the_results_are_final(make: Make, noon: datetime) -> None:
    edition = make.edition()
    make.round(edition, "r1")
    facts = make.facts(edition)
    round_ = round_by_code(facts.id, "r1")
    assert round_ is not None
    with pytest.raises(RuleBroken, match="papers_before_final"):
        dossier_of(facts, round_)


@pytest.mark.parametrize("paper", AWARDED)
def test_awards_that_are_not_settled_are_told(make: Make, noon: datetime, paper: Paper) -> None:
    dossier = final(make, noon, teams=3, settle=False).dossier
    with pytest.raises(RuleBroken, match="paper_awards_not_settled"):
        made(dossier, paper)
    assert flat("Chưa chốt giải thưởng nào") in text_of(made(dossier, Paper.REPORT))


def test_awards_on_other_results_are_refused(dossier: Dossier) -> None:
    changed = replace(dossier, awards=None, awards_why="paper_awards_outdated")
    with pytest.raises(RuleBroken, match="paper_awards_outdated"):
        make_paper(changed, Paper.PROPOSAL, "vi")


def test_a_test_edition_is_marked_on_every_paper(make: Make, noon: datetime) -> None:
    dossier = final(make, noon, teams=3, is_test=True).dossier
    for paper in Paper:
        assert all("TEST" in page for page in pages_of(made(dossier, paper)))


def test_control_letters_do_not_break_word(dossier: Dossier) -> None:
    changed = _renamed(dossier, "Mầm\x00 Xanh\x0b\x1f\ud800")
    assert flat("Mầm Xanh") in word_text(make_paper(changed, Paper.MINUTES, "vi", WORD).content)


def _renamed(dossier: Dossier, title: str) -> Dossier:
    lines = dossier.report.lines
    first: Line = replace(lines[0], entrant=replace(lines[0].entrant, title=title))
    report = replace(dossier.report, lines=(first, *lines[1:]))
    return replace(dossier, frozen=replace(dossier.frozen, report=report))


def test_names_of_files_say_the_day_and_the_round(app: Flask, dossier: Dossier) -> None:
    with app.test_request_context():
        assert make_paper(dossier, Paper.TALLY, "vi", WORD).name == "2026-10-08_bien-ban-kiem-phieu_chung-ket.docx"
        assert make_paper(dossier, Paper.TALLY, "en").name == "2026-10-08_tally_chung-ket.pdf"


def test_sheets_and_badges_are_no_word_files(dossier: Dossier) -> None:
    for paper in (Paper.SCORE_SHEETS, Paper.BLANK_SHEETS, Paper.BADGES):
        with pytest.raises(RuleBroken, match="paper_not_as_word"):
            made(dossier, paper, "vi", WORD)


def test_a_tie_is_shown_and_told(dossier: Dossier) -> None:
    lines = dossier.report.lines
    tied = tuple(replace(one, rank=1, tied=True, result="29.00") for one in lines[:2])
    report = replace(dossier.report, lines=(*tied, *lines[2:]))
    changed = replace(dossier, frozen=replace(dossier.frozen, report=report))
    text = text_of(make_paper(changed, Paper.MINUTES, "vi").content)
    codes = ", ".join(one.entrant.code for one in tied)
    assert flat(f"{codes} cùng kết quả 29,00: đồng hạng.") in text
    assert "1=" in text


def test_judges_who_gave_the_same_marks_have_minutes_all_the_same(dossier: Dossier) -> None:
    marks = {(one, judge): (20 - one, 20 - one) for one in range(20) for judge in range(7)}
    held = replace(dossier.frozen, report=report_of(marks, rules=RoundRules(decimals=2, min_judges=2)))
    agreed = replace(dossier, frozen=held, snapshot=replace(dossier.snapshot, fingerprint="a" * 64))
    assert "Leavingoutanyonejudgechangesnowinner." in word_text(made(agreed, Paper.MINUTES, "en", WORD))

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.submissions.filenames import MAX_BYTES, clean_filename, ending


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Kế hoạch v1.2.pdf", "Kế hoạch v1.2.pdf"),
        (unicodedata.normalize("NFD", "Bài dự thi Đội Ánh Sáng.pptx"), "Bài dự thi Đội Ánh Sáng.pptx"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\plan.pdf", "plan.pdf"),
        ("C:\\Users\\An\\plan.pdf", "plan.pdf"),
        ("plan\u202efdp.exe", "planfdp.exe"),
        ("plan\x00.pdf", "plan.pdf"),
        ("plan\r\nSet-Cookie: a=b.pdf", "planSet-Cookie- a=b.pdf"),
        ('a"b<c>|?*.png', "a-b-c----.png"),
        ("CON.pdf", "_CON.pdf"),
        ("com7.tar.pdf", "_com7.tar.pdf"),
        ("console.pdf", "console.pdf"),
        ("  plan  (1).pdf. ", "plan (1).pdf"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("\u200b\u200b", "file"),
        ("🚀 pitch.pdf", "🚀 pitch.pdf"),
    ],
)
def test_names_become_harmless_and_stay_readable(raw: str, clean: str) -> None:
    assert clean_filename(raw) == clean


def test_a_long_name_is_cut_before_its_ending_and_between_letters() -> None:
    name = clean_filename("ệ" * 500 + ".pdf")

    assert name == "ệ" * 83 + ".pdf"
    assert len(name.encode()) == 253  # one more letter would be 256


def test_an_ending_that_is_no_ending_is_cut_like_the_rest() -> None:
    assert clean_filename("a." + "b" * 400) == "a." + "b" * 253


def test_an_enormous_name_costs_nothing() -> None:
    assert len(clean_filename("x" * 5_000_000 + ".pdf")) == MAX_BYTES


@given(st.text(max_size=600))
def test_whatever_comes_the_name_is_one_short_clean_component(raw: str) -> None:
    name = clean_filename(raw)

    assert name
    assert len(name.encode()) <= MAX_BYTES
    assert not set(name) & set('/\\<>:"|?*\0')
    assert name == unicodedata.normalize("NFC", name)
    assert name not in (".", "..")
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in name)


@given(st.text(max_size=600))
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    assert clean_filename(clean_filename(raw)) == clean_filename(raw)


@pytest.mark.parametrize(
    ("name", "last"),
    [("plan.PDF", ".pdf"), ("a.tar.gz", ".gz"), ("plan", ""), (".pdf", ""), ("plan.", ""), ("plan.pdf.exe", ".exe")],
)
def test_the_ending_is_the_last_one_in_lower_case(name: str, last: str) -> None:
    assert ending(name) == last

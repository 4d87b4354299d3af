"""Texts as a bundle writes them."""

from __future__ import annotations

import pytest

from contest.editions.rules import LocalText
from contest.exchange.canonical import email, field_codes, listed, local_block, local_line, phone


def test_wordings_lose_what_nobody_sees() -> None:
    assert local_line("  Vòng \u200b 1\n", "Round\t1") == LocalText("Vòng 1", "Round 1")
    assert local_block("Một\r\n\r\n\r\nHai ", "") == LocalText("Một\n\nHai", "")


def test_a_list_has_no_separator_inside_and_no_empty_part() -> None:
    assert listed(["Anh; Bình", " ", "", "Chi "]) == ("Anh, Bình", "Chi")


@pytest.mark.parametrize(("text", "kept"), [(" a@b.vn ", "a@b.vn"), ("không", ""), ("", ""), ("a@b", "")])
def test_only_addresses_are_written(text: str, kept: str) -> None:
    assert email(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"), [("0903 123 782", "+84903123782"), ("+84903123782", "+84903123782"), ("máy lẻ 12", ""), ("", "")]
)
def test_only_numbers_are_written(text: str, kept: str) -> None:
    assert phone(text) == kept


def test_fields_are_named_by_code_or_name_and_strangers_left_out() -> None:
    known = {"edtech": "edtech", "giao duc": "edtech", "moi truong": "green"}
    assert field_codes(["Giáo Dục", "edtech", " môi trường", "Không có"], known) == ("edtech", "green")

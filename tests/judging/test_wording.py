"""How alike texts are: what counts, what does not, and that it is the textbook's cosine."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.judging.wording import ALONE, SHOWN, language_of, likeness, shared_words, terms

FARM = "Nền tảng nông nghiệp thông minh cho hộ trồng lúa ở đồng bằng"
TEXTS = st.lists(st.text("abcdđ ơư", max_size=30), max_size=5)


def textbook(texts: list[str], others: list[str]) -> np.ndarray:
    """The same by the definition, one pair at a time."""
    counted = [Counter(terms(text)) for text in (*texts, *others)]
    seen = Counter(term for one in counted for term in one)

    def weights(one: Counter[tuple[str, ...]]) -> dict[tuple[str, ...], float]:
        found = {
            term: (1 + math.log(times)) * math.log((1 + len(counted)) / seen[term]) * (1 if len(term) > 1 else ALONE)
            for term, times in one.items()
        }
        length = math.sqrt(sum(value**2 for value in found.values()))
        return {term: value / length for term, value in found.items() if length}

    rows = [weights(one) for one in counted]
    table = np.zeros((len(texts), len(others)))
    for place, row in enumerate(rows[: len(texts)]):
        for other, column in enumerate(rows[len(texts) :]):
            table[place, other] = math.sqrt(min(1.0, sum(row[term] * column.get(term, 0.0) for term in row)))
    return table


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_likeness_is_the_cosine_of_the_textbook(texts: list[str], others: list[str]) -> None:
    found = likeness(texts, others)
    assert found.shape == (len(texts), len(others))
    assert np.allclose(found, textbook(texts, others), atol=2e-3)
    assert ((found >= 0) & (found <= 1)).all()


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"{FARM} số {one}" for one in ("mot", "hai", "bốn mươi")] * 3
    whole = likeness(texts, ["nông nghiệp", "đồng bằng sông"])
    monkeypatch.setattr("contest.judging.wording.CELLS", 8)
    assert np.allclose(likeness(texts, ["nông nghiệp", "đồng bằng sông"]), whole)


def test_marks_case_and_encoding_do_not_matter() -> None:
    spelled = ["Nông nghiệp", "NÔNG NGHIỆP", "nong nghiep", unicodedata.normalize("NFD", "nông nghiệp")]
    table = likeness(spelled, [*spelled, "ngân hàng số"])
    assert np.allclose(table[:, :4], 1, atol=1e-3)
    assert not table[:, 4].any()


def test_joining_words_count_nothing_but_their_likes_with_other_marks_do() -> None:
    assert terms("và của những trong") == []
    assert terms("trồng lúa") == [("trong",), ("lua",), ("trong", "lua")]
    assert terms("lúa và ngô") == [("lua",), ("ngo",)]


def test_shared_words_are_those_of_the_first_text_longest_first() -> None:
    assert shared_words(FARM, "nong nghiep, trồng lúa; thông tin") == ("nông nghiệp", "trồng lúa", "thông")
    assert shared_words(FARM, "") == ()
    assert len(shared_words(FARM, FARM)) == SHOWN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FARM, "vi"),
        (unicodedata.normalize("NFD", FARM), "vi"),
        ("A platform that helps farmers of the delta to sell their rice by phone", "en"),
        ("Nen tang nong nghiep thong minh cho ho trong lua o dong bang", ""),
        ("AgriTech", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text(text: str, expected: str) -> None:
    assert language_of(text) == expected

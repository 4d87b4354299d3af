from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.editions.guidance import MOST, check_guidance, format_guidance, parse_guidance
from contest.editions.rules import Guidance, LocalText
from contest.errors import RuleBroken
from tests.editions.samples import spec


def test_both_languages_come_together_by_mark_lowest_first() -> None:
    found = parse_guidance("8,5: Rất rõ\n 2 = Chưa rõ\n\n", "8.5 - Very clear\n10: Outstanding: by far")
    assert found == (
        Guidance(Decimal(2), LocalText("Chưa rõ")),
        Guidance(Decimal("8.5"), LocalText("Rất rõ", "Very clear")),
        Guidance(Decimal(10), LocalText("", "Outstanding: by far")),
    )


@pytest.mark.parametrize(
    ("vi", "en", "code", "facts"),
    [
        ("tốt", "", "guidance_line_invalid", {"line": 1, "language": "vi"}),
        ("2: a\n8:", "", "guidance_line_invalid", {"line": 2, "language": "vi"}),
        ("", "1.2.3: a", "guidance_line_invalid", {"line": 1, "language": "en"}),
        ("2: a\n2,0: b", "", "guidance_twice", {"line": 2, "language": "vi", "mark": Decimal("2.0")}),
        ("\n".join(f"{n}: a" for n in range(MOST + 1)), "", "guidance_too_long", {"limit": MOST}),
    ],
)
def test_bad_lines_are_named(vi: str, en: str, code: str, facts: dict[str, object]) -> None:
    with pytest.raises(RuleBroken) as refused:
        parse_guidance(vi, en)
    assert (refused.value.code, refused.value.facts) == (code, facts)


def test_a_mark_that_the_scale_lacks_is_refused() -> None:
    check_guidance(spec(guidance=(Guidance(Decimal("8.5"), LocalText("a")),)))
    for mark in ("8.25", "11", "-1"):
        with pytest.raises(RuleBroken) as refused:
            check_guidance(spec(guidance=(Guidance(Decimal(mark), LocalText("a")),)))
        assert refused.value.code == "guidance_off_scale"
        assert refused.value.facts == {"criterion": "C1", "mark": Decimal(mark)}


@given(st.dictionaries(st.integers(min_value=0, max_value=200), st.sampled_from(["Rõ", "a: b", "x - y", "8"])))
def test_what_is_written_is_read_back(meanings: dict[int, str]) -> None:
    guidance = tuple(
        Guidance(Decimal(points) / 2, LocalText(text, text.upper())) for points, text in sorted(meanings.items())
    )
    written = format_guidance(guidance, "vi"), format_guidance(guidance, "en", ".")
    assert parse_guidance(*written) == guidance

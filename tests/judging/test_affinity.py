"""How well a judge fits: each part, its weight and its reason; silence neither helps nor harms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.judging.affinity import (
    HEAVIEST,
    FitRules,
    Knowledge,
    Known,
    PartCode,
    Topic,
    fit,
    languages_of,
)
from contest.judging.states import Bid

NOTHING = FitRules(0, 0, 0, 0, 0, 0, 0)
VIETNAMESE = "Nền tảng nông nghiệp thông minh cho các hộ trồng lúa ở đồng bằng"
ENGLISH = "A platform that helps farmers of the delta to sell their rice by phone"


def only(part: PartCode, weight: int = 1, *, again: bool = False) -> FitRules:
    return replace(NOTHING, **{part.value: weight}, again=again)


def topics(*fields: str) -> tuple[Topic, ...]:
    return tuple(Topic(frozenset({one} if one else ())) for one in fields)


def judges(*fields: str) -> tuple[Knowledge, ...]:
    return tuple(Knowledge(frozenset({one} if one else ())) for one in fields)


def values(known: Known, rules: FitRules) -> list[list[float]]:
    return [[round(value, 3) for value in row] for row in fit(known, rules).matrix.tolist()]


def test_the_field_counts_most_the_track_less() -> None:
    one = Topic(frozenset({"agritech"}), frozenset({"bang b"}))
    known = Known((one,), (*judges("agritech", "bang b", "fintech"), Knowledge(frozenset({"agritech", "bang b"}))))
    assert values(known, only(PartCode.FIELD)) == [[1.0, 0.6, 0.0, 1.0]]


def test_who_named_nothing_is_taken_for_the_mean_of_the_others() -> None:
    known = Known(topics("agritech", "edtech", ""), judges("agritech", "fintech", ""))
    assert values(known, only(PartCode.FIELD)) == [[1, 0, 0.5], [0, 0, 0], [0.5, 0.5, 0.5]]


@pytest.mark.parametrize("part", list(PartCode))
def test_a_part_of_which_nothing_is_known_counts_nothing(part: PartCode) -> None:
    blank = Known((Topic(text=VIETNAMESE), Topic()), (Knowledge(), Knowledge()))
    found = fit(blank, only(part))
    assert found.parts == {}
    assert not found.matrix.any()
    assert found.explain((0, 1)) == ()


def test_a_part_without_weight_counts_nothing() -> None:
    known = Known(topics("a"), judges("a", "b"), {(0, 1): Bid.WANT}, {(0, 0)})
    assert fit(known, NOTHING).parts == {}
    assert set(fit(known, only(PartCode.BID)).parts) == {PartCode.BID}


def test_bids_from_wanting_to_rather_not() -> None:
    known = Known(topics("a"), judges("", "", "", ""), {(0, 0): Bid.WANT, (0, 1): Bid.CAN, (0, 3): Bid.RATHER_NOT})
    assert values(known, only(PartCode.BID)) == [[1.0, 0.65, 0.5, 0.0]]


def test_a_judge_who_had_much_gives_way() -> None:
    known = Known(topics("a", "b"), tuple(Knowledge(past_load=load) for load in (0, 5, 10)))
    assert values(known, only(PartCode.PAST_LOAD)) == [[1, 0.5, 0]] * 2


@pytest.mark.parametrize(("again", "expected"), [(False, [[0, 1], [1, 1]]), (True, [[1, 0], [0, 0]])])
def test_seen_before_is_a_penalty_or_a_wish(*, again: bool, expected: list[list[float]]) -> None:
    known = Known(topics("a", "b"), judges("", ""), seen={(0, 0)})
    assert values(known, only(PartCode.SEEN, again=again)) == expected


def test_experience_counts_up_to_ten_years_and_silence_is_the_mean() -> None:
    known = Known(topics("a"), tuple(Knowledge(experience=years) for years in (0, 5, 30, None)))
    assert values(known, only(PartCode.EXPERIENCE)) == [[0, 0.5, 1, 0.5]]


def test_language_is_read_off_the_text_and_the_wrong_one_is_marked() -> None:
    known = Known(
        (Topic(text=VIETNAMESE), Topic(text=ENGLISH), Topic(text="?")),
        tuple(Knowledge(languages=frozenset(spoken)) for spoken in ({"vi"}, {"vi", "en"}, set[str]())),
    )
    found = fit(known, only(PartCode.LANGUAGE))
    assert found.languages == ("vi", "en", "")
    assert values(known, only(PartCode.LANGUAGE)) == [[1, 1, 1], [0, 1, 0.5], [0.5, 0.5, 0.5]]
    assert np.argwhere(found.foreign).tolist() == [[1, 0]]
    assert not fit(known, NOTHING).foreign.any()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", set()), ("Tiếng Việt; English", {"vi", "en"}), ("vi,EN", {"vi", "en"}), ("tiếng Pháp", {"tieng phap"})],
)
def test_languages_as_people_write_them(text: str, expected: set[str]) -> None:
    assert languages_of(text) == expected


def test_a_pair_is_explained_and_the_parts_add_up() -> None:
    known = Known(
        (Topic(frozenset({"agritech"}), text=VIETNAMESE), Topic(text=ENGLISH)),
        (
            Knowledge(frozenset({"agritech"}), "Trồng lúa và nông nghiệp hữu cơ", frozenset({"vi"}), 4, 3),
            Knowledge(frozenset({"fintech"}), "", frozenset(), None, 6),
        ),
        {(0, 0): Bid.WANT},
        {(0, 1)},
    )
    found = fit(known, FitRules(experience=1))
    parts = found.explain((0, 0))
    assert [(one.code, one.weight) for one in parts] == [
        (PartCode.FIELD, 3),
        (PartCode.TEXT, 2),
        (PartCode.BID, 2),
        (PartCode.LANGUAGE, 2),
        (PartCode.PAST_LOAD, 1),
        (PartCode.SEEN, 1),
        (PartCode.EXPERIENCE, 1),
    ]
    facts = {one.code: one.facts for one in parts}
    assert facts[PartCode.FIELD] == {"known": True, "match": "field"}
    assert facts[PartCode.TEXT] == {"known": True, "words": ("nông nghiệp", "trồng lúa")}
    assert facts[PartCode.LANGUAGE] == {"known": True, "language": "vi", "reads": True}
    assert facts[PartCode.BID] == {"known": True, "bid": Bid.WANT}
    assert facts[PartCode.PAST_LOAD] == {"known": True, "load": 3}
    assert facts[PartCode.SEEN] == {"known": True, "seen": False, "again": False}
    assert facts[PartCode.EXPERIENCE] == {"known": True, "years": 4}
    for pair in ((0, 0), (0, 1), (1, 0), (1, 1)):
        told = found.explain(pair)
        mean = sum(one.value * one.weight for one in told) / sum(one.weight for one in told)
        assert found.matrix[pair] == pytest.approx(mean, abs=1e-6)


WORDS = st.frozensets(st.sampled_from(["agritech", "edtech", "bang a"]), max_size=2)
TEXT = st.sampled_from(["", VIETNAMESE, ENGLISH, "nông nghiệp", "trồng lúa"])
TOPICS = st.lists(st.builds(Topic, WORDS, WORDS, TEXT), max_size=4)
JUDGES = st.lists(
    st.builds(
        Knowledge,
        WORDS,
        TEXT,
        st.frozensets(st.sampled_from(["vi", "en", "fr"]), max_size=2),
        st.none() | st.integers(0, 60),
        st.integers(0, 9),
    ),
    max_size=4,
)
RULES = st.builds(FitRules, *[st.integers(0, HEAVIEST)] * 7, st.booleans())


@settings(deadline=None)
@given(TOPICS, JUDGES, RULES, st.randoms(use_true_random=False))
def test_every_fit_is_a_mean_of_parts_from_nothing_to_one(
    some: list[Topic], others: list[Knowledge], rules: FitRules, draw: object
) -> None:
    pairs = [(one, other) for one in range(len(some)) for other in range(len(others))]
    bids = {pair: draw.choice(list(Bid)) for pair in pairs if draw.random() < 0.3}  # type: ignore[attr-defined]
    seen = {pair for pair in pairs if draw.random() < 0.3}  # type: ignore[attr-defined]
    known = Known(some, others, bids, seen)
    found = fit(known, rules)
    assert found.matrix.shape == found.foreign.shape == (len(some), len(others))
    for values_ in (found.matrix, *found.parts.values()):
        assert np.isfinite(values_).all()
        assert ((values_ >= 0) & (values_ <= 1)).all()
    for pair in pairs:
        told = found.explain(pair)
        assert {one.code for one in told} == set(found.parts)
        assert all(one.weight for one in told)
        if found.foreign[pair]:
            assert not found.parts[PartCode.LANGUAGE][pair]
    assert np.array_equal(fit(known, rules).matrix, found.matrix)

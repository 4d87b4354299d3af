"""Tokens, codes and fingerprints."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contest.infra.signing import canonical_json, fingerprint, keyed_hash, new_code, new_token, token_hash

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_tokens_are_long_fit_addresses_and_never_repeat() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", token) for token in tokens)


def test_codes_have_six_digits_and_use_the_whole_range() -> None:
    codes = [new_code() for _ in range(3000)]
    assert all(re.fullmatch("[0-9]{6}", code) for code in codes)
    assert {code[0] for code in codes} == set("0123456789")


def test_the_stored_form_tells_nothing_and_is_always_the_same() -> None:
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert token_hash("abd") != token_hash("abc")


def test_the_stored_form_of_a_code_needs_the_key() -> None:
    assert keyed_hash("key", "door", "1", "123456") == keyed_hash("key", "door", "1", "123456")
    others = {keyed_hash(*parts) for parts in (("kez", "door", "1", "123456"), ("key", "door", "2", "123456"))}
    assert keyed_hash("key", "door", "1", "123456") not in others


def test_parts_cannot_flow_into_each_other() -> None:
    assert keyed_hash("key", "door", "1", "2345") != keyed_hash("key", "door", "12", "345")


@given(VALUES)
def test_equal_values_have_one_spelling(value: Any) -> None:
    assert canonical_json(value) == canonical_json(value)
    if isinstance(value, dict):
        turned = dict(reversed(value.items()))
        assert fingerprint(turned) == fingerprint(value)


def test_the_canonical_form_keeps_letters_and_sorts_keys() -> None:
    assert canonical_json({"b": "Đường", "a": [1, None, True]}) == '{"a":[1,null,true],"b":"Đường"}'
    assert fingerprint({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
    assert fingerprint({"a": 1}) != fingerprint({"a": "1"})

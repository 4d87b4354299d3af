"""LG-04: the tree of RFC 9162, held against the vectors of the standard's tests and against another implementation."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree  # type: ignore[import-untyped]  # it brings no types

from contest.infra import merkle

# The eight entries and the roots of the reference implementation of Certificate Transparency.
ENTRIES = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
ENTRIES.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
sizes = st.integers(1, 40)


def leaves(size: int) -> list[bytes]:
    return [merkle.leaf(str(number).encode()) for number in range(size)]


@pytest.mark.parametrize("size", range(1, 9))
def test_lg_04_the_roots_are_those_of_the_standard(size: int) -> None:
    assert merkle.root([merkle.leaf(one) for one in ENTRIES[:size]]).hex() == ROOTS[size - 1]


def test_no_entry_and_one_entry() -> None:
    assert merkle.root([]) == hashlib.sha256(b"").digest()
    assert merkle.root([merkle.leaf(b"x")]) == hashlib.sha256(b"\x00x").digest()
    assert merkle.inclusion([merkle.leaf(b"x")], 0) == []


@given(sizes)
def test_lg_04_another_implementation_has_the_same_root(size: int) -> None:
    tree = InmemoryTree(algorithm="sha256")
    for number in range(size):
        tree.append_entry(str(number).encode())
    assert merkle.root(leaves(size)) == tree.get_root()


@given(sizes, st.data())
def test_lg_04_each_entry_is_proved_and_no_other(size: int, data: st.DataObject) -> None:
    all_, place = leaves(size), data.draw(st.integers(0, size - 1))
    proof, top = merkle.inclusion(all_, place), merkle.root(all_)
    assert merkle.includes(all_[place], place, size, proof, top)
    assert not merkle.includes(merkle.leaf(b"another"), place, size, proof, top)
    assert not merkle.includes(all_[place], place, size, [*proof, top], top)
    other = data.draw(st.integers(0, size))
    assert merkle.includes(all_[place], other, size, proof, top) is (other == place)
    if proof:
        assert not merkle.includes(all_[place], place, size, proof[:-1], top)


@given(sizes, st.data())
def test_lg_04_a_tree_that_only_grew_is_told_from_one_written_anew(size: int, data: st.DataObject) -> None:
    all_, before = leaves(size), data.draw(st.integers(1, size))
    old, top = merkle.root(all_[:before]), merkle.root(all_)
    proof = merkle.consistency(all_, before)
    assert merkle.grew(before, old, size, top, proof)
    changed = data.draw(st.integers(0, before - 1))
    anew = [*all_[:changed], merkle.leaf(b"written anew"), *all_[changed + 1 :]]
    forged = merkle.consistency(anew, before)
    assert not merkle.grew(before, old, size, merkle.root(anew), forged)
    assert not merkle.grew(before, old, size, top, [*proof, top])


@pytest.mark.parametrize(("place", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_what_is_not_there_is_not_proved(place: int, size: int) -> None:
    with pytest.raises(IndexError):
        merkle.inclusion(leaves(size), place)
    assert not merkle.includes(merkle.leaf(b"x"), place, size, [], merkle.root(leaves(size)))


@pytest.mark.parametrize("before", [0, 4])
def test_a_tree_grows_from_one_entry_on_and_never_shrinks(before: int) -> None:
    with pytest.raises(IndexError):
        merkle.consistency(leaves(3), before)
    assert not merkle.grew(before, merkle.EMPTY, 3, merkle.root(leaves(3)), [])

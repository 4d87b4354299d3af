"""The chain of the audit trail: any change, gap, swap or addition is found where it begins."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contest.infra.chain import START, Broken, Flaw, Link, digest_of, first_broken

NOON = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)


def chain_of(actions: list[str]) -> list[Link]:
    links, previous = [], START
    for seq, action in enumerate(actions, 1):
        link = Link("edition:3", seq, NOON + timedelta(seconds=seq), 7, action, "round:1", {"n": seq}, previous, "")
        links.append(replace(link, digest=digest_of(link)))
        previous = links[-1].digest
    return links


def test_a_whole_chain_holds() -> None:
    assert first_broken(chain_of(["a", "b", "c"])) is None
    assert first_broken([]) is None


@given(st.lists(st.text(min_size=1), min_size=1, max_size=8), st.data())
def test_a_changed_entry_is_named(actions: list[str], data: st.DataObject) -> None:
    links = chain_of(actions)
    place = data.draw(st.integers(0, len(links) - 1))
    one = links[place]
    changed = data.draw(
        st.sampled_from(
            [
                replace(one, action=one.action + "x"),
                replace(one, subject="round:2"),
                replace(one, actor_id=None),
                replace(one, at=one.at + timedelta(microseconds=1)),
                replace(one, facts={"n": -1}),
                replace(one, scope="edition:4"),
            ]
        )
    )
    found = first_broken([*links[:place], changed, *links[place + 1 :]])
    assert found == Broken(changed.scope, place + 1, Flaw.CONTENT)


@given(st.integers(2, 8), st.data())
def test_a_removed_a_doubled_and_a_swapped_entry_are_named(count: int, data: st.DataObject) -> None:
    links = chain_of(["a"] * count)
    place = data.draw(st.integers(0, count - 2))
    removed = [*links[:place], *links[place + 1 :]]
    assert first_broken(removed) == Broken("edition:3", place + 1, Flaw.NUMBER)
    doubled = [*links[: place + 1], links[place], *links[place + 1 :]]
    assert first_broken(doubled) == Broken("edition:3", place + 2, Flaw.NUMBER)
    swapped = [*links[:place], links[place + 1], links[place], *links[place + 2 :]]
    assert first_broken(swapped) == Broken("edition:3", place + 1, Flaw.NUMBER)


def test_an_entry_made_anew_breaks_the_link_of_the_next() -> None:
    links = chain_of(["a", "b", "c"])
    forged = replace(links[0], action="z")
    forged = replace(forged, digest=digest_of(forged))
    assert first_broken([forged, *links[1:]]) == Broken("edition:3", 2, Flaw.LINK)


def test_the_digest_is_the_one_that_is_written_down() -> None:
    link = Link("edition:3", 1, NOON, None, "role.granted", "user:9", {"role": "Giám khảo"}, START, "")
    said = '["edition:3",1,"2026-10-08T05:00:00.000000+00:00",null,"role.granted","user:9",{"role":"Giám khảo"}]'
    assert digest_of(link) == hashlib.sha256(b"\x01" + bytes(32) + said.encode()).hexdigest()

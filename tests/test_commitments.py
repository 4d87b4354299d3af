"""Names beside documents that stand for good."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from contest.commitments import MARK, Book, flawed, reveal, shredded
from contest.infra import audit
from contest.infra.audit import AuditEntry
from contest.infra.db import db, unit_of_work
from tests.conftest import NOON
from tests.factories import Make


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), max_size=6))
def test_what_was_put_away_is_revealed_again(texts: list[str]) -> None:
    book = Book()
    document = json.dumps({"said": [book.put(one) for one in texts]}, ensure_ascii=False)
    assert json.loads(reveal(document, book.names)) == {"said": texts}
    assert not flawed(document, book.names)
    assert len(MARK.findall(document)) == sum(1 for one in texts if one)


def test_the_same_name_keeps_its_commitment_and_two_books_share_none() -> None:
    first, second = Book(), Book()
    assert first.put("Lê An") == first.put("Lê An") == Book(first.names).put("Lê An")
    assert second.put("Lê An") != first.put("Lê An")


def test_an_erased_name_leaves_an_alias_and_can_not_be_guessed() -> None:
    book = Book()
    document = f'["{book.put("Lê An")}","{book.put("Trần Bình")}"]'
    left = shredded(book.names, {"Lê An": "Ẩn danh K7"})
    assert json.loads(reveal(document, left)) == ["Ẩn danh K7", "Trần Bình"]
    assert sorted(salt == "" for salt, _ in left.values()) == [False, True]
    assert not flawed(document, left)


def test_another_name_beside_the_document_is_noticed() -> None:
    book = Book()
    document = book.put("Lê An")
    ((token, (salt, _)),) = book.names.items()
    assert flawed(document, {token: [salt, "Trần Bình"]})
    assert flawed(document, {token: ["no hex", "Lê An"]})
    assert flawed(document, {})


@pytest.mark.both_databases
def test_pr_07_the_trail_keeps_words_beside_the_chain(make: Make) -> None:
    with unit_of_work():
        audit.record(
            at=NOON,
            actor_id=None,
            scope="edition:1",
            action="x",
            round="vòng 1",
            reason="Em An ốm",
            number=3,
            who="An Lê",
        )
    entry = db.session.query(AuditEntry).one()
    assert entry.facts == {"round": "vòng 1", "reason": "Em An ốm", "number": 3, "who": "An Lê"}
    assert "An" not in json.dumps(entry.chained, ensure_ascii=False)
    assert (entry.chained["round"], entry.chained["number"]) == ("vòng 1", 3)
    with unit_of_work() as session:
        session.execute(update(AuditEntry).values(words={token: ["", "—"] for token in entry.words}))
    assert audit.broken() == []
    assert db.session.query(AuditEntry).one().facts == {"round": "vòng 1", "reason": "—", "number": 3, "who": "—"}
    with pytest.raises(DBAPIError, match="never changed"), unit_of_work() as session:
        session.execute(text("UPDATE audit_entries SET facts = '{}'"))
    del make

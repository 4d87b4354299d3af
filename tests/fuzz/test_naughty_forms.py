"""IN-08: every naughty string in every field of every form is stored and shown as it is, or refused with words.

Every string goes through every field of words, beside others as long as all of them are taken. Alone, on the page
afterwards, and in fields of codes and numbers the strings take turns: each form a part, all forms together all of them.
`FUZZ_STRINGS=all` leaves nothing out.
"""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from contest.infra.db import db
from tests.conftest import INTO
from tests.fuzz.naughty import bundles, kept, strings
from tests.journeys.pages import Control
from tests.sweep.forms import PLACES, Filled, fill
from tests.sweep.hostile import Attack
from tests.sweep.site import Answer, Site, changes, read, texts
from tests.sweep.test_forms import TOLD, send

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(1800)]
WORDS = {"text", "textarea", "search"}
OTHERS = {"hidden", "email", "tel", "url", "password", "number", "date", "time", "datetime-local", "color"}
# What any field takes; where it is stored and shown, every other text has to be.
PLAIN = "Chữ thường 17"
# What is typed there is a list: a semicolon ends a word.
LISTS = {"people", "awarded_listed"}
UPDATED = "UPDATE "
# A list shows that many letters of a text at least.
SHORTEST_CUT = 100
TURNS = 1 if os.environ.get("FUZZ_STRINGS") == "all" else 16
# How many letters the fields of a form may take together with others.
ROOMS = (1500, 400, 180, 90)
ORDER = {key: number for number, key in enumerate(PLACES)}


class Desk:
    """One form: which of its fields hold words, and what became of a plain one."""

    def __init__(self, site: Site, form: Filled) -> None:
        self.site, self.form = site, form
        controls = {name: one for name, one in form.kinds().items() if name != "csrf_token"}
        self.words = {name: one for name, one in controls.items() if self._holds_words(name, one)}
        self.others = [name for name, one in controls.items() if one.kind in OTHERS | WORDS and name not in self.words]
        self.room = 0
        self.stored: set[str] = set()
        self.shown: set[str] = set()

    def _holds_words(self, name: str, control: Control) -> bool:
        """Tell whether a plain text is taken there, all else being as a person fills it in."""
        if control.kind not in WORDS:
            return False
        with self.site.app.app_context():
            taken = self.put([name], PLAIN).status < 400
        self.site.restore()
        return taken

    def put(self, names: list[str], value: str) -> Answer:
        sent = self.form
        for name in names:
            sent = sent.having(name, value)
        return send(self.site, Attack(value, sent))


@contextmanager
def written() -> Iterator[set[str]]:
    """Give the tables that the block writes into."""
    tables: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found = INTO.match(statement)
        if found:
            tables.add(found[1])
        elif statement.startswith(UPDATED):
            tables.add(statement.split(maxsplit=2)[1].strip('"'))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield tables
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def stored_texts(site: Site, tables: set[str]) -> set[str]:
    """Return the texts that stand in these tables now and did not before."""
    found: set[str] = set()
    cursor = site.raw.cursor()
    for table in db.metadata.sorted_tables:
        if table.name in tables:
            keys = ", ".join(column.name for column in table.primary_key)
            width = len(table.primary_key)
            names = ", ".join(column.name for column in table.columns)
            old = site.pristine[table.name]
            for row in cursor.execute(f"SELECT {keys}, {names} FROM {table.name}"):  # noqa: S608  names of our own tables
                if old.get(row[:width]) != row[width:]:
                    found.update(one for value in row[width:] for one in texts(value))
    cursor.close()
    return found


def turns_of(key: str) -> list[str]:
    """Return the strings that it is this form's turn to take alone."""
    return [value for number, value in enumerate(strings()) if (number + ORDER[key]) % TURNS == 0]


class Refused(Exception):
    """Several strings together are not taken: each has to be sent alone."""


def faults(desk: Desk) -> dict[str, str]:
    """Send every string and return what is wrong, by string."""
    found = {value: fault(desk, value, looks=True) for value in turns_of(desk.form.key)}
    for bundle in bundles(desk.room, strings()):
        try:
            found[" ".join(bundle)] = fault(desk, " ".join(bundle), together=len(bundle) > 1)
        except Refused:
            found |= {value: fault(desk, value) for value in bundle}
    return {value: wrong for value, wrong in found.items() if wrong}


def fault(desk: Desk, value: str, *, looks: bool = False, together: bool = False) -> str:
    """Send one string in every field of words at once and return what is wrong, or nothing."""
    site = desk.site
    with written() as tables:
        answer = desk.put(list(desk.words), value)
    if answer.status >= 500:
        return f"answered {answer.status}"
    if answer.status >= 400:
        if together:
            raise Refused
        return refusal_fault(site, answer)
    if site.untouched():
        return ""
    try:
        return storing_fault(desk, value, answer, stored_texts(site, tables), looks=looks)
    finally:
        site.restore()


def refusal_fault(site: Site, answer: Answer) -> str:
    if not site.untouched():
        wrote = changes(site.pristine, site.dump())
        site.restore()
        if wrote:
            return f"answered {answer.status} and wrote {sorted(wrote)[:3]}"
    said = answer.mimetype == "application/json" and json.loads(answer.data)
    told = said or any(mark in answer.text for mark in (*TOLD, 'role="alert"'))
    return "" if told else f"answered {answer.status} without words"


def one_line(text: str) -> str:
    return " ".join(text.split())


def storing_fault(desk: Desk, value: str, answer: Answer, found: set[str], *, looks: bool) -> str:
    wanted = {name: kept(value, control.kind) for name, control in desk.words.items()}
    lines = {one_line(text) for text in found}  # a long text may stand in a box of one line
    lost = sorted(name for name in desk.stored if wanted[name] and one_line(wanted[name]) not in lines)
    if lost:
        return f"stored otherwise: {lost}"
    if not desk.shown or not looks:
        return ""
    page = read(desk.site.person(desk.form.role).get(answer.location or desk.form.page))
    if page.status >= 500:
        return f"{answer.location} answers {page.status} afterwards"
    plain = html.unescape(page.text)
    missing = sorted(name for name in desk.shown if not stands_in(plain, wanted[name]))
    return f"shown otherwise: {missing}" if missing else ""


def stands_in(page: str, text: str) -> bool:
    """Tell whether a text is shown; a list may cut a long one short and end it with dots."""
    short = text[:SHORTEST_CUT].rpartition(" ")[0] or text[:SHORTEST_CUT]
    return text in page or (len(text) > SHORTEST_CUT and bool(re.search(rf"{re.escape(short)}[^<]*\.\.\.", page)))


def learn(desk: Desk) -> None:
    """Find out where a plain text is stored, and whether it is seen on the next page."""
    plain = {name: f"{PLAIN}{chr(ord('a') + number)}" for number, name in enumerate(desk.words)}
    form = desk.form
    for name, value in plain.items():
        form = form.having(name, value)
    with written() as tables:
        answer = send(desk.site, Attack("plain", form))
    if answer.status < 400 and not desk.site.untouched():
        found = stored_texts(desk.site, tables)
        desk.stored = {name for name, value in plain.items() if value in found and name not in LISTS}
        page = read(desk.site.person(desk.form.role).get(answer.location or desk.form.page))
        desk.shown = {name for name in desk.stored if plain[name] in page.text}
    desk.site.restore()
    for room in ROOMS:
        taken = desk.put(list(desk.words), ("nắng " * room)[: room - 1]).status < 400
        desk.site.restore()
        if taken:
            desk.room = room
            break


@pytest.mark.parametrize("key", PLACES)
def test_in_08_words_of_any_kind_are_stored_and_shown_or_refused_with_words(site: Site, key: str) -> None:
    desk = Desk(site, fill(site, key))
    learn(desk)
    assert (faults(desk) if desk.words else {}) == {}


@pytest.mark.parametrize("key", PLACES)
def test_in_08_no_string_breaks_a_field_that_holds_something_else(site: Site, key: str) -> None:
    desk = Desk(site, fill(site, key))
    broken = {}
    for value in turns_of(key) if desk.others else []:
        answer = desk.put(desk.others, value)
        if answer.status >= 500 or (answer.status >= 400 and refusal_fault(site, answer)):
            broken[value] = answer.status
        if not site.untouched():
            site.restore()
    assert broken == {}

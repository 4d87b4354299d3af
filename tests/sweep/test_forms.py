"""Every form under bad input: a clear refusal and nothing written, or clean text stored and shown escaped."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from tests.sweep.addresses import writable
from tests.sweep.forms import PLACES, Filled, encoded, fill
from tests.sweep.hostile import PRODUCT, SCRIPT, Attack, attacks
from tests.sweep.site import Answer, Site, Visitors, blemish, changes, read, texts

TOLD = ("bv-error", "bv-error-page", "bv-callout-danger", "bv-flash", "bv-callout-warning")
# The keys of earlier attempts, and where to go on: what is none is passed over, nothing of it is kept.
READ = ("text/html", "application/json")
HARMLESS = (r"after='a\x00b'", r"next='a\x00b'")
MAIL_HEAD = ("outbox_mails.subject", "outbox_mails.recipient")
VOID = {"input", "br", "img", "meta", "link", "hr", "use", "path", "rect", "source", "circle"}
ENGLISH, VIETNAMESE = "en", "vi"
LETTERS = re.compile(r"[àáạảãâầấậẩẫăằắặẳẵèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹđ]", re.IGNORECASE)


class Complaints(HTMLParser):
    """The words of a page that say what is wrong."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self._open: list[bool] = []
        self.feed(html)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        given = dict(attrs)
        told = given.get("role") == "alert" or any(name in TOLD for name in (given.get("class") or "").split())
        inside = bool(self._open) and self._open[-1]
        self._open.append((told or inside) and "hidden" not in given)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1]:
            self.words += f" {data}"


def complaints(answer: Answer) -> str:
    return Complaints(answer.text).words if answer.mimetype == "text/html" else answer.text


def send(site: Visitors, attack: Attack, locale: str = VIETNAMESE) -> Answer:
    """Post the form as its role."""
    form = attack.sent
    headers = {"X-Requested-With": "fetch"} if form.script else {}
    client = site.person(form.role, locale)
    if attack.raw:
        kind = "application/x-www-form-urlencoded"
        return read(client.post(form.path, data=attack.raw, content_type=kind, headers=headers))
    return read(client.post(form.path, data=encoded(form.data), headers=headers))


def check(site: Site, attack: Attack) -> str:
    """Send an attack and return what is wrong with the answer, or nothing; the world is as before afterwards."""
    answer = send(site, attack)
    if answer.status >= 500 or (answer.status != 303 and not answer.status >= 400 and not attack.sent.opens):
        return f"answered {answer.status}"
    if answer.mimetype in READ and (SCRIPT in answer.text or PRODUCT in answer.text):
        return "the answer runs what was typed"
    if answer.status < 400 and attack.name.endswith(r"='a\x00b'") and attack.name not in HARMLESS:
        site.restore()
        return "took a NUL byte"
    if answer.status >= 400:
        return refused_well(site, attack, answer)
    return stored_well(site, attack.sent, answer)


def refused_well(site: Site, attack: Attack, answer: Answer) -> str:
    if not site.untouched():
        found = changes(site.pristine, site.dump())
        site.restore()
        if found:
            return f"answered {answer.status} and wrote {sorted(found)[:5]}"
    words = complaints(answer)
    if not LETTERS.search(words):
        return f"answered {answer.status} without words: {words!r}"
    if not attack.name.endswith("missing"):
        return ""
    english = complaints(send(site, attack, ENGLISH))
    return "" if english and english != words else f"speaks Vietnamese to the English: {english!r}"


def stored_well(site: Site, form: Filled, answer: Answer) -> str:
    if site.untouched():
        return ""
    found = changes(site.pristine, site.dump())
    try:
        for cell, value in found.items():
            for text in texts(value):
                if blemish(text) or (cell.startswith(MAIL_HEAD) and "\n" in text):
                    return f"{cell} {blemish(text) or 'holds a second line'}"
        path = answer.location or form.page
        shown = read(site.person(form.role).get(path))
        if shown.status >= 500:
            return f"{path} answers {shown.status} afterwards"
        return f"{path} runs what was stored" if SCRIPT in shown.text or PRODUCT in shown.text else ""
    finally:
        site.restore()


def test_every_form_is_swept() -> None:
    assert {key.partition(" ")[0] for key in PLACES} == {rule.endpoint for rule in writable()}


@pytest.mark.parametrize("key", PLACES)
def test_the_form_as_a_person_fills_it_in_is_accepted(site: Site, key: str) -> None:
    form = fill(site, key)
    answer = send(site, Attack("as it is", form))
    assert answer.status == (200 if form.opens else 303), complaints(answer)


@pytest.mark.sweep
@pytest.mark.parametrize("key", PLACES)
def test_bad_input_is_met_with_words_and_leaves_nothing(site: Site, key: str) -> None:
    found = {attack.name: check(site, attack) for attack in attacks(fill(site, key))}
    assert {name: fault for name, fault in found.items() if fault} == {}


@pytest.mark.parametrize("key", PLACES)
def test_a_form_with_a_wrong_token_changes_nothing(site: Site, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    form = fill(site, key)
    monkeypatch.setitem(site.app.config, "WTF_CSRF_ENABLED", value=True)
    for token in ((), ("not-the-token",), ("a\x00b" * 1000,)):
        answer = send(site, Attack("token", form.having("csrf_token", *token)))
        assert (answer.status, site.untouched()) == (400, True), token
        assert LETTERS.search(complaints(answer))

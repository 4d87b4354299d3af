"""What a person does with a page, and how the test client does it without a browser."""

from __future__ import annotations

from io import BytesIO
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.journeys.pages import Control, Form, Page


class Driver(Protocol):
    """One person with one browser."""

    def open(self, path: str) -> None:
        """Go to an address."""

    def fill(self, **values: str) -> None:
        """Type into, choose or tick the controls of these names; "__" in a name stands for "-"."""

    def fill_all(self, prefix: str, value: str) -> None:
        """Give every control whose name begins with `prefix` the same value."""

    def upload(self, place: int, filename: str, content: bytes) -> None:
        """Choose a file in one of the page's places for files."""

    def press(self, words: str) -> None:
        """Press the first button that holds the words and wait for the next page."""

    def follow(self, words: str) -> None:
        """Follow the first link that holds the words."""

    def download(self, words: str) -> bytes:
        """Return what the first link that holds the words gives."""

    @property
    def text(self) -> str:
        """The words on the page, white space folded."""

    @property
    def path(self) -> str:
        """Where the person is."""


class ClientDriver:
    """A person without scripts: the test client, sending exactly what the forms on the page hold."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._page = Page("")
        self._path = "/"
        self._files: dict[str, tuple[str, bytes]] = {}

    @property
    def text(self) -> str:
        return self._page.text

    @property
    def path(self) -> str:
        return self._path

    def open(self, path: str) -> None:
        self._arrive(self.client.get(path, follow_redirects=True))

    def _arrive(self, answer: TestResponse) -> None:
        shown = answer.get_data(as_text=True)
        assert answer.status_code == 200, f"{answer.status_code} at {answer.request.path}: {Page(shown).text[:2000]}"
        self._page, self._path, self._files = Page(shown), answer.request.path, {}

    def fill(self, **values: str) -> None:
        for key, value in values.items():
            self._set(key.replace("__", "-"), value)

    def _set(self, name: str, value: str) -> None:
        found = [control for form in self._page.forms for control in form.controls if control.name == name]
        assert found, f"no control {name!r} on {self._path}"
        if found[0].kind == "radio":
            assert value in [control.value for control in found], f"{name!r} has no choice {value!r}"
            for control in found:
                control.checked = control.value == value
            return
        _put(found[0], value)

    def fill_all(self, prefix: str, value: str) -> None:
        names = {c.name for form in self._page.forms for c in form.controls if c.name.startswith(prefix)}
        assert names, f"no control {prefix}… on {self._path}"
        for name in names:
            self._set(name, value)

    def upload(self, place: int, filename: str, content: bytes) -> None:
        places = [c.name for form in self._page.forms for c in form.controls if c.kind == "file"]
        self._files[places[place]] = (filename, content)

    def press(self, words: str) -> None:
        for form in self._page.forms:
            for button in form.buttons:
                if words in button.words:
                    self._send(form, button.name, button.value, button.action)
                    return
        raise AssertionError(f"no button {words!r} on {self._path}: {self.text[:2000]}")

    def _send(self, form: Form, name: str, value: str, action: str | None) -> None:
        data: MultiDict[str, object] = MultiDict()
        for control in form.controls:
            for one in control.values():
                data.add(control.name, one)
            if control.kind == "file" and control.name in self._files:
                filename, content = self._files[control.name]
                data.add(control.name, (BytesIO(content), filename))
        if name:
            data.add(name, value)
        target = urljoin(self._path, action if action is not None else form.action or self._path)
        if form.method == "get":
            self._arrive(self.client.get(target, query_string=data, follow_redirects=True))
            return
        self._arrive(self.client.post(target, data=data, follow_redirects=True))

    def follow(self, words: str) -> None:
        self.open(self._href(words))

    def _href(self, words: str) -> str:
        for link in self._page.links:
            if words in link.words:
                parts = urlsplit(urljoin(self._path, link.href))
                return f"{parts.path}?{parts.query}" if parts.query else parts.path
        raise AssertionError(f"no link {words!r} on {self._path}: {[link.words for link in self._page.links]}")

    def download(self, words: str) -> bytes:
        answer = self.client.get(self._href(words))
        assert answer.status_code == 200
        return bytes(answer.data)


def _put(control: Control, value: str) -> None:
    if control.kind == "select":
        assert value in [option for option, _ in control.options], f"{control.name!r} has no option {value!r}"
        control.options = [(option, option == value) for option, _ in control.options]
    elif control.kind == "checkbox":
        control.checked = bool(value)
    else:
        control.value = value

"""Read an HTML page as a browser without scripts does: its links, forms, controls and buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str]
VOID = {"input", "br", "img", "meta", "link", "hr", "use", "path", "rect", "source"}


@dataclass
class Control:
    """An input, select or textarea; `options` are (value, selected) of a select."""

    name: str
    kind: str
    value: str = ""
    checked: bool = False
    options: list[tuple[str, bool]] = field(default_factory=list)

    def values(self) -> list[str]:
        """Return what the browser would send."""
        if self.kind == "select":
            chosen = [value for value, selected in self.options if selected]
            return chosen or [value for value, _ in self.options[:1]]
        if self.kind in ("checkbox", "radio"):
            return [self.value or "on"] if self.checked else []
        return [] if self.kind == "file" else [self.value]


@dataclass
class Button:
    """A submit button with its words."""

    words: str
    name: str
    value: str
    action: str | None


@dataclass
class Form:
    """A form; `action` is empty when it posts to its own page."""

    action: str
    method: str
    identity: str
    controls: list[Control] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)


@dataclass
class Link:
    """A link with its words."""

    words: str
    href: str


class Page(HTMLParser):
    """The parsed page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[Link] = []
        self.text = ""
        self._form: Form | None = None
        self._open: list[tuple[str, Button | Link | Control]] = []
        self.feed(html)
        self.text = " ".join(self.text.split())

    def _owner(self, given: Attributes) -> Form | None:
        wanted = given.get("form")
        return next((form for form in self.forms if form.identity == wanted), None) if wanted else self._form

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        present = {name for name, _ in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower(), given.get("id", ""))
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self.links.append(Link("", given["href"]))
            self._open.append((tag, self.links[-1]))
        elif tag == "option":
            select = next((item for kind, item in reversed(self._open) if kind == "select"), None)
            if isinstance(select, Control):
                select.options.append((given.get("value", ""), "selected" in present))
        elif tag in ("input", "select", "textarea", "button"):
            self._control(tag, given, present)

    def _control(self, tag: str, given: Attributes, present: set[str]) -> None:
        owner = self._owner(given)
        kind = given.get("type", "submit" if tag == "button" else "text") if tag in ("input", "button") else tag
        if owner is None or "disabled" in present:
            return
        if kind == "submit":
            button = Button("", given.get("name", ""), given.get("value", ""), given.get("formaction"))
            button.words = given.get("aria-label", "") if tag == "button" else given.get("value", "")
            owner.buttons.append(button)
            if tag == "button":
                self._open.append((tag, button))
            return
        if kind == "button":
            return
        control = Control(given.get("name", ""), kind, given.get("value", ""), "checked" in present)
        if control.name:
            owner.controls.append(control)
        if tag in ("select", "textarea"):
            self._open.append((tag, control))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                break

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"
        for _, item in self._open:
            if isinstance(item, Control) and item.kind == "textarea":
                item.value += data
            elif isinstance(item, Button | Link):
                item.words = " ".join(f"{item.words} {data}".split())

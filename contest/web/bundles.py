"""Style sheets, modules and icons of one page in one file each: on a slow network every request costs a round trip.

A bundle is joined from its sources when it is first asked for and is never stored, so it cannot be out of date. Modules
keep their names apart: each becomes a function that hands out what it exports, after those it imports.
"""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from contest.errors import NotFound

SPRITE = "vendor/bootstrap-icons-1.13.2/icons.svg"
# The sheets of base.html in their order, then those of the page; what stands after a colon is the medium.
STYLES: Mapping[str, tuple[str, ...]] = {
    "scoring.css": (
        *("css/bootstrap.css", "css/fonts.css", "css/app.css", "css/shell.css", "css/components.css", "css/forms.css"),
        *("css/print.css:print", "css/submissions.css", "css/scoring.css", "css/offline.css"),
    ),
}
MODULES: Mapping[str, str] = {"scoring.js": "js/page.js"}
ICONS: Mapping[str, tuple[str, ...]] = {
    "scoring.svg": (
        *("arrow-counterclockwise", "arrow-left", "arrow-right", "box-arrow-in-right", "box-arrow-right"),
        *(
            "camera-video",
            "check-circle",
            "circle-half",
            "clipboard-check",
            "cloud-arrow-up",
            "cloud-check",
            "cloud-slash",
            "copy",
        ),
        *("dash-circle", "exclamation-circle", "exclamation-triangle", "eye", "eye-slash", "file-earmark"),
        *("file-earmark-image", "file-earmark-pdf", "file-earmark-slides", "flag", "info-circle", "lightbulb"),
        *("link-45deg", "lock", "moon-stars", "people", "person", "person-circle", "question-circle", "send"),
        *("shield-check", "sun", "translate", "x-circle"),
    ),
}
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

_IMPORT = re.compile(r'^import (?:(\{[^}]*\}|\* as \w+) from )?"([^"]+)";\n', re.MULTILINE)
_LATER = re.compile(r'(?:await )?import\("([^"]+)"\)')
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_LINE_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)
_BLOCK_COMMENT = re.compile(r"^\s*/\*.*?\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
_STYLE_COMMENT = re.compile(r"/\*(?!!).*?\*/\s*", re.DOTALL)
_SPACE = re.compile(r"^\s+", re.MULTILINE)
_SYMBOL = re.compile(r'\s*<symbol id="([\w-]+)".*?</symbol>', re.DOTALL)
_ASKED_ICON = re.compile(r'href="([^"#]*)#([\w-]+)"')


@dataclass(frozen=True)
class Bundle:
    """A file as it is sent."""

    name: str
    text: str

    @property
    def mimetype(self) -> str:
        """The type by the end of the name."""
        return TYPES[posixpath.splitext(self.name)[1]]

    @cached_property
    def digest(self) -> str:
        """The first hex digits of the SHA-256, as in the addresses of other static files."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    @cached_property
    def packed(self) -> bytes:
        """The text as gzip, without a time, so that equal texts are equal bytes."""
        return gzip.compress(self.text.encode(), 9, mtime=0)


def build(folder: Path, name: str) -> Bundle:
    """Join a bundle from the static files below `folder`; raise `NotFound` for a name that is none.

    `ValueError` tells of a module in a form that cannot be joined, and names the place.
    """
    if name in STYLES:
        return Bundle(name, _joined_styles(folder, STYLES[name]))
    if name in MODULES:
        return Bundle(name, _Modules(folder).joined(MODULES[name]))
    if name in ICONS:
        return Bundle(name, _fewer_icons((folder / SPRITE).read_text(encoding="utf-8"), ICONS[name]))
    raise NotFound


class Shelf:
    """The bundles of a folder, each joined again when one of its sources has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: dict[str, tuple[tuple[int, ...], Bundle]] = {}

    def get(self, name: str) -> Bundle:
        """Return a bundle; raise what `build` raises."""
        stamp = tuple(path.stat().st_mtime_ns for path in sources(self.folder, name))
        if name not in self._kept or self._kept[name][0] != stamp:
            self._kept[name] = stamp, build(self.folder, name)
        return self._kept[name][1]


def sources(folder: Path, name: str) -> tuple[Path, ...]:
    """Return the files that a bundle may be made of: when none has changed, neither has the bundle."""
    if name in STYLES:
        return tuple(folder / one.partition(":")[0] for one in STYLES[name])
    return tuple(sorted((folder / "js").rglob("*.js"))) if name in MODULES else (folder / SPRITE,)


def _joined_styles(folder: Path, names: tuple[str, ...]) -> str:
    # Addresses inside hold as they are: /static/built/ lies as deep as /static/css/.
    return "".join(_style(folder, *one.partition(":")[::2]) for one in names)


def _style(folder: Path, name: str, medium: str) -> str:
    text = _SPACE.sub("", _STYLE_COMMENT.sub("", (folder / name).read_text(encoding="utf-8")))
    text = text.removeprefix('@charset "UTF-8";\n')
    return f"@media {medium}{{{text}}}\n" if medium else text


def _fewer_icons(sprite: str, names: tuple[str, ...]) -> str:
    there = set(_SYMBOL.findall(sprite))
    if missing := set(names) - there:
        raise ValueError(f"not in the sprite: {sorted(missing)}")
    return _SYMBOL.sub(lambda found: found.group() if found.group(1) in names else "", sprite)


def with_fewer_icons(html: str, sprite: str, name: str, address: str) -> str:
    """Let icons of `sprite` (its address) come from the bundle `name` at `address` where that draws them."""

    def chosen(found: re.Match[str]) -> str:
        ours = found.group(1) == sprite and found.group(2) in ICONS[name]
        return f'href="{address}#{found.group(2)}"' if ours else found.group()

    return _ASKED_ICON.sub(chosen, html)


class _Modules:
    """Joins a module and all that it imports, each once, in the order in which a browser would run them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.done: dict[str, str] = {}
        self.open: list[str] = []

    def joined(self, entry: str) -> str:
        self._add(entry)
        return "".join(self._with_later(name, text) for name, text in self.done.items())

    def _add(self, name: str) -> None:
        if name in self.done:
            return
        if name in self.open:
            raise ValueError(f"modules import each other: {' > '.join([*self.open, name])}")
        self.open.append(name)
        text = _bare((self.folder / name).read_text(encoding="utf-8"))
        for _names, path in _IMPORT.findall(text):
            self._add(_resolved(name, path))
        self.open.pop()
        self.done[name] = self._wrapped(name, text)

    def _wrapped(self, name: str, text: str) -> str:
        exported = _EXPORT.findall(text)
        body = _EXPORT.sub("", _IMPORT.sub(lambda found: self._taken(name, *found.groups()), text))
        for problem in _unjoinable(body):
            raise ValueError(f"{name} cannot be joined: {problem}")
        return f"const {_variable(name)}=(()=>{{\n{body}return{{{','.join(exported)}}};\n}})();\n"

    @staticmethod
    def _taken(name: str, names: str | None, path: str) -> str:
        if names is None:
            return ""
        other = _variable(_resolved(name, path))
        if names.startswith("*"):
            return f"const {names.removeprefix('* as ')}={other};\n"
        return f"const {names.replace(' as ', ': ')}={other};\n"

    def _with_later(self, name: str, text: str) -> str:
        """Let `import(…)` find what is in the bundle there, and the other files from where the bundle stands."""

        def found(match: re.Match[str]) -> str:
            target = _resolved(name, match.group(1))
            waits = "await " if match.group().startswith("await") else ""
            if target in self.done:
                return f"{waits}Promise.resolve().then(()=>{_variable(target)})"
            return f'{waits}import("../{target}")'

        return _LATER.sub(found, text)


def _resolved(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removeprefix("js/").removesuffix(".js"))


def _bare(text: str) -> str:
    return _SPACE.sub("", _LINE_COMMENT.sub("", _BLOCK_COMMENT.sub("", text)))


def _unjoinable(body: str) -> Iterator[str]:
    checks: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("export in a form that is not known", lambda line: line.startswith(("export ", "export{"))),
        ("import in a form that is not known", lambda line: line.startswith("import ")),
        ("import() of something that is no text", lambda line: bool(re.search(r'\bimport\((?!")', line))),
        ("a template over two lines", lambda line: line.count("`") % 2 == 1),
    )
    for line in body.splitlines():
        yield from (f"{words}: {line}" for words, wrong in checks if wrong(line))

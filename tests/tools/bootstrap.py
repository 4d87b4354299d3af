"""Cut Bootstrap down to what this product uses: `python -m tests.tools.bootstrap update|check`.

The vendored style sheet stays as it came; `contest/static/css/bootstrap.css` is what pages load. A rule stays when each
class that its selector asks for is written in a template, a script or a style sheet of ours; rules of elements always
stay. Custom properties that nothing reads go, and so do animations that nothing runs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "contest" / "static"
WHOLE = STATIC / "vendor" / "bootstrap-5.3.9" / "bootstrap.min.css"
CUT = STATIC / "css" / "bootstrap.css"
# Words in quotes that name a class of Bootstrap and mean something else: a state, a kind of file, an attribute.
OTHER_WORDS = frozenset({"active", "alert", "css", "mark", "min", "placeholder", "progress", "row", "table"})

_CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
_NOT = re.compile(r":not\([^()]*\)")
_WORD = re.compile(r"[\w-]+")
_QUOTED = re.compile(r"""'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`""")
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_CLASSES = re.compile(r"""class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"{]|\{)*)\"""", re.DOTALL)
_JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_READ = re.compile(r"var\(\s*(--[\w-]+)")


@dataclass(frozen=True)
class Rule:
    """`head{body}`, or `head` with the rules inside it; a statement such as `@charset` has neither."""

    head: str
    body: str = ""
    rules: tuple[Rule, ...] = field(default=())

    @property
    def text(self) -> str:
        """The rule as it stands in a style sheet, without white space."""
        if self.head.startswith("@charset"):
            return f"{self.head};"
        return f"{self.head}{{{''.join(rule.text for rule in self.rules) or self.body}}}"


def parsed(text: str) -> tuple[Rule, ...]:
    """Return the rules of a style sheet in their order; comments are left out."""
    rules, rest = [], _COMMENT.sub("", text)
    while rest.strip():
        if rest.startswith("@charset"):
            head, _semicolon, rest = rest.partition(";")
            rules.append(Rule(head))
            continue
        head, body, rest = _block(rest)
        inner = head.startswith("@") and not head.startswith(("@font-face", "@page"))
        rules.append(Rule(head, rules=parsed(body)) if inner else Rule(head, body))
    return tuple(rules)


def _block(text: str) -> tuple[str, str, str]:
    """Return what stands before, in and after the first pair of braces."""
    start = depth = 0
    for found in re.finditer(r"[{}]", text):
        if found.group() == "{":
            start, depth = start or found.start(), depth + 1
        else:
            depth -= 1
        if not depth:
            return text[:start].strip(), text[start + 1 : found.start()].strip(), text[found.end() :].strip()
    raise ValueError(f"a brace is missing after {text[:60]!r}")


def used_words() -> frozenset[str]:
    """Return every word that may be a class: in class attributes, in quotes of templates and scripts, in our styles."""
    words: set[str] = set()
    for page in (ROOT / "templates").rglob("*.html"):
        text = _JINJA_COMMENT.sub("", page.read_text(encoding="utf-8"))
        words |= in_attributes(text) | (_in_quotes(" ".join(_JINJA.findall(text))) - OTHER_WORDS)
    for script in (STATIC / "js").rglob("*.js"):
        words |= _in_quotes(_COMMENT.sub("", script.read_text(encoding="utf-8"))) - OTHER_WORDS
    for style in _styles():
        words |= set(_CLASS.findall(re.sub(r"\{[^{}]*\}", "{}", style)))
    return frozenset(_completed(words))


def in_attributes(text: str) -> set[str]:
    """Return the words of the class attributes of a template, those that an expression in one may give among them."""
    return {word for found in _CLASSES.findall(text) for word in _WORD.findall(found)}


def _in_quotes(text: str) -> set[str]:
    return {word for found in _QUOTED.findall(text) for word in _WORD.findall(" ".join(found))}


def _completed(words: set[str]) -> Iterator[str]:
    """Yield the words, and those that begin in an attribute and end in an expression: `btn-{{ kind }}`."""
    yield from words
    for begin in (word for word in words if word.endswith("-")):
        yield from (begin + word for word in words)


def _styles() -> Iterator[str]:
    for path in sorted((STATIC / "css").glob("*.css")):
        if path.name != CUT.name:
            yield path.read_text(encoding="utf-8")


def kept(rules: Iterable[Rule], words: frozenset[str]) -> tuple[Rule, ...]:
    """Return the rules that can match something, each with the selectors that can."""
    found = (_kept(rule, words) for rule in rules)
    return tuple(rule for rule in found if rule is not None)


def _kept(rule: Rule, words: frozenset[str]) -> Rule | None:
    if rule.head.startswith("@keyframes") or not (rule.rules or rule.body):
        return rule
    if rule.rules:
        inner = kept(rule.rules, words)
        return replace(rule, rules=inner) if inner else None
    heads = [one for one in selectors(rule.head) if set(_CLASS.findall(_NOT.sub("", one))) <= words]
    return replace(rule, head=",".join(heads)) if heads else None


def selectors(head: str) -> list[str]:
    """Return the selectors of a rule, one by one."""
    return re.split(r",(?![^()]*\))", head)


def without_unread(rules: tuple[Rule, ...], others: str) -> tuple[Rule, ...]:
    """Return the rules without custom properties and animations that neither they nor `others` read."""
    while True:
        text = "".join(rule.text for rule in rules) + others
        fewer = tuple(one for one in (_read(rule, set(_READ.findall(text)), text) for rule in rules) if one is not None)
        if fewer == rules:
            return rules
        rules = fewer


def _read(rule: Rule, read: set[str], text: str) -> Rule | None:
    if rule.head.startswith("@keyframes"):
        name = re.escape(rule.head.split()[1])
        return rule if re.search(rf"animation(?:-name)?:[^;}}]*\b{name}\b", text) else None
    if rule.rules:
        inner = tuple(one for one in (_read(one, read, text) for one in rule.rules) if one is not None)
        return replace(rule, rules=inner) if inner else None
    if not rule.body:
        return rule
    lines = [line for line in _declarations(rule.body) if not _unread(line, read)]
    return replace(rule, body=";".join(lines)) if lines else None


def _declarations(body: str) -> list[str]:
    return re.split(r";(?![^()]*\))", body.rstrip(";"))


def _unread(line: str, read: set[str]) -> bool:
    name = line.partition(":")[0].strip()
    return name.startswith("--") and name not in read


def cut() -> str:
    """Return the style sheet that pages load."""
    whole = WHOLE.read_text(encoding="utf-8")
    licence = _COMMENT.search(whole)
    assert licence is not None
    rules = without_unread(kept(parsed(whole), used_words()), "".join(_styles()))
    charset = [rule for rule in rules if rule.head.startswith("@charset")]
    lines = "\n".join(rule.text for rule in rules if rule not in charset)
    first = "".join(rule.text + "\n" for rule in charset)
    return f"{first}{licence.group()}\n/* Only what is used here: python -m tests.tools.bootstrap update */\n{lines}\n"


def lines_of(rules: Iterable[Rule], around: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield what a style sheet says, line by line: what stands around a rule, one selector, one declaration."""
    for rule in rules:
        yield from lines_of(rule.rules, around + rule.head)
        for selector in selectors(rule.head):
            yield from ((around, selector, line) for line in _declarations(rule.body))


def missing() -> list[tuple[str, str, str]]:
    """Return what the sources ask for and the style sheet lacks; what they no longer ask for does no harm."""
    there = set(lines_of(parsed(CUT.read_text(encoding="utf-8"))))
    return [line for line in lines_of(parsed(cut())) if line not in there]


def main(arguments: list[str]) -> int:
    """Write the style sheet, or say what it lacks."""
    if arguments == ["update"]:
        CUT.write_text(cut(), encoding="utf-8")
    elif arguments == ["check"]:
        if lacks := missing():
            sys.stderr.write(f"css/bootstrap.css lacks {lacks[:5]}: python -m tests.tools.bootstrap update\n")
            return 1
    else:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

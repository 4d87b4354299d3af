"""What hostile people and broken programs send: values for one field at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus

from tests.journeys.pages import Control
from tests.sweep.forms import Filled

SCRIPT = "<script>alert(1)</script>"
# A formula, markup, the end of an SQL text, three kinds of templates, a letter in two pieces, text turned around,
# and a second line for the head of a mail.
HOSTILE = f"={SCRIPT}\"';-- {{{{191*7}}}} %(x)s {{0}} \u202eTie\u0302\u0301ng 😀\r\nBcc: all@example.org"
# What a template would make of it; nothing else in the world counts that far.
PRODUCT = "1337"
LONG = "dài " * 25_000
HUGE = 10_000_000
NUMBERS = ("NaN", "1e309", "-1", "\uff11\uff12", "9" * 400)
BROKEN = b"%FF%ED%A0%80%C0%80"
FILES = (
    ("rỗng.csv", b""),
    ("../../mua\u202e.zip", b"PK\x03\x04 no archive"),
    (f"{SCRIPT}.csv", b"\x00\xff\xfe,\r\n"),
    ("bảng.xlsx", b"PK\x05\x06" + b"\x00" * 18),
    ("bài.pdf", b"%PDF-1.4 cut off"),
)
NUMERIC = {"number", "datetime-local"}


@dataclass(frozen=True)
class Attack:
    """A form with one field gone wrong; `raw` replaces the encoded body."""

    name: str
    sent: Filled
    raw: bytes = b""


def attacks(filled: Filled) -> Iterator[Attack]:
    """Yield the form once per field and value; very long values and broken letters once per form."""
    once = True
    for name, control in filled.kinds().items():
        if control.kind == "file":
            yield from (Attack(f"{name}: file {file[0]!r}", filled.having(name, file)) for file in FILES)
            continue
        if name == "csrf_token":
            continue
        for value in values_for(control, filled.data.get(name, "")):
            yield Attack(f"{name}={value[:20]!r}", filled.having(name, value))
        yield Attack(f"{name} missing", filled.having(name))
        yield Attack(f"{name} twice", filled.having(name, *filled.data.getlist(name)[:1] or ["1"], "khác"))
        if once and control.kind in ("text", "textarea"):
            once = False
            yield Attack(f"{name} long", filled.having(name, LONG))
            yield Attack(f"{name} huge", filled, body(filled, name, b"a" * HUGE))
            yield Attack(f"{name} not UTF-8", filled, body(filled, name, BROKEN))


def values_for(control: Control, usual: object) -> tuple[str, ...]:
    """Return the wrong values for a control; those of numbers only where a number is expected."""
    if control.kind in ("select", "checkbox", "radio"):
        return (HOSTILE,)
    number = control.kind in NUMERIC or str(usual).replace(",", "").replace(".", "").isdecimal()
    return (HOSTILE, "a\x00b", *(NUMBERS if number else ()))


def body(filled: Filled, name: str, value: bytes) -> bytes:
    """Return the form as the bytes a browser would send, with one value exactly as given."""
    pairs = [
        f"{quote_plus(key)}={quote_plus(one)}".encode()
        for key, one in filled.data.items(multi=True)
        if key != name and isinstance(one, str)
    ]
    return b"&".join([*pairs, quote_plus(name).encode() + b"=" + value])

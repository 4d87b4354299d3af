"""Second factors as pages and services see them: an authenticator app, passkeys, recovery codes."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

STEP_SECONDS = 30
# One step before and one after: a phone's clock is off by some seconds, and typing takes some more.
DRIFT = 1
HALF_LIFE = timedelta(minutes=10)
CHALLENGE_LIFE = timedelta(minutes=5)
RECOVERY_CODES = 10
MOST_PASSKEYS = 20
LONGEST_NAME = 60


class FirstStep(StrEnum):
    """How somebody showed the first time who they are; misses at the second step are counted for each apart."""

    PASSWORD = "password"  # noqa: S105  the name of a way in, no password
    LINK = "link"
    DOOR = "door"
    OUTSIDE = "outside"


class Asked(StrEnum):
    """What a passkey is asked for: an answer to one question is none to another."""

    ADD = "add"
    ENTER = "enter"
    SECOND = "second"
    PROVE = "prove"


@dataclass(frozen=True, slots=True)
class Site:
    """Whom passkeys are made for: the host and the origin of the configured address, never those of a request."""

    host: str
    origin: str

    @classmethod
    def of(cls, base_url: str) -> Site:
        """Read the address of the settings, e.g. "https://thi.example.vn"."""
        parts = urlsplit(base_url)
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")

    @property
    def takes_passkeys(self) -> bool:
        """Tell whether browsers allow them here: names reached over TLS, and the machine itself by its name."""
        return self.host == "localhost" or (self.origin.startswith("https://") and not _is_number(self.host))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class PasskeyFacts:
    """One passkey of a person; `used_at` is none as long as it was never used."""

    public_id: str
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has set up: an app since `app_since`, passkeys, and how many recovery codes are unused."""

    app_since: datetime | None
    passkeys: tuple[PasskeyFacts, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Tell whether signing in takes a second step."""
        return self.app_since is not None or bool(self.passkeys)


def is_one_time_code(text: str) -> bool:
    """Tell whether it looks like the six digits of an app, spaces aside; else it may be a recovery code."""
    return re.fullmatch(r"[0-9]{6}", "".join(text.split()), re.ASCII) is not None


def plain_recovery_code(text: str) -> str:
    """Return the one spelling of a recovery code as typed: small letters in groups of four, and 0 for the letter o."""
    letters = re.sub(r"[^0-9a-z]", "", text.lower()).replace("o", "0")
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def matching_step(code: str, now: datetime, used: int, code_at: Callable[[int], str]) -> int | None:
    """Return the time step that a one-time code belongs to; none when it belongs to none near, or to a used one.

    `used` is the last step that was accepted; steps count from 1970, 30 s each.
    """
    here = int(now.timestamp()) // STEP_SECONDS
    near = range(here - DRIFT, here + DRIFT + 1)
    # Every step is looked at: how long it takes tells nothing.
    found = [step for step in near if _same(code_at(step), code) and step > used]
    return found[0] if found else None


def _same(wanted: str, given: str) -> bool:
    different = len(wanted) ^ len(given)
    for one, other in zip(wanted, given, strict=False):
        different |= ord(one) ^ ord(other)
    return different == 0

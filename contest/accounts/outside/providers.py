"""Who else may say who somebody is: Google, Microsoft, a school's own sign-in (OpenID Connect)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from contest.errors import RuleBroken

_KEY = re.compile(r"[a-z][a-z0-9-]{0,29}")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
# Their token and key addresses are on other hosts than their description.
_FURTHER = {"accounts.google.com": ("oauth2.googleapis.com", "www.googleapis.com")}
_KNOWN = frozenset(
    {"name", "discovery", "client_id", "client_secret", "hosts", "creates", "trusts_every_address", "own_network"}
)


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider as the settings describe it.

    `discovery` is the address of its description; only its host and `hosts` are ever asked. `creates` holds the domains
    whose people get an account at their first sign-in; of others only those who have one are let in.
    `trusts_every_address` is for a directory of the operator's own that calls no address verified. `own_network` allows
    private addresses, for a school's server in the same house.
    """

    key: str
    name: str
    discovery: str
    client_id: str
    client_secret: str
    hosts: frozenset[str]
    creates: frozenset[str] = frozenset()
    trusts_every_address: bool = False
    own_network: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a provider says of somebody: `issuer` and `subject` name the person there for good, an address may go."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str


def read_providers(given: Mapping[str, Any]) -> tuple[dict[str, Provider], list[str]]:
    """Return the providers of a settings file by their keys, and a sentence per fault."""
    found, faults = {}, []
    for key, values in given.items():
        wrong = _faults(values) if _KEY.fullmatch(key) and isinstance(values, Mapping) else ["is no section"]
        faults += [f"[{key}] {fault}" for fault in wrong]
        if not wrong:
            found[key] = _provider(key, values)
    return found, faults


def _faults(values: Mapping[str, Any]) -> list[str]:
    texts = ("discovery", "client_id", "client_secret")
    wrong = [f"{name} is missing" for name in texts if not isinstance(values.get(name), str) or not values[name]]
    wrong += [f"{name} is not known" for name in sorted(values.keys() - _KNOWN)]
    if isinstance(values.get("discovery"), str) and not _is_address(values["discovery"], values.get("own_network")):
        wrong.append("discovery must be an https address")
    lists = [(name, values.get(name, [])) for name in ("hosts", "creates")]
    wrong += [f"{name} must be a list of domain names" for name, given in lists if not _are_domains(given)]
    return wrong


def _is_address(text: str, own_network: object) -> bool:
    parts = urlsplit(text)
    loopback = parts.scheme == "http" and parts.hostname == "127.0.0.1" and own_network is True
    return bool(parts.hostname) and (parts.scheme == "https" or loopback)


def _are_domains(given: object) -> bool:
    return isinstance(given, list) and all(isinstance(one, str) and _DOMAIN.fullmatch(one) for one in given)


def _provider(key: str, values: Mapping[str, Any]) -> Provider:
    host = str(urlsplit(values["discovery"]).hostname)
    return Provider(
        key=key,
        name=str(values.get("name") or key.capitalize()),
        discovery=values["discovery"],
        client_id=values["client_id"],
        client_secret=values["client_secret"],
        hosts=frozenset({host, *_FURTHER.get(host, ()), *values.get("hosts", ())}),
        creates=frozenset(values.get("creates", ())),
        trusts_every_address=values.get("trusts_every_address") is True,
        own_network=values.get("own_network") is True,
    )


def trusted_address(provider: Provider, claimed: Claimed) -> str:
    """Return the address that may stand for a person here; raise `RuleBroken` "outside_unverified" when none may."""
    if not claimed.email or not (claimed.email_verified or provider.trusts_every_address):
        raise RuleBroken("outside_unverified", provider=provider.name)
    return claimed.email


def may_create(provider: Provider, email: str) -> bool:
    """Tell whether somebody with this address gets an account at the first sign-in; subdomains are not meant."""
    return email.rpartition("@")[2] in provider.creates

"""The conversation with a provider: an authorization code with PKCE, state and nonce, and a signed word in return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # it ships no types
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # as above
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from contest.accounts.outside.providers import Claimed, Provider
from contest.infra.fetching import Unreachable, Way, allowed, fetch_json
from contest.infra.signing import new_token

# How long somebody may take over there, how far clocks may differ, and how long a description holds.
ERRAND_LIFE = timedelta(minutes=10)
LEEWAY = 60
DESCRIPTION_LIFE = timedelta(minutes=10)
# Signed with the provider's own key: "none" and anything that our own secret could make are out.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Refused(Exception):
    """The provider's answer cannot be believed, or there is none; the text is for the log."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What this browser keeps while somebody is over there; `link_for` asked to be linked, `target` is where to go.

    With `anew` somebody who is signed in here proves once more who they are: being signed in over there is not enough.
    """

    provider: str
    state: str
    nonce: str
    verifier: str
    begun_at: int
    target: str
    link_for: int | None = None
    anew: bool = False


def begun(
    provider: Provider, *, back: str, target: str, link_for: int | None, now: datetime, anew: bool = False
) -> tuple[Errand, str]:
    """Return a new errand and the address to send the browser to; raise `Refused` when the provider cannot be asked."""
    errand = Errand(
        provider=provider.key,
        state=new_token(),
        nonce=new_token(),
        verifier=new_token() + new_token(),
        begun_at=int(now.timestamp()),
        target=target,
        link_for=link_for,
        anew=anew,
    )
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": "openid email profile",
        "state": errand.state,
        "nonce": errand.nonce,
        "code_challenge": create_s256_code_challenge(errand.verifier),
        "code_challenge_method": "S256",
        **({"prompt": "login", "max_age": "0"} if anew else {}),
    }
    address = str(_description(provider, now)["authorization_endpoint"])
    return errand, f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def answered(provider: Provider, errand: Errand, *, code: str, issuer: str, back: str, now: datetime) -> Claimed:
    """Return what the provider says of whoever came back with a code; `issuer` is empty when it was not named.

    Raises `Refused` for whatever is wrong with it.
    """
    if now.timestamp() - errand.begun_at > ERRAND_LIFE.total_seconds():
        raise Refused("it took too long")
    described = _description(provider, now)
    if issuer and issuer != described["issuer"]:
        raise Refused("another issuer answers")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "code_verifier": errand.verifier,
    }
    given = _fetched(str(described["token_endpoint"]), provider, form)
    wanted = {"nonce": errand.nonce, "client_id": provider.client_id, "access_token": given.get("access_token")}
    claims = _checked(provider, described, str(given.get("id_token", "")), wanted, now)
    if errand.anew and not _signed_in_since(claims, errand.begun_at):
        raise Refused("it did not ask the person again")
    return _claimed(claims)


def _signed_in_since(claims: Mapping[str, Any], moment: int) -> bool:
    """Tell whether somebody signed in over there since a moment; a provider that names no time is believed."""
    at = claims.get("auth_time")
    return at is None or (isinstance(at, int) and at >= moment - LEEWAY)


def _checked(
    provider: Provider, described: Mapping[str, Any], token: str, wanted: dict[str, Any], now: datetime
) -> Mapping[str, Any]:
    keys = _fetched(str(described["jwks_uri"]), provider)
    try:
        decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        options = {
            "iss": {"essential": True, "value": described["issuer"]},
            "aud": {"essential": True, "value": provider.client_id},
        }
        claims = CodeIDToken(decoded.claims, decoded.header, options, wanted)
        claims.validate(int(now.timestamp()), LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError) as wrong:
        raise Refused(f"the token is refused: {type(wrong).__name__} {wrong}") from wrong
    return dict(decoded.claims)


def _claimed(claims: Mapping[str, Any]) -> Claimed:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:  # noqa: PLR2004 - the length that OpenID Connect sets
        raise Refused("the token names nobody")
    return Claimed(
        issuer=str(claims["iss"]),
        subject=subject,
        email=str(claims.get("email") or ""),
        email_verified=claims.get("email_verified") is True,
        name=str(claims.get("name") or ""),
    )


def _description(provider: Provider, now: datetime) -> Mapping[str, Any]:
    """Return the description of a provider, asked every ten minutes at most."""
    kept = _DESCRIPTIONS.get(provider)
    if kept is not None and kept[0] > now:
        return kept[1]
    found = _fetched(provider.discovery, provider)
    way = _way(provider)
    if not isinstance(found.get("issuer"), str) or not all(allowed(str(found.get(one)), way) for one in ADDRESSES):
        raise Refused("its description names no issuer or other hosts")
    _DESCRIPTIONS[provider] = (now + DESCRIPTION_LIFE, found)
    return found


_DESCRIPTIONS: dict[Provider, tuple[datetime, Mapping[str, Any]]] = {}


def _fetched(url: str, provider: Provider, form: Mapping[str, str] | None = None) -> dict[str, Any]:
    try:
        return fetch_json(url, _way(provider), form)
    except Unreachable as silent:
        raise Refused(str(silent)) from silent


def _way(provider: Provider) -> Way:
    return Way(provider.hosts, provider.own_network)

"""A small OpenID Connect provider of our own on the loopback: real HTTP, real keys, and every fault on demand."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # it ships no types
from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "bang-vang", "a secret of the client"


@dataclass
class LocalProvider:
    """Its people and its faults. `claims` overrides what a token says, `described` what the description says."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    claims: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    signed_by: Any = None
    moved: bool = False
    long: bool = False
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def consent(self, address: str) -> str:
        """Do what a browser does at the provider: return the path and query to which it is sent back."""
        wish = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (wish["client_id"], wish["response_type"]) == (CLIENT, "code")
        assert wish["code_challenge_method"] == "S256"
        code = f"code{len(self._codes)}"
        self._codes[code] = wish
        back = urlsplit(wish["redirect_uri"])
        return f"{back.path}?code={code}&state={wish['state']}&iss={self.issuer}"

    def token(self, wish: dict[str, str], now: int) -> str:
        said = {
            "iss": self.issuer,
            "sub": "person-1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": wish["nonce"],
            "email": "ngan@example.vn",
            "email_verified": True,
            "name": "Nguyễn Kim Ngân",
            **self.claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "first"}
        if self.algorithm == "none":
            return unsigned(header, said)
        return jwt.encode(header, said, self.signed_by or self.key, algorithms=[self.algorithm])


def unsigned(header: dict[str, Any], said: dict[str, Any]) -> str:
    """Return a token without a signature, as an attacker writes it."""
    parts = (base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in (header, said))
    return ".".join([*parts, ""])


def application(provider: LocalProvider, moment: float) -> Flask:
    """Return the provider as a web application; its clock stands at `moment`."""
    app = Flask("provider")

    @app.before_request
    def note() -> None:
        provider.asked.append(request.path)

    @app.get("/.well-known/openid-configuration")
    def description() -> Any:
        if provider.moved:
            return redirect("/elsewhere", 302)
        there = {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/keys",
            **provider.described,
        }
        return jsonify({**there, "filler": "x" * 300_000} if provider.long else there)

    @app.get("/keys")
    def keys() -> Any:
        return jsonify(keys=[provider.key.as_dict(private=False)])

    @app.post("/token")
    def token() -> Any:
        form = request.form
        wish = provider._codes.pop(form["code"], None)  # noqa: SLF001  a code works once
        right = wish and (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        if not wish or not right or form["redirect_uri"] != wish["redirect_uri"]:
            return jsonify(error="invalid_grant"), 400
        if create_s256_code_challenge(form["code_verifier"]) != wish["code_challenge"]:
            return jsonify(error="invalid_grant"), 400
        return jsonify(access_token="access", token_type="Bearer", id_token=provider.token(wish, int(moment)))

    return app


@contextmanager
def served(moment: float) -> Iterator[LocalProvider]:
    """Serve a provider on a free port of the loopback until the block ends."""
    provider = LocalProvider()
    server = make_server("127.0.0.1", 0, application(provider, moment), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

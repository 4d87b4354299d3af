"""A passkey device in software: real keys, real signatures, and every way to get them wrong."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device with one passkey for one site. What is said of origin and host may be changed to lie."""

    host: str = "localhost"
    origin: str = "http://localhost"
    verifies: bool = True
    counter: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: str = ""

    def create(self, options: str) -> str:
        """Answer `navigator.credentials.create`: an attestation of the format "none"."""
        asked = json.loads(options)
        self.user_handle = asked["user"]["id"]
        self.counter += 1
        long = len(self.credential).to_bytes(2, "big")
        data = self._data(WITH_KEY) + bytes(16) + long + self.credential + self._public_key()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", asked["challenge"])
        return self._answer(clientDataJSON=said, attestationObject=attestation)

    def get(self, options: str) -> str:
        """Answer `navigator.credentials.get` with a signature."""
        asked = json.loads(options)
        self.counter += 1
        data, said = self._data(0), self._said("webauthn.get", asked["challenge"])
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        handle = base64url_to_bytes(self.user_handle)
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signature, userHandle=handle)

    def _data(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _public_key(self) -> bytes:
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        return bytes(cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y}))

    def _answer(self, **response: bytes) -> str:
        name = bytes_to_base64url(self.credential)
        said: dict[str, Any] = {part: bytes_to_base64url(content) for part, content in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": said})

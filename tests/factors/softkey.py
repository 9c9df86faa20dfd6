"""A passkey made of software, which answers a page as a browser would."""

import base64
import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftKey:
    """One key pair; `counter` is what it counts its signatures with (0: it does not count)."""

    def __init__(
        self, *, verifies: bool = True, origin: str = "https://testserver", counter: int = 0
    ) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self.id, self.handle = os.urandom(16), b""
        self.flags = PRESENT | (VERIFIED if verifies else 0)
        self.origin, self.counter = origin, counter

    def make(self, options: dict[str, Any]) -> str:
        """Answer the options of a page on which a passkey is added."""
        given = options["publicKey"]
        self.handle = given["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self._private.public_key())))
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(given["rp"]["id"], self.flags | ATTESTED) + attested
        response = {
            "clientDataJSON": self._client("webauthn.create", given["challenge"]),
            "attestationObject": websafe_encode(
                cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
            ),
        }
        return self._credential(response)

    def show(self, options: dict[str, Any], *, challenge: str = "") -> str:
        """Sign the challenge of a page."""
        given = options["publicKey"]
        client = self._client("webauthn.get", challenge or given["challenge"])
        data = self._data(given["rpId"], self.flags)
        raw = _raw(client)
        signed = self._private.sign(data + hashlib.sha256(raw).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": client,
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signed),
            "userHandle": self.handle,
        }
        return self._credential(response)

    def _data(self, rp_id: str, flags: int) -> bytes:
        counted = self.counter.to_bytes(4, "big")
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + counted

    def _client(self, kind: str, challenge: str) -> str:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return websafe_encode(json.dumps(said).encode())

    def _credential(self, response: dict[str, Any]) -> str:
        name = websafe_encode(self.id)
        return json.dumps(
            {
                "type": "public-key",
                "id": name,
                "rawId": name,
                "response": response,
                "clientExtensionResults": {},
            }
        )


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

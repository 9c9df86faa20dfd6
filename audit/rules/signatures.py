"""Ed25519 signatures of blocks and of keys that follow each other."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_BLOCK, _KEY = b"jocc-audit-block-1\x00", b"jocc-audit-key-1\x00"


class SealingKey:
    """A private key, read from 64 hexadecimal digits."""

    def __init__(self, text: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip()))
        self.public = self._key.public_key().public_bytes_raw()
        self.id = key_id(self.public)

    def sign_block(self, root: bytes) -> bytes:
        """The signature of a block's root."""
        return self._key.sign(_BLOCK + root)

    def endorse(self, public: bytes) -> bytes:
        """The signature that says: from now on, this other key seals."""
        return self._key.sign(_KEY + public)


def key_id(public: bytes) -> str:
    """The short name of a public key."""
    return hashlib.sha256(public).hexdigest()[:16]


def block_signed(public: bytes, signature: bytes, root: bytes) -> bool:
    """Whether the key has signed this root."""
    return _signed(public, signature, _BLOCK + root)


def key_endorsed(by: bytes, endorsement: bytes, public: bytes) -> bool:
    """Whether one key has named the other as its successor."""
    return _signed(by, endorsement, _KEY + public)


def _signed(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True

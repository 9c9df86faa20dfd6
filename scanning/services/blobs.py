"""The bytes of pictures, under their SHA-256: written once, whoever needs them, and removed when no row does.

Blob first, row second: a crash in between leaves a file without a row, which the sweep removes, never a row
without its file. Whoever writes or removes holds the digest's lock until the transaction ends.
"""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection

from scanning.rules.pictures import Picture

_ROOT = "images"
_PREVIEW = ".preview.jpg"
_LOCK = "SELECT pg_advisory_xact_lock(77002, %s)"


def blob_name(sha256: str) -> str:
    """Where the bytes with this digest lie."""
    return f"{_ROOT}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def preview_name(sha256: str) -> str:
    """Where their preview lies."""
    return blob_name(sha256) + _PREVIEW


def blob_lock(sha256: str) -> None:
    """Wait until nobody else writes or removes this picture; until the transaction ends nobody will."""
    with connection.cursor() as cursor:
        # Two pictures may share a lock; they then wait for each other, and nothing worse.
        cursor.execute(_LOCK, [int(sha256[:8], 16) - 2**31])


def blobs_put(pictures: list[Picture]) -> None:
    """Store these pictures and their previews, each once; the caller writes their rows in this transaction."""
    store = storages["images"]
    for picture in sorted(pictures, key=lambda picture: int(picture.sha256[:8], 16)):
        blob_lock(picture.sha256)
        for name, content in (
            (preview_name(picture.sha256), picture.preview),
            (blob_name(picture.sha256), picture.content),
        ):
            if not store.exists(name):
                store.save(name, ContentFile(content))


def blob_read(sha256: str) -> bytes:
    """The bytes as they came."""
    return _read(blob_name(sha256))


def preview_read(sha256: str) -> bytes:
    """The preview's bytes."""
    return _read(preview_name(sha256))


def blob_remove(sha256: str) -> None:
    """Remove the bytes and their preview; the caller holds the lock and has seen that no row needs them."""
    store = storages["images"]
    store.delete(preview_name(sha256))
    store.delete(blob_name(sha256))


def blobs_under(prefix: str) -> list[tuple[str, Any]]:
    """The digests stored under two hexadecimal digits, with the time at which each was written."""
    store, found = storages["images"], []
    root = f"{_ROOT}/{prefix}"
    if not store.exists(root):
        return []
    for folder in store.listdir(root)[0]:
        for name in store.listdir(f"{root}/{folder}")[1]:
            if len(name) == 64:
                found.append((name, store.get_modified_time(f"{root}/{folder}/{name}")))
    return found


def _read(name: str) -> bytes:
    with storages["images"].open(name) as file:
        content: bytes = file.read()
    return content

"""The bytes of pictures, under their SHA-256: written once, whoever needs them, and removed when no row does.

Blob first, row second: a crash in between leaves a file without a row, which the sweep removes, never a row
without its file. Whoever writes or removes holds the digest's lock until the transaction ends.
"""

import logging
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection

from scanning.rules.pictures import Picture

logger = logging.getLogger(__name__)

_ROOT = "images"
_PREVIEW = ".preview.jpg"
_LOCK = "SELECT pg_advisory_xact_lock(77002, %s)"


#: The digests of pictures whose file this process has missed since it started, the last thousand.
_missed: dict[str, None] = {}
_MOST_MISSED = 1000


class PictureMissing(Exception):
    """A picture's row stands and its file is not in the store: somebody must look for it."""


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
    """The bytes as they came. Raises PictureMissing."""
    return _read(sha256, blob_name(sha256))


def preview_read(sha256: str) -> bytes:
    """The preview's bytes. Raises PictureMissing."""
    return _read(sha256, preview_name(sha256))


def blob_is_there(sha256: str) -> bool:
    """Whether the store has the bytes; one that it has not is noted as missing."""
    there: bool = storages["images"].exists(blob_name(sha256))
    _note(sha256, blob_name(sha256), there)
    return there


def blobs_missed() -> tuple[str, ...]:
    """The digests whose file this process has missed since it started, and not found again since."""
    return tuple(_missed)


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


def _read(sha256: str, name: str) -> bytes:
    try:
        with storages["images"].open(name) as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        _note(sha256, name, False)
        raise PictureMissing(sha256) from error
    _note(sha256, name, True)
    return content


def _note(sha256: str, name: str, there: bool) -> None:
    if there:
        # A preview that is there says nothing of its picture.
        if name == blob_name(sha256):
            _missed.pop(sha256, None)
        return
    logger.error("the file of a picture is missing in the store: %s", name)
    _missed[sha256] = None
    while len(_missed) > _MOST_MISSED:
        del _missed[next(iter(_missed))]

"""The sealing key: a file outside the database; its public half, and who endorsed it, in the database."""

import logging
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from audit.models import AuditBlock, SealKey
from audit.rules.signatures import SealingKey

logger = logging.getLogger(__name__)

_INTRODUCE = """
INSERT INTO audit_sealkey (id, public, introduced_at, endorsed_by, endorsement)
VALUES (%s, %s, clock_timestamp(), %s, %s) ON CONFLICT (id) DO NOTHING
"""


class SealingRefused(Exception):
    """Nothing was sealed, and somebody must see to it; shown as one sentence."""


def key_read(path: str | Path | None = None) -> SealingKey:
    """The private key in the named file (default: the setting's); SealingRefused says what is wrong with it."""
    place = path or settings.AUDIT_KEY_FILE
    if not place:
        raise SealingRefused("JOCC_AUDIT_KEY_FILE names no key, so nothing can be sealed.")
    try:
        return SealingKey(Path(place).read_text(encoding="ascii"))
    except OSError as error:
        raise SealingRefused(f"The sealing key {place} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SealingRefused(f"{place} does not hold 64 hexadecimal digits.") from error


def key_admit(key: SealingKey) -> None:
    """Make sure that this key may seal: it is known, or it is the very first; SealingRefused otherwise."""
    if SealKey.objects.filter(pk=key.id).exists():
        return
    if AuditBlock.objects.exists() or SealKey.objects.exists():
        raise SealingRefused(
            f"The key {key.id} is not known. Its predecessor must endorse it: manage.py audit_key --next."
        )
    _introduce(key.id, key.public, "", b"")


@transaction.atomic
def key_endorse(*, current: SealingKey, following: SealingKey) -> None:
    """The key in use names its successor; from then on both may seal."""
    key_admit(current)
    _introduce(following.id, following.public, current.id, current.endorse(following.public))


@transaction.atomic
def key_introduce(*, key: SealingKey) -> None:
    """Take a key that nobody endorses, because the one before it is lost: every verifier will say so."""
    _introduce(key.id, key.public, "", b"")
    logger.warning("sealing key %s introduced without endorsement", key.id)


def _introduce(name: str, public: bytes, endorsed_by: str, endorsement: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INTRODUCE, [name, public, endorsed_by, endorsement])

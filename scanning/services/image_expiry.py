"""Pictures go at their time, but for those that an agency keeps as evidence; and bytes go when no row needs them.

Three steps, each in transactions of its own: rows, then bytes, then files that lost their row in a crash.
"""

import datetime as dt
import itertools

from django.db import transaction
from django.utils import timezone

from agencies.facts import INGEST
from audit.actions import AuditAction
from audit.services import audit_record
from scanning.models import Device, Image, ImageKeep, ImageNote
from scanning.services.blobs import blob_lock, blob_remove, blobs_under

#: Pictures deleted in one turn of the duty: others wait for the scheduler's next turn.
BATCH = 100
#: Whoever keeps a picture in its last moment has committed by then.
GRACE = dt.timedelta(minutes=5)
#: A file without a row may be one whose row is just being written; after this long it is not.
ORPHAN_AFTER = dt.timedelta(hours=6)

_turns = itertools.count()


def images_expire() -> int:
    """Delete some of the pictures whose time has come; returns how many. Bytes follow that nobody else needs."""
    digests = _rows_delete()
    for digest in sorted(set(digests)):
        _bytes_delete(digest)
    return len(digests)


def orphans_sweep(prefix: str | None = None) -> int:
    """Remove files that no row names, in one part of 256 of the storage at a turn; returns how many."""
    prefix = f"{next(_turns) % 256:02x}" if prefix is None else prefix
    before = timezone.now() - ORPHAN_AFTER
    old = [digest for digest, written in blobs_under(prefix) if written < before]
    with transaction.atomic():
        known = set(Image.objects.filter(sha256__in=old).values_list("sha256", flat=True)) if old else set()
    return sum(_bytes_delete(digest) for digest in old if digest not in known)


@transaction.atomic
def _rows_delete() -> list[str]:
    kept = ImageKeep.objects.filter(released_at__isnull=True).values("image_id")
    rows = list(
        Image.objects.filter(expires_at__lte=timezone.now() - GRACE)
        .exclude(pk__in=kept)
        .order_by("expires_at")
        .values_list("pk", "uid", "sha256", "device_id")[:BATCH]
    )
    if not rows:
        return []
    numbers = [row[0] for row in rows]
    ImageNote.objects.filter(image_id__in=numbers).delete()
    ImageKeep.objects.filter(image_id__in=numbers, released_at__isnull=False).delete()
    Image.objects.filter(pk__in=numbers).delete()
    owners = dict(Device.objects.values_list("pk", "originator_id"))
    for owner in sorted({owners[row[3]] for row in rows}):
        audit_record(
            acting_party=INGEST,
            action=AuditAction.IMAGE_EXPIRE,
            object_type="image",
            object_uids=[row[1] for row in rows if owners[row[3]] == owner],
            agency_group=owner,
        )
    return [row[2] for row in rows]


@transaction.atomic
def _bytes_delete(digest: str) -> bool:
    blob_lock(digest)
    if Image.objects.filter(sha256=digest).exists():
        return False
    blob_remove(digest)
    return True

"""From the database to the journal outside of it: every right that ended, within a second."""

import functools
import json
import logging
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from agencies.services.upkeep import upkeep_note
from jocc.upkeep.journal import Covered, Journal

logger = logging.getLogger(__name__)

# The moment and the numbers are read before the ends are taken: what ended before that moment is among them.
_MOMENT = (
    "SELECT clock_timestamp(), (SELECT uid FROM agencies_lineage ORDER BY id DESC LIMIT 1),"
    " pg_sequence_last_value(pg_get_serial_sequence('scanning_delivery', 'id')),"
    " pg_sequence_last_value(pg_get_serial_sequence('audit_auditevent', 'id'))"
)
_TAKE = """
DELETE FROM agencies_rightend WHERE id IN (SELECT id FROM agencies_rightend ORDER BY id LIMIT 2000)
RETURNING id, at, xid, kind, subject
"""


@functools.cache
def _journal(folder: str) -> Journal:
    return Journal(Path(folder))


def ends_ship() -> int:
    """Take the ends that wait to the journal; returns how many. They leave the database once they are on the disk.

    After a crash in between, an end stands in the journal twice, which does no harm.
    """
    if not settings.JOURNAL_DIR:
        return 0
    try:
        shipped = _ship(_journal(settings.JOURNAL_DIR))
    except OSError as error:
        logger.error("journal of ended rights not written: %s", error.strerror)
        upkeep_note(name="journal", is_fine=False, found=0, at_most_every_s=60)
        return 0
    upkeep_note(name="journal", is_fine=True, found=shipped, at_most_every_s=60)
    return shipped


def _ship(journal: Journal) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MOMENT)
        at, lineage, deliveries, records = cursor.fetchone()
        cursor.execute(_TAKE)
        rows = sorted(cursor.fetchall())
        entries = [
            {
                "lineage": str(lineage), "at": moment.isoformat(), "xid": xid, "kind": kind,
                "subject": json.loads(subject) if isinstance(subject, str) else subject,
            }
            for _, moment, xid, kind, subject in rows
        ]  # fmt: skip
        chain, lines = journal.append(entries)
    seen = {"deliveries": deliveries or 0, "audit": records or 0}
    journal.cover(Covered(at=at.isoformat(), chain=chain, lines=lines, lineage=str(lineage), seen=seen))
    return len(rows)

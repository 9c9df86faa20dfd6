"""The leaves of blocks, read as a stream: PostgreSQL puts the fields into text, Python hashes them."""

import bisect
import dataclasses
from collections.abc import Sequence

from django.db import connection

from audit.models import AuditBlock
from audit.rules.leaves import copied_fields, leaf_hash
from audit.rules.merkle import tree_root

#: The highest number that PostgreSQL's bigint holds: an epoch that is still open, a transaction without end.
ENDLESS = 2**63 - 1
#: Before all numbers and transactions: no row can lie outside every block.
START = -ENDLESS

# The fields of a leaf in the order of audit.rules.leaves.FIELDS; never change them, make a new version.
LEAF_COLUMNS = """
    uid::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), actor, coalesce(actor_uid::text, ''),
    actor_label, coalesce(agency_group_id, 0)::text, action, object_type, array_to_string(object_uids, ','),
    purpose, request_id, detail::text
"""
_COPY = f"""
COPY (SELECT tx, id, {LEAF_COLUMNS} FROM audit_auditevent
       WHERE tx >= %s AND tx < %s AND id > %s AND id <= %s) TO STDOUT WITH (NULL '')
"""  # noqa: S608  (our own columns)

_UID, _AT, _LEDGER = 0, 1, 5


@dataclasses.dataclass(slots=True)
class Stretch:
    """The leaves of one block: for each ledger (time, random id, hash), in no order yet."""

    ledgers: dict[int, list[tuple[bytes, bytes, bytes]]] = dataclasses.field(default_factory=dict)
    first_at: bytes = b""
    last_at: bytes = b""
    last_id: int = 0

    def take(self, fields: list[bytes]) -> None:
        """One record."""
        at = fields[_AT]
        self.ledgers.setdefault(int(fields[_LEDGER]), []).append((at, fields[_UID], leaf_hash(fields)))
        if not self.first_at or at < self.first_at:
            self.first_at = at
        self.last_at = max(self.last_at, at)

    def trees(self) -> dict[int, tuple[int, bytes]]:
        """For each ledger how many records, and the root over them, ordered by time and random id."""
        return {ledger: (len(rows), tree_root(hashes_ordered(rows))) for ledger, rows in self.ledgers.items()}


def hashes_ordered(rows: list[tuple[bytes, bytes, bytes]]) -> list[bytes]:
    """The hashes in the order of a ledger's tree."""
    return [leaf for _, _, leaf in sorted(rows)]


class _Sink:
    """Takes the lines of COPY, and puts each record into the block of its transaction."""

    def __init__(self, bounds: Sequence[int]) -> None:
        self.bounds = bounds
        self.stretches = [Stretch() for _ in bounds]
        self.rows = 0

    def write(self, line: bytes) -> int:
        """One line, as psycopg2 hands it over."""
        fields = copied_fields(line)
        place = bisect.bisect_right(self.bounds, int(fields[0])) if len(self.bounds) > 1 else 0
        stretch = self.stretches[place]
        stretch.take(fields[2:])
        stretch.last_id = max(stretch.last_id, int(fields[1]))
        self.rows += 1
        return len(line)


def stretches_read(from_tx: int, bounds: Sequence[int], after_id: int, until_id: int) -> list[Stretch]:
    """The leaves of neighbouring blocks; `bounds` are their ends (exclusive), in their order."""
    sink = _Sink(bounds)
    with connection.cursor() as cursor:
        statement = cursor.mogrify(_COPY, [from_tx, bounds[-1], after_id, until_id]).decode()
        cursor.copy_expert(statement, sink)
    return sink.stretches


def epochs_closed() -> list[tuple[int, int]]:
    """The blocks that closed an epoch, with the highest internal number that belongs to it; in their order."""
    return list(
        AuditBlock.objects.exclude(until_id=ENDLESS).order_by("number").values_list("number", "until_id")
    )


def until_id_of(number: int, closed: Sequence[tuple[int, int]]) -> int:
    """The highest internal number in the epoch of this block."""
    return next((until for last, until in closed if last >= number), ENDLESS)

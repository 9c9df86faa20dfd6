"""Monthly partitions of the large tables, made two years ahead by the owner (design.md §7)."""

import datetime as dt

from django.db.backends.utils import CursorWrapper

PARTITIONED = ("audit_auditevent", "scanning_delivery", "scanning_scanevent")


def _month_start(day: dt.date, offset: int) -> dt.date:
    months = day.year * 12 + day.month - 1 + offset
    return dt.date(months // 12, months % 12 + 1, 1)


def partitions_ensure(
    cursor: CursorWrapper, *, today: dt.date, ahead: int = 24, behind: int = 1
) -> list[str]:
    """Create the missing monthly partitions and the default one; returns the names of those created."""
    made = []
    for table in PARTITIONED:
        cursor.execute("SELECT to_regclass(%s)", [f"{table}_default"])
        if cursor.fetchone()[0] is None:
            cursor.execute(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT")
            made.append(f"{table}_default")
        for offset in range(-behind, ahead + 1):
            start, end = _month_start(today, offset), _month_start(today, offset + 1)
            name = f"{table}_{start:%Y_%m}"
            cursor.execute("SELECT to_regclass(%s)", [name])
            if cursor.fetchone()[0] is None:
                cursor.execute(
                    f"CREATE TABLE {name} PARTITION OF {table}"
                    f" FOR VALUES FROM ('{start} 00:00+00') TO ('{end} 00:00+00')"
                )
                made.append(name)
    return made

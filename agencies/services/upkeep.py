"""Noting how a duty of upkeep went; the health page shows it."""

from django.db import connection, transaction

_NOTE = """
INSERT INTO agencies_upkeep (name, at, is_fine, found) VALUES (%s, now(), %s, %s)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, is_fine = excluded.is_fine, found = excluded.found
 WHERE agencies_upkeep.is_fine <> excluded.is_fine OR agencies_upkeep.at <= now() - %s * interval '1 second'
"""


@transaction.atomic
def upkeep_note(*, name: str, is_fine: bool, found: int, at_most_every_s: int = 0) -> None:
    """Write down that the duty was kept now, whether all was fine, and how much it found."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [name, is_fine, found, at_most_every_s])

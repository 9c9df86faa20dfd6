"""Giving out the next number of a series."""

from django.db import connection

_NEXT = (
    "INSERT INTO agencies_referencecounter (agency_id, series, year, last)"
    " SELECT id, %s, %s, 1 FROM agencies_agency WHERE group_id = %s"
    " ON CONFLICT ON CONSTRAINT reference_series DO UPDATE SET last = agencies_referencecounter.last + 1"
    " RETURNING last, (SELECT code FROM agencies_agency WHERE group_id = %s)"
)
_COMPARTMENT_AGENCY = "SELECT a.group_id FROM agencies_compartment c JOIN agencies_agency a ON a.id = c.agency_id WHERE c.group_id = %s"


def reference_next(*, group_id: int, series: str, year: int) -> str:
    """The next reference of the group's agency, e.g. `UKBA-L-2026-000123`; the row lock orders callers.

    A compartment counts with its agency, so that its numbers do not stand out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [series, year, group_id, group_id])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_COMPARTMENT_AGENCY, [group_id])
            (agency_group,) = cursor.fetchone()
            cursor.execute(_NEXT, [series, year, agency_group, agency_group])
            row = cursor.fetchone()
    return f"{row[1]}-{series}-{year}-{row[0]:06d}"

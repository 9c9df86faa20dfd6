"""The database roles that tests and the processes they start sign in as."""

import os
from typing import Any


def roles_exist(cursor: Any) -> None:
    """Make the restricted roles where they are missing; the cursor is the owner's, and commits by itself."""
    # Several test workers start at once and would create the same role.
    cursor.execute("SELECT pg_advisory_lock(424242)")
    try:
        for role, variable in (("jocc_web", "JOCC_WEB_PASSWORD"), ("jocc_ingest", "JOCC_INGEST_PASSWORD")):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                cursor.execute(
                    f"CREATE ROLE {role} LOGIN NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD %s",
                    [os.environ[variable]],
                )
            cursor.execute(f"GRANT {role} TO CURRENT_USER WITH SET TRUE, INHERIT FALSE")
    finally:
        cursor.execute("SELECT pg_advisory_unlock(424242)")

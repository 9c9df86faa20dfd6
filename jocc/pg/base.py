"""PostgreSQL backend that tells the database, at the start of every transaction, who is acting.

Row-level security reads these transaction-local settings (docs/adr/0004). Outside a transaction, and for
nobody, they are empty and every protected table looks empty.
"""

from typing import Any

from django.db.backends.postgresql import base

from agencies.acting import acting

_STAMP = (
    "SELECT set_config('jocc.groups', %s, true), set_config('jocc.clearance', %s, true),"
    " set_config('jocc.actor', %s, true), set_config('jocc.state', %s, true),"
    " set_config('jocc.uid', %s, true), set_config('jocc.request', %s, true)"
)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, with the principal applied whenever a transaction begins."""

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:
        """Switch autocommit; leaving it begins the outermost atomic block, which is then stamped."""
        super().set_autocommit(autocommit, *args, **kwargs)
        if not autocommit:
            self.apply_principal()

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        # ROLLBACK TO SAVEPOINT also undoes SET LOCAL, so the principal is put back.
        self.apply_principal()

    def apply_principal(self) -> None:
        """Write the current principal's settings into the open transaction."""
        with self.connection.cursor() as cursor:
            cursor.execute(_STAMP, acting.get().settings())

"""PostgreSQL backend that tells the database, at the start of every transaction, who is acting.

Row-level security reads these transaction-local settings (docs/adr/0004). Outside a transaction, and for
nobody, they are empty and every protected table looks empty.
"""

import select
import time
from typing import Any

from django.db import Error
from django.db.backends.postgresql import base

from agencies.acting import acting

_STAMP = (
    "SELECT set_config('jocc.groups', %s, true), set_config('jocc.clearance', %s, true),"
    " set_config('jocc.actor', %s, true), set_config('jocc.state', %s, true),"
    " set_config('jocc.uid', %s, true), set_config('jocc.request', %s, true)"
)


#: A connection that lies still is asked again after so many seconds: a network in between may have lost it.
_GOOD_FOR_S = 10.0


def _is_readable(raw: Any) -> bool:
    waiting = select.poll()  # not select(): that one knows no more than 1024 files, and each stream is one
    waiting.register(raw, select.POLLIN)
    return bool(waiting.poll(0))


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, with the principal applied whenever a transaction begins."""

    _found_good = 0.0

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:
        """Switch autocommit; leaving it begins the outermost atomic block, which is then stamped."""
        super().set_autocommit(autocommit, *args, **kwargs)
        if autocommit:
            return
        try:
            self.apply_principal()
        except Error:
            self.close()  # no block has begun whose end would do it, and half a beginning is of no use
            raise

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        # ROLLBACK TO SAVEPOINT also undoes SET LOCAL, so the principal is put back.
        self.apply_principal()

    def is_usable(self) -> bool:
        """Whether the server is still there: a server that has hung up can be read from, a silent one is asked.

        Django asks before each request, which costs a turn to the server and back. One whose connection was found
        good a moment ago, and which has not hung up since, is there.
        """
        now, raw = time.monotonic(), self.connection
        known = now - self._found_good < _GOOD_FOR_S and not self.errors_occurred
        if known and raw is not None and not raw.closed and not _is_readable(raw):
            return True
        good: bool = super().is_usable()
        self._found_good = now if good else 0.0
        return good

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; nothing is known of the new connection yet."""
        self._found_good = 0.0
        return super().get_new_connection(conn_params)

    def apply_principal(self) -> None:
        """Write the current principal's settings into the open transaction; raises Django's errors."""
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(_STAMP, acting.get().settings())

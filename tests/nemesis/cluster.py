"""A PostgreSQL of the storm's own: it can be crashed without any other test noticing."""

import os
import secrets
import signal
from pathlib import Path
from types import ModuleType


class Cluster:
    """Commits are written before they are answered, as in production; only the disk's own cache is trusted.

    That makes no difference to a crash of processes, and saves the waiting for the disk.
    """

    def __init__(self, launcher: ModuleType, folder: Path) -> None:
        launcher.POSTGRES_FAST["synchronous_commit"] = "on"  # this module was loaded for this stage alone
        passwords = {"superuser": secrets.token_hex(8), "owner": secrets.token_hex(8)}
        self._engine = launcher.Postgres(folder, passwords, launcher.Account(), durable=False)
        self._engine.start()
        self.url: str = self._engine.url()

    def start(self) -> None:
        """Start it, and let it recover."""
        self._engine.start()

    def crash(self) -> None:
        """An immediate stop: no checkpoint, no farewell; the next start recovers from the log."""
        self._engine.process.send_signal(signal.SIGQUIT)
        self._engine.process.wait()

    def backends_terminate(self) -> int:
        """End every session of ours; returns how many there were."""
        return len(self._sessions(ends=True))

    def backend_kill(self) -> None:
        """kill -9 of one session: PostgreSQL then throws out all others and recovers by itself."""
        os.kill(self._sessions()[0], signal.SIGKILL)

    def _sessions(self, *, ends: bool = False) -> list[int]:
        """The processes of the sessions of web and workers in random order; `ends` ends them."""
        connection = self._engine._connect("postgres")
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pid, %s AND pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE usename IN ('jocc_web', 'jocc_ingest') ORDER BY random()",
                    [ends],
                )
                return [row[0] for row in cursor.fetchall()]
        finally:
            connection.close()

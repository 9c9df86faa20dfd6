"""The processes under measurement, started as the launcher starts them, and gone at the end."""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from jocc.bench.ground import Ground
from jocc.bench.report import BenchFailed

_READY_S = 60
_STOP_S = 15
_PR_SET_PDEATHSIG = 1


class Process:
    """One process of the centre in a session of its own; its words go to a log."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  (our own programs)
                command,
                env=environment,
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_us(),  # noqa: PLW1509  (one system call, and no other thread runs yet)
            )

    def require_alive(self) -> None:
        """Fail with the end of the log when the process has ended."""
        if self._process.poll() is not None:
            raise BenchFailed(f"{self.name} ended with code {self._process.returncode}:\n{self.last_words()}")

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """Ask the process to end, and end it with all it started when it does not."""
        if self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_S)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _end_with_us():  # type: ignore[no-untyped-def]
    """The hook that makes Linux end a child when the benchmark is killed."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def web_started(ground: Ground, port: int) -> Process:
    """Start the web process (one, as the launcher does)."""
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "jocc.asgi:application",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--no-access-log", "--no-server-header", "--log-level", "warning"]
    command += ["--timeout-graceful-shutdown", "1"]
    return Process("web", command, ground.environment("web"), ground.folder)


def worker_started(
    ground: Ground, number: int, *extra: str, process: str = "ingest", **change: str
) -> Process:
    """Start one worker with one child, as the launcher does."""
    name = f"bench-{process}-{number}"
    command = [sys.executable, "-m", "celery", "-A", "jocc", "worker", "-c", "1", "--loglevel", "WARNING"]
    command += ["--without-gossip", "--without-mingle", "-n", f"{name}@%h", *extra]
    return Process(name, command, ground.environment(process) | change, ground.folder)


def pulse_started(ground: Ground) -> Process:
    """Start the scheduler."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "pulse"]
    return Process("pulse", command, ground.environment("ingest"), ground.folder)


@contextlib.contextmanager
def centre_running(ground: Ground, workers: int) -> Iterator[int]:
    """Web, workers and scheduler, ready to work; gives the port. They are stopped in order at the end."""
    port = _free_port()
    started = [web_started(ground, port)]
    try:
        started += [worker_started(ground, number) for number in range(1, workers + 1)]
        started.append(pulse_started(ground))
        _ready_wait(port, started)
        yield port
    finally:
        for process in started:
            process.stop()


@contextlib.contextmanager
def web_running(ground: Ground) -> Iterator[int]:
    """The web process alone: deliveries are taken in, and whoever measures is the worker; gives the port."""
    port = _free_port()
    web = web_started(ground, port)
    try:
        _ready_wait(port, [web], path="/healthz")
        yield port
    finally:
        web.stop()


def _ready_wait(port: int, processes: list[Process], path: str = "/readyz") -> None:
    until = time.monotonic() + _READY_S
    while time.monotonic() < until:
        for process in processes:
            process.require_alive()
        with contextlib.suppress(OSError, http.client.HTTPException):
            talk = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            talk.request("GET", path)
            if talk.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise BenchFailed(f"The centre was not ready within {_READY_S} s.")

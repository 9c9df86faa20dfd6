"""Programs started for a test: what they print, and what is left when they are gone."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_libc = ctypes.CDLL(None)
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Started:
    """A running `bin/jocc …` and the file that receives its words."""

    process: subprocess.Popen
    output: Path

    def words(self) -> str:
        """Return what it has printed so far."""
        return self.output.read_text(errors="replace")

    def end(self, how: int = signal.SIGTERM, seconds: float = 90) -> int:
        """Send a signal, wait, and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(seconds)


def jocc_start(
    output: Path, *words: str, program: str = "bin/jocc", only: dict[str, str] | None = None, **change: str
) -> Started:
    """Start the launcher (or another program of the repository) in a session of its own.

    It gets our environment with the changes, or, when `only` is given, nothing but that.
    """
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, str(REPOSITORY / program), *words],
            env=(dict(os.environ) if only is None else only) | change,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=capabilities_drop if only is not None else None,
        )
    return Started(process, output)


def capabilities_drop() -> None:
    """Give up all capabilities for good, in this process and in whatever it executes.

    An ordinary account may not enter a checkout that lies in root's home; root without capabilities is an
    ordinary account there, and its number does not help it.
    """
    for capability in range(64):
        _libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP; unknown numbers are refused without harm
    _libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS


def eventually(holds: Callable[[], object], seconds: float = 30) -> bool:
    """Wait until something holds; False when the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return False


def processes_naming(text: str) -> set[int]:
    """Return the processes, apart from this one, whose command line or working folder names the text.

    The servers overwrite their command lines, but they work in their folders of data.
    """
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            command += " " + os.readlink(folder / "cwd")
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if text in command and state != "Z" and int(folder.name) != os.getpid():
            found.add(int(folder.name))
    return found

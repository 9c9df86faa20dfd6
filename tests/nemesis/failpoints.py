"""Named moments of the ingest at which a process can be made to die; known to the tests' processes only.

The production code knows nothing of them: tests/nemesis/hooks.py (workers) and armed_web.py (web) wrap its
functions. A file of a point's name in the folder arms it; the first process to reach it takes the file away and
ends, with all that it has started, as when a machine loses power. So a point fires once for each time it is armed.
"""

import os
import signal
from pathlib import Path

#: The environment variable that names the folder of armed points.
FOLDER = "NEMESIS_ARMED"
#: Of the web process, in the order in which a delivery passes them.
WEB = ("after-insert", "before-commit", "after-commit", "after-bell")
#: Of a worker.
WORKER = ("leased", "mid-effect", "before-done", "before-effects-commit", "after-effects-commit")


def reached(point: str) -> None:
    """Die here when the point is armed."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        return
    try:
        (Path(folder) / point).unlink()
    except FileNotFoundError:
        return
    os.killpg(0, signal.SIGKILL)

"""The environment, read in one place."""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = environ.Env()

#: What this process is for: "web", "ingest" (workers, scheduler) or "owner" (migrations, preparation).
PROCESS = env.str("JOCC_PROCESS", "web")
#: Marks a freshly prepared database as a demonstration one (accounts, simulator and benchmark need it).
DEMO = env.bool("JOCC_DEMO", False)
DEBUG = env.bool("JOCC_DEBUG", False)

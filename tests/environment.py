"""The environment of the tests; a plugin, because Django's settings are read before any conftest."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("JOCC_SECRET_KEY", "a-secret-for-tests-only-with-more-than-fifty-characters-0123456789")
os.environ.setdefault("JOCC_HTTPS", "0")
os.environ.setdefault("JOCC_PLAIN_STATIC", "1")
os.environ.setdefault("JOCC_BOARD_FRESH_S", "0")
os.environ.setdefault("JOCC_WEB_PASSWORD", "web-for-tests")
os.environ.setdefault("JOCC_INGEST_PASSWORD", "ingest-for-tests")
if "JOCC_STATIC_ROOT" not in os.environ:
    os.environ["JOCC_STATIC_ROOT"] = tempfile.mkdtemp(prefix="jocc-static-")
    atexit.register(shutil.rmtree, os.environ["JOCC_STATIC_ROOT"], ignore_errors=True)
os.environ["JOCC_LOG_FORMAT"] = "console"
os.environ["JOCC_DEMO"] = "1"
os.environ["JOCC_PROCESS"] = "web"
if "DATABASE_URL" in os.environ:
    os.environ.setdefault("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])

"""The environment of the tests; a plugin, because Django's settings are read before any conftest."""

import atexit
import os
import shutil
import tempfile
import urllib.parse

os.environ.setdefault("JOCC_SECRET_KEY", "a-secret-for-tests-only-with-more-than-fifty-characters-0123456789")
os.environ.setdefault("JOCC_HTTPS", "0")
os.environ.setdefault("JOCC_PLAIN_STATIC", "1")
os.environ.setdefault("JOCC_BOARD_FRESH_S", "0")
os.environ.setdefault("JOCC_WEB_PASSWORD", "web-for-tests")
os.environ.setdefault("JOCC_INGEST_PASSWORD", "ingest-for-tests")
if "JOCC_STATIC_ROOT" not in os.environ:
    os.environ["JOCC_STATIC_ROOT"] = tempfile.mkdtemp(prefix="jocc-static-")
    atexit.register(shutil.rmtree, os.environ["JOCC_STATIC_ROOT"], ignore_errors=True)
if "JOCC_MEDIA_ROOT" not in os.environ or os.environ.get("PYTEST_XDIST_WORKER"):
    os.environ["JOCC_MEDIA_ROOT"] = tempfile.mkdtemp(prefix="jocc-media-")
    atexit.register(shutil.rmtree, os.environ["JOCC_MEDIA_ROOT"], ignore_errors=True)
# Whoever seals in a test names a key and a folder of its own.
os.environ.pop("JOCC_AUDIT_KEY_FILE", None)
os.environ.pop("JOCC_AUDIT_PUBLISH_DIR", None)
os.environ["JOCC_LOG_FORMAT"] = "console"
os.environ["JOCC_DEMO"] = "1"
os.environ["JOCC_PROCESS"] = "web"
if "REDIS_URL" in os.environ and (worker := os.environ.get("PYTEST_XDIST_WORKER")):
    # A database of the broker for each worker of the suite: one empties its cache while another counts on it.
    url = urllib.parse.urlsplit(os.environ["REDIS_URL"])
    if url.scheme != "unix":
        os.environ["REDIS_URL"] = url._replace(path=f"/{1 + int(worker.removeprefix('gw')) % 14}").geturl()
if "DATABASE_URL" in os.environ:
    os.environ.setdefault("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])

"""What every answer tells the browser, over all routes; and that no page needs more than that."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.test import Client

from jocc.middleware import PERMISSIONS_POLICY
from tests.launcher.started import REPOSITORY
from tests.two_worlds.framework import BACKEND, routes
from tests.two_worlds.test_strangers import address
from tests.two_worlds.worlds import common, hidden

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "script-src-attr": ["'none'"],
    "style-src": ["'self'"],
    "style-src-attr": ["'none'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "font-src": ["'self'"],
    "frame-src": ["'none'"],
    "worker-src": ["'none'"],
    "manifest-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
#: The bytes of a picture, opened by themselves: they may load and run nothing at all.
PICTURE_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'none'"],
    "sandbox": [],
    "frame-ancestors": ["'none'"],
}
_INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle\s*=\s*[\"']|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)
STREAM = "live/board"  # never ends; a stranger is refused before it begins
#: Everybody who sees a page of their own: the office of the supervisor is the widest.
READERS = ("ukba.supervisor", "ccic.auditor")


def policy_of(answer) -> dict[str, list[str]]:
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts if part}


def held(answer, where: str) -> None:
    is_picture = answer.headers.get("Content-Type", "").startswith("image/")
    assert policy_of(answer) == (PICTURE_POLICY if is_picture else POLICY), where
    assert answer["X-Content-Type-Options"] == "nosniff", where
    assert answer["X-Frame-Options"] == "DENY", where
    assert answer["Referrer-Policy"] == "same-origin", where
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin", where
    assert answer["Permissions-Policy"] == PERMISSIONS_POLICY, where
    assert "no-store" in answer["Cache-Control"], where
    assert not {"Server", "X-Powered-By", "Access-Control-Allow-Origin"} & set(answer.headers), where
    if "html" in answer.headers.get("Content-Type", "") and not answer.streaming:
        inline = _INLINE.search(answer.content.decode())
        assert inline is None, (where, inline)


@pytest.fixture
def everything(world, owner):
    with owner():
        common(world)
        hidden(world)


@pytest.mark.parametrize("reader", READERS)
def test_every_route_answers_under_the_strict_policy_and_without_inline_script_or_style(
    world, everything, reader
):
    client = Client()
    client.force_login(world.officer(reader), backend=BACKEND)
    pages = 0
    for pattern in sorted(set(routes()) - {STREAM}):
        answer = client.get(address(pattern))
        held(answer, pattern)
        pages += answer.status_code == 200
    assert pages > 20


def test_the_routes_say_the_same_to_strangers_and_for_what_is_absent(world, everything):
    for pattern in sorted(routes()):
        held(Client().get(address(pattern)), pattern)
    for path in ("/nothing/", "/api/v1/nothing/", "/admin/nothing/", "/live/nothing"):
        held(Client().get(path), path)


def test_files_of_pages_are_not_sniffed_and_not_lent_to_other_sites(client):
    paths = [path.relative_to(REPOSITORY / "static") for path in (REPOSITORY / "static").rglob("*.css")]
    answer = client.get(f"/static/{paths[0].as_posix()}")
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    answer.close()


@pytest.fixture(scope="module")
def production() -> dict:
    """The settings as production has them, read by a process of its own."""
    names = [
        "DEBUG", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_NAME",
        "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_PATH",
        "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_SAMESITE",
        "CSRF_COOKIE_PATH", "CSRF_COOKIE_DOMAIN", "USE_X_FORWARDED_HOST", "CONTENT_SECURITY_POLICY", "ALLOWED_HOSTS",
        "PASSWORD_HASHERS",
    ]  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JOCC_")}
    given = {"JOCC_SECRET_KEY": "x" * 60, "JOCC_ALLOWED_HOSTS": "jocc.example", "DATABASE_URL": "postgres://a@b/c",
             "REDIS_URL": "redis://b", "DJANGO_SETTINGS_MODULE": "jocc.settings"}  # fmt: skip
    code = f"import json; from django.conf import settings as s; print(json.dumps({{n: getattr(s, n) for n in {names}}}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=kept | given,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_production_speaks_tls_only_and_says_so_for_a_year(production):
    assert production["DEBUG"] is False
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert production["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert production["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["upgrade-insecure-requests"] is True
    assert production["USE_X_FORWARDED_HOST"] is False
    assert production["ALLOWED_HOSTS"] == ["jocc.example"]


@pytest.mark.parametrize("cookie", ["SESSION", "CSRF"])
def test_production_cookies_cannot_be_read_sent_along_or_planted(production, cookie):
    """The prefix holds only with Secure, the path / and no domain; a browser refuses the cookie otherwise."""
    assert production[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
    assert production[f"{cookie}_COOKIE_SECURE"] is True
    assert production[f"{cookie}_COOKIE_HTTPONLY"] is True
    assert production[f"{cookie}_COOKIE_SAMESITE"] == "Strict"
    assert production[f"{cookie}_COOKIE_PATH"] == "/"
    assert production[f"{cookie}_COOKIE_DOMAIN"] is None


def test_no_page_sets_another_cookie(world, everything):
    client = Client()
    client.force_login(world.officer("ukba.supervisor"), backend=BACKEND)
    for pattern in sorted(set(routes()) - {STREAM, "accounts/logout/"}):
        for name, cookie in client.get(address(pattern)).cookies.items():
            assert name in {"jocc_session", "csrftoken"}, pattern
            assert cookie["httponly"], pattern
            assert cookie["samesite"] == "Strict", pattern

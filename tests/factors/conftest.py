"""Officers at the door, and the telephone that shows them their codes."""

import re
import types
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from tests.world import PASSWORD

NOW = 1_790_000_010


class Phone:
    """An authenticator app: it was told a secret, and shows codes by the clock of the tests."""

    def __init__(self, clock: dict[str, float], secret: str) -> None:
        self._clock, self.secret = clock, secret

    def code(self, steps: int = 0) -> str:
        """The code that it shows now, or so many steps of 30 seconds later."""
        return format_hotp_value(hotp_value(self.secret, int(self._clock["now"]) // 30 + steps))


class Door:
    """One browser before the centre."""

    def __init__(self, clock: dict[str, float]) -> None:
        self.clock = clock
        self.browser = Client(headers={"Accept-Language": "en"})

    def password(self, username: str) -> Any:
        """Sign in as far as the password goes."""
        return self.browser.post("/accounts/login/", {"login": username, "password": PASSWORD})

    def show(self, code: str) -> Any:
        """Show a code at sign-in."""
        return self.browser.post("/accounts/factors/sign-in/", {"code": code})

    def again(self, code: str = "") -> Any:
        """Prove oneself once more, by password or code."""
        if code:
            return self.browser.post("/accounts/factors/again/", {"code": code})
        return self.browser.post("/accounts/again/", {"password": PASSWORD})

    def phone_at(self, path: str) -> Phone:
        """A telephone that has read the secret of the page at this address."""
        page = self.browser.get(path).content.decode()
        return Phone(self.clock, read_secret(page))

    @property
    def is_in(self) -> bool:
        """Whether this browser's officer works here."""
        return self.browser.get("/preferences/").status_code == 200


def read_secret(page: str) -> str:
    """The key that stands in groups on a page."""
    found = re.search(r'class="secret-groups">([A-Z2-7 ]+)<', page)
    assert found, page[:2000]
    return found[1].replace(" ", "")


def read_codes(answer: Any) -> list[str]:
    """The recovery codes of a page."""
    return re.findall(r"<li><code>([0-9 ]+)</code></li>", answer.content.decode())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """The clock that codes go by."""
    cache.clear()  # failures of the test before do not count
    held = {"now": float(NOW)}
    monkeypatch.setattr(auth, "time", types.SimpleNamespace(time=lambda: held["now"]))
    return held


@pytest.fixture
def door(world: Any, clock: dict[str, float]) -> Callable[[], Door]:
    """`door()`: a browser that nobody has signed in with."""
    return lambda: Door(clock)


@pytest.fixture
def required(settings: Any) -> None:
    """As in production: nobody works without a second factor."""
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def enrolled(door: Callable[[], Door]) -> Callable[[str], tuple[Door, Phone, list[str]]]:
    """`enrolled("paf.officer")`: signed in, with an app; the door, the telephone, the recovery codes."""

    def enrol(username: str) -> tuple[Door, Phone, list[str]]:
        here = door()
        here.password(username)
        here.again()
        phone = here.phone_at("/accounts/factors/app/")
        answer = here.browser.post("/accounts/factors/app/", {"code": phone.code()})
        assert answer.status_code == 200, answer.content.decode()[:3000]
        here.clock["now"] += 60
        return here, phone, read_codes(answer)

    return enrol


@pytest.fixture
def rows(owner: Callable[..., Any]) -> Callable[[], list[Authenticator]]:
    """Every factor, past the walls."""

    def read() -> list[Authenticator]:
        with owner():
            return list(Authenticator.objects.order_by("pk"))

    return read

"""Second factors in a browser: an officer sets them up, signs in with them, and no page of them breaks a rule."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from jocc.demo.people import PASSWORD
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import _WIDER, faults


def code_of(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows now, or so many steps later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def arrives(page, path: str) -> None:
    """The browser is at this path itself, not at a page that names it as where to go next."""
    page.wait_for_url(re.compile(rf":\d+[^?]*{re.escape(path)}$" if path != "/" else r":\d+/$"))


def begin(page, username: str) -> None:
    """Name and password."""
    page.goto("/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def without_factors(centre, username: str) -> None:
    """The officer has no second factor, whatever an earlier try of the test left."""
    gone = (
        "DELETE FROM mfa_authenticator WHERE user_id = (SELECT id FROM agencies_officer WHERE username = %s)"
    )
    centre.stage.rows(gone, username)


def sound(page) -> None:
    """The page breaks no rule and keeps to its width."""
    assert faults(page) == []
    assert page.evaluate(_WIDER) is None


@pytest.mark.parametrize(
    ("officer", "size", "dark"),
    [("ukba.supervisor", DESK, False), ("douanes.supervisor", PHONE, True)],
    ids=["english", "french"],
)
def test_an_officer_protects_the_account_with_an_app_and_signs_in_with_it(
    centre, opened, officer, size, dark
):
    without_factors(centre, officer)
    page = opened(None, "/accounts/login/", size=size, dark=dark, locale="en" if size == DESK else "fr")
    begin(page, officer)
    arrives(page, "/")
    page.goto("/accounts/factors/")
    sound(page)
    page.click('a[href="/accounts/factors/app/"]')
    page.wait_for_url("**/accounts/again/**")
    sound(page)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    arrives(page, "/accounts/factors/app/")
    page.click("summary.button")
    sound(page)
    secret = page.text_content(".secret-groups").replace(" ", "")
    page.fill("[name=code]", code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_selector(".codes li")
    codes = [text.replace(" ", "") for text in page.locator(".codes code").all_text_contents()]
    assert len(set(codes)) == 10
    sound(page)
    page.click("a.button--primary")
    arrives(page, "/accounts/factors/")
    sound(page)
    other = opened(None, "/accounts/login/", size=size, dark=dark, locale="en" if size == DESK else "fr")
    begin(other, officer)
    arrives(other, "/accounts/factors/sign-in/")
    sound(other)
    other.fill("[name=code]", "000000")
    other.keyboard.press("Enter")
    other.wait_for_selector(".banner--error")
    sound(other)
    other.fill("[name=code]", codes[0])
    other.keyboard.press("Enter")
    arrives(other, "/")
    page.goto("/accounts/factors/")
    page.click(".table a")
    sound(page)
    page.click(".button--danger")
    arrives(page, "/accounts/factors/")
    assert page.locator(".table").count() == 0


KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Desk:
    """A browser with a passkey built in, at the one address where browsers know passkeys without TLS."""

    def __init__(self, centre, opened, officer, size, dark) -> None:
        self._address, self._officer = centre.url.replace("127.0.0.1", "localhost"), officer
        locale = "en" if size == DESK else "fr"
        self.page = opened(None, f"{self._address}/accounts/login/", size=size, dark=dark, locale=locale)
        self._devtools = self.page.context.new_cdp_session(self.page)
        self._devtools.send("WebAuthn.enable")
        self._key = self._devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})[
            "authenticatorId"
        ]

    def visit(self, path: str) -> None:
        """Go to a page of this address."""
        self.page.goto(self._address + path)

    def password(self) -> None:
        """Sign in as far as the password goes."""
        self.visit("/accounts/login/")
        self.page.fill("[name=login]", self._officer)
        self.page.fill("[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")

    def is_at_the_board(self) -> None:
        """Signed in."""
        arrives(self.page, "/")

    def leave(self) -> None:
        """Sign out."""
        self.page.click(".menu--right summary")
        self.page.click(".menu__item--last")
        arrives(self.page, "/accounts/login/")

    def show_key(self, *, finger: bool = True) -> None:
        """Press the button of the passkey, with the right finger or a wrong one."""
        wanted = {"authenticatorId": self._key, "isUserVerified": finger}
        self._devtools.send("WebAuthn.setUserVerified", wanted)
        self.page.click("form[data-passkey] button")

    def add_key(self, name: str) -> None:
        """Add the passkey to the account."""
        self.visit("/accounts/factors/key/")
        self.page.fill("[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        arrives(self.page, "/accounts/factors/key/")
        sound(self.page)
        self.page.fill("[name=name]", name)
        self.show_key()
        self.page.wait_for_selector(".codes li")


@pytest.fixture(
    params=[("ukba.administrator", DESK, True), ("douanes.administrator", PHONE, False)],
    ids=["english", "french"],
)
def desk(request, centre, opened):
    without_factors(centre, request.param[0])
    return Desk(centre, opened, *request.param)


def test_an_officer_adds_a_passkey_and_signs_in_with_it_as_second_factor_and_alone(desk):
    page = desk.page
    sound(page)
    desk.password()
    desk.is_at_the_board()
    desk.add_key("key ring")
    desk.visit("/accounts/factors/")
    assert "key ring" in page.text_content(".table")
    sound(page)
    desk.leave()
    desk.password()
    arrives(page, "/accounts/factors/sign-in/")
    sound(page)
    desk.show_key()
    desk.is_at_the_board()
    desk.leave()
    desk.show_key(finger=False)
    expect(page.locator("[data-passkey-said]")).not_to_be_empty()
    sound(page)
    desk.show_key()
    desk.is_at_the_board()
    desk.visit("/accounts/factors/")
    page.click(".table a >> nth=0")
    page.wait_for_url("**/accounts/factors/again/key/**")
    sound(page)
    desk.show_key()
    arrives(page, "/rename/")
    sound(page)
    page.fill("[name=name]", "the safe")
    page.keyboard.press("Enter")
    arrives(page, "/accounts/factors/")
    page.click(".table a >> nth=1")
    page.click(".button--danger")
    arrives(page, "/accounts/factors/")
    assert page.locator(".table").count() == 0


def lose(opened, size, locale) -> None:
    """An officer with an app reports at sign-in that it is lost."""
    page = opened(None, "/accounts/login/", size=size, locale=locale)
    begin(page, "ccic.analyst")
    arrives(page, "/")
    page.goto("/accounts/factors/app/")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    arrives(page, "/accounts/factors/app/")
    page.click("summary.button")
    page.fill("[name=code]", code_of(page.text_content(".secret-groups").replace(" ", "")))
    page.keyboard.press("Enter")
    page.wait_for_selector(".codes li")
    door = opened(None, "/accounts/login/", size=size, locale=locale)
    begin(door, "ccic.analyst")
    door.click('a[href="/accounts/factors/lost/"]')
    sound(door)
    door.click(".button--primary")
    door.wait_for_selector("main [role=status]")
    sound(door)


def test_a_lost_factor_is_reset_by_two_colleagues_and_set_up_anew(centre, opened):
    size, locale = PHONE, "fr"
    without_factors(centre, "ccic.analyst")
    lose(opened, size, locale)
    first = opened("ccic.supervisor", "/admin/agencies/officer/")
    first.click("tr:has-text('ccic.analyst') th a")
    first.click('main a[href$="/factors/"]')
    sound(first)
    first.fill("[name=reason]", "telephone fell into the basin")
    first.click(".button--danger")
    second = opened("ccic.administrator", "/countersigns/")
    second.click("main a[href^='/countersigns/']:not([href$='/new/'])")
    sound(second)
    second.click("form .button--primary")
    second.wait_for_selector("p.codes code")
    sound(second)
    told = second.text_content("p.codes code")
    page = opened(None, "/accounts/login/", size=size, locale=locale, dark=True)
    begin(page, "ccic.analyst")
    arrives(page, "/accounts/factors/told/")
    sound(page)
    page.fill("[name=code]", told)
    page.keyboard.press("Enter")
    arrives(page, "/accounts/factors/enrol/")
    sound(page)
    page.click('a[href="/accounts/factors/enrol/key/"]')
    sound(page)
    page.click('a[href="/accounts/factors/enrol/"]')
    page.click("summary.button")
    page.fill("[name=code]", code_of(page.text_content(".secret-groups").replace(" ", "")))
    page.keyboard.press("Enter")
    page.wait_for_selector(".codes li")
    sound(page)
    page.click("a.button--primary")
    arrives(page, "/")

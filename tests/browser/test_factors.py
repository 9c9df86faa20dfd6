"""Second factors in a browser: an officer sets them up, signs in with them, and no page of them breaks a rule."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from jocc.demo.people import PASSWORD
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import _WIDER, faults


def code_of(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows now, or so many steps later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def begin(page, username: str) -> None:
    """Name and password."""
    page.goto("/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")


def sound(page) -> None:
    """The page breaks no rule and keeps to its width."""
    assert faults(page) == []
    assert page.evaluate(_WIDER) is None


@pytest.mark.parametrize(
    ("officer", "size", "dark"),
    [("ukba.supervisor", DESK, False), ("douanes.supervisor", PHONE, True)],
    ids=["english", "french"],
)
def test_an_officer_protects_the_account_with_an_app_and_signs_in_with_it(opened, officer, size, dark):
    page = opened(None, "/accounts/login/", size=size, dark=dark, locale="en" if size == DESK else "fr")
    begin(page, officer)
    page.wait_for_url(re.compile(r":\d+/$"))
    page.goto("/accounts/factors/")
    sound(page)
    page.click('a[href="/accounts/factors/app/"]')
    page.wait_for_url("**/accounts/again/**")
    sound(page)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/factors/app/")
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
    page.wait_for_url("**/accounts/factors/")
    sound(page)
    other = opened(None, "/accounts/login/", size=size, dark=dark, locale="en" if size == DESK else "fr")
    begin(other, officer)
    other.wait_for_url("**/accounts/factors/sign-in/")
    sound(other)
    other.fill("[name=code]", "000000")
    other.keyboard.press("Enter")
    other.wait_for_selector(".banner--error")
    sound(other)
    other.fill("[name=code]", codes[0])
    other.keyboard.press("Enter")
    other.wait_for_url(re.compile(r":\d+/$"))
    page.goto("/accounts/factors/")
    page.click(".table a")
    sound(page)
    page.click(".button--danger")
    page.wait_for_url("**/accounts/factors/")
    assert page.locator(".table").count() == 0

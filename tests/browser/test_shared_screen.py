"""A screen that several officers share: who signs out leaves nothing behind in the browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_factors import begin

_KEPT = """async () => ({
  local: localStorage.length, session: sessionStorage.length,
  caches: (await caches.keys()).length,
  databases: (await indexedDB.databases()).length,
})"""


@pytest.mark.parametrize("page_left", ["/", "/lookouts/", "/passages/"])
def test_after_signing_out_back_shows_nothing_and_nothing_is_kept(opened, page_left):
    page = opened(None, "/accounts/login/", locale="en")
    begin(page, "douanes.analyst")
    page.wait_for_url(re.compile(r":\d+/$"))
    page.evaluate("localStorage.setItem('draft', 'something typed'); sessionStorage.setItem('draft', 'more')")
    page.goto(page_left)
    who = page.locator("form[action='/accounts/logout/']").first
    expect(who).to_be_attached()
    words = page.locator("main").inner_text()
    who.evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/accounts/login/**")
    page.wait_for_load_state()
    assert page.evaluate(_KEPT) == {"local": 0, "session": 0, "caches": 0, "databases": 0}
    assert not any("session" in cookie["name"] for cookie in page.context.cookies())
    page.go_back()
    page.wait_for_url("**/accounts/login/**")
    expect(page.locator("input[name=password]")).to_be_visible()
    assert page.locator("main").inner_text() != words
    assert page.locator("form[action='/accounts/logout/']").count() == 0

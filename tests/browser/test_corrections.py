"""An officer splits a passage before a real worker, and sees it done without a hand."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import _WIDER, faults


@pytest.mark.parametrize(
    ("officer", "size", "dark"),
    [("ukba.officer", DESK, False), ("paf.officer", PHONE, True)],
    ids=["english", "french"],
)
def test_a_split_is_asked_for_by_ticking_and_the_page_shows_it_as_soon_as_it_is_done(
    centre, opened, officer, size, dark
):
    mark = f"SP-{uuid.uuid4().int % 1000:03d}-{'LT' if dark else 'RK'}"
    for device in ("CAL-L1-ANPR-F", "CAL-L1-ANPR-R"):
        centre.sees(device, mark)
    centre.settled()
    (passage,) = centre.stage.rows(
        "SELECT DISTINCT s.uid FROM scanning_passage s JOIN scanning_passagemark m ON m.passage_id = s.id"
        " WHERE m.raw = %s",
        mark,
    )[0]
    page = opened(officer, f"/passages/{passage}/", size=size, dark=dark, reduced_motion="reduce")
    page.click('a[href$="/correct/"]')
    assert faults(page) == []
    assert page.evaluate(_WIDER) is None
    page.check("#pick-2")
    page.fill("[name=split-reason]", "two lorries nose to tail")
    page.click("form:has([value=split]) button")
    page.wait_for_url(re.compile(rf"/passages/{passage}/(#.*)?$"))
    expect(page.locator(".timeline__entry")).to_have_count(1, timeout=40_000)
    expect(page.locator("[data-waiting]")).to_have_count(0, timeout=40_000)
    expect(page.locator(".corrections li")).to_contain_text("two lorries nose to tail")
    assert faults(page) == []
    assert page.evaluate(_WIDER) is None
    page.click('.corrections a[href$="/undo/"]')
    assert faults(page) == []
    page.fill("[name=reason]", "one lorry after all")
    page.click("main form.form .button--primary")
    page.wait_for_url(re.compile(rf"/passages/{passage}/(#.*)?$"))
    expect(page.locator(".timeline__entry")).to_have_count(2, timeout=40_000)

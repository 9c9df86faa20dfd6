"""The viewer of pictures, by pointer and by keyboard alone."""

import re
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import faults
from tests.scanning.pictures import jpeg

DEVICE = "CAL-L1-ANPR-F"


@pytest.fixture(scope="module")
def picture(centre):
    """A camera has seen a lorry and sent a picture of it; the address of its page."""
    token = centre._tokens[DEVICE]
    centre.sees(DEVICE, "VW-001-VW", event_id="viewer-1")
    request = urllib.request.Request(
        f"{centre.url}/api/v1/deliveries/images/?event_id=viewer-1&view=front", jpeg("olive", (800, 400)),
        {"Authorization": f"Token {token}", "Content-Type": "image/jpeg"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 201
    centre.settled()
    (row,) = centre.stage.rows("SELECT uid FROM scanning_image ORDER BY id DESC LIMIT 1")
    return f"/images/{row[0]}/"


def view_box(page):
    return [float(value) for value in page.locator("[data-picture]").get_attribute("viewBox").split()]


def test_the_picture_is_enlarged_moved_and_shown_whole_again_by_keyboard(opened, picture):
    page = opened("paf.officer", picture, locale="en")
    stage = page.locator("[data-stage]")
    stage.focus()
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(page.locator("[data-zoomed]")).to_have_text("225 %")
    before = view_box(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    after = view_box(page)
    assert after[0] > before[0]
    assert after[1] > before[1]
    page.keyboard.press("-")
    expect(page.locator("[data-zoomed]")).to_have_text("150 %")
    page.keyboard.press("0")
    assert view_box(page) == [0, 0, 800, 400]


def test_a_part_is_outlined_by_pointer_and_withdrawn_by_its_author(opened, picture):
    page = opened("paf.officer", picture, locale="en")
    page.locator("[data-draw]").click()
    box = page.locator("[data-pixels]").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.75, steps=4)
    page.mouse.up()
    assert 24 <= float(page.input_value("[name=note-left]")) <= 26
    assert 49 <= float(page.input_value("[name=note-height]")) <= 51
    page.fill("[name=note-text]", "a patch of new paint")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.locator(".viewer__mark rect")).to_have_count(1)
    page.locator("[data-show]").click()
    expect(page.locator("[data-zoomed]")).not_to_have_text("100 %")
    page.locator(".notes summary").click()
    page.fill("[name=withdraw-reason]", "a reflection")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.locator(".viewer__mark rect")).to_have_count(0)
    expect(page.locator(".notes__text")).to_have_text("a patch of new paint")


def test_the_light_is_changed_for_looking_only(opened, picture):
    page = opened("paf.officer", picture, locale="en")
    page.locator("[data-invert]").click()
    expect(page.locator("[data-invert]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-pixels]")).to_have_css("filter", re.compile(r"invert\(1\)"))


def test_the_passage_leads_to_the_picture(opened, picture, centre):
    (row,) = centre.stage.rows(
        "SELECT s.uid FROM scanning_passage s JOIN scanning_passagemark m ON m.passage_id = s.id WHERE m.raw = %s",
        "VW-001-VW",
    )
    page = opened("paf.officer", f"/passages/{row[0]}/", locale="en")
    thumb = page.locator(".thumb").first
    expect(thumb.locator("img")).to_have_js_property("complete", True)
    assert thumb.locator("img").evaluate("image => image.naturalWidth") > 0
    thumb.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{picture}")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [None, PHONE])
def test_the_viewer_breaks_no_rule_of_accessibility(opened, picture, size, dark):
    more = {"size": size} if size else {}
    page = opened("douanes.officer", picture, dark=dark, **more)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

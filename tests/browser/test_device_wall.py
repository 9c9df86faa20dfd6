"""The device wall in a browser: it goes on by itself, and neither focus nor place of a tile moves."""

from playwright.sync_api import expect


def tile(page, code):
    """The tile of the device with this code."""
    return page.locator(".dtile", has=page.locator("a.dtile__code", has_text=code))


def places(page):
    """The codes of all tiles in the order in which they stand."""
    return page.locator(".dtile__code").all_text_contents()


def test_a_fault_appears_by_itself_and_moves_neither_focus_nor_tiles(centre, opened):
    centre.sees("CAL-L4-CO2", "WALL01")
    centre.settled()
    page = opened("ukba.officer", "/devices/wall/")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    expect(tile(page, "CAL-L4-CO2")).to_contain_text("working")
    before = places(page)
    tile(page, "CAL-L4-CO2").focus()
    centre.sees("CAL-L4-CO2", result="fault", type="status", reason="pump does not run")
    centre.settled()
    expect(tile(page, "CAL-L4-CO2")).to_contain_text("pump does not run", timeout=8000)
    expect(tile(page, "CAL-L4-CO2").locator("strong")).to_have_text("fault")
    expect(tile(page, "CAL-L4-CO2")).to_be_focused()
    assert places(page) == before
    page.keyboard.press("k")
    page.keyboard.press("j")
    expect(tile(page, "CAL-L4-CO2")).to_be_focused()
    # A filter in hand stays in hand while the counts change.
    page.locator("[data-key=count-trouble]").focus()
    centre.sees("CAL-L4-CO2", "WALL02")
    centre.settled()
    expect(tile(page, "CAL-L4-CO2").locator("strong")).to_have_text("working", timeout=8000)
    expect(page.locator("[data-key=count-trouble]")).to_be_focused()


def test_the_keys_go_from_group_to_group_and_open_a_device(centre, opened):
    page = opened("ukba.officer", "/devices/wall/?by=agency")
    page.locator(".dwall__group").first.locator(".dtile").last.focus()
    page.keyboard.press("j")
    following = page.locator(".dwall__group").nth(1).locator(".dtile").first
    expect(following).to_be_focused()
    code = following.locator(".dtile__code").text_content()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(code)


def test_a_large_screen_shows_all_tiles_at_once_as_large_as_they_fit(centre, opened):
    page = opened("ukba.officer", "/devices/wall/?wall=1", size={"width": 1920, "height": 1080})
    box = "document.querySelector('[data-tiles-scroll]')"
    page.wait_for_function(f"getComputedStyle({box}).getPropertyValue('--fit') !== ''")
    assert page.evaluate(f"{box}.scrollHeight <= {box}.clientHeight")
    assert page.evaluate(f"parseFloat(getComputedStyle({box}).getPropertyValue('--fit')) >= 1")
    expect(page.locator("[data-tiles-turn]")).to_be_hidden()
    expect(page.locator("nav.nav")).to_have_count(0)
    # In a window too small for all, it says how many pages there are, and turns by key.
    page.set_viewport_size({"width": 900, "height": 420})
    expect(page.locator("[data-tiles-turn]")).to_be_visible()
    expect(page.locator("[data-tiles-place]")).to_contain_text("1/")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-tiles-place]")).to_contain_text("2/")

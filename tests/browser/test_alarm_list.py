"""The list of alarms in a browser: it stays as it is while it goes on, and several are acted on at once."""

from playwright.sync_api import Page, expect


def listed(page: Page, text: str):
    """The rows of the list with this text."""
    return page.locator("#alarms [data-item]", has_text=text)


def is_live(page: Page) -> None:
    """The stream is open and has said so."""
    expect(page.locator("#live")).to_have_attribute("data-state", "live")


def rings(centre, mark: str, device: str = "CAL-L3-RPM") -> None:
    """A lorry with this mark, of which a device is suspicious."""
    centre.sees(device, mark, result="suspect")
    centre.settled()


def test_several_are_chosen_by_key_and_acknowledged_with_one_comment(centre, opened):
    rings(centre, "MANY11")
    rings(centre, "MANY22", "CAL-L6-HB")
    page = opened("ukba.officer", "/alarms/")
    bar = page.locator("#chosen")
    expect(bar).to_be_hidden()
    for mark in ("MANY11", "MANY22"):
        listed(page, mark).first.focus()
        page.keyboard.press("x")
    expect(bar).to_contain_text("2 alarms chosen")
    bar.locator("[name=comment]").fill("team sent")
    listed(page, "MANY11").first.focus()
    page.keyboard.press("a")
    expect(page.locator(".message", has_text="Done: 2 alarms.")).to_be_visible()
    for mark in ("MANY11", "MANY22"):
        expect(listed(page, mark)).to_have_count(0)
    page.goto("/alarms/?state=all")
    expect(listed(page, "MANY11").first).to_contain_text("team sent")


def test_the_list_goes_on_without_losing_what_was_chosen_or_typed(centre, opened):
    rings(centre, "STAYS1")
    page, theirs = opened("ukba.officer", "/alarms/"), opened("paf.officer", "/alarms/")
    for each in (page, theirs):
        is_live(each)
        each.mouse.move(5, 5)
    listed(page, "STAYS1").first.focus()
    page.keyboard.press("x")
    page.locator("#chosen [name=comment]").fill("not sent yet")
    rings(centre, "COMES2")
    expect(listed(page, "COMES2").first).to_be_visible(timeout=8000)
    # Another officer changes the chosen one: the row says so, and is still chosen.
    listed(theirs, "STAYS1").first.locator("[data-shortcut=t]").click()
    expect(listed(page, "STAYS1").first).to_contain_text("PAF", timeout=8000)
    expect(listed(page, "STAYS1").first.locator("[data-choose]")).to_be_checked()
    expect(page.locator("#chosen [name=comment]")).to_have_value("not sent yet")
    expect(page.locator("#chosen [name=comment]")).to_be_focused()
    # Acknowledged, it leaves their list and ours; what has gone is chosen no longer.
    listed(theirs, "STAYS1").first.locator("[data-shortcut=a]").click()
    expect(listed(page, "STAYS1")).to_have_count(0, timeout=8000)
    expect(page.locator("#chosen")).to_be_hidden()


def test_nothing_is_put_under_the_cursor_while_the_officer_reads(centre, opened):
    rings(centre, "READS1")
    page = opened("ukba.officer", "/alarms/")
    is_live(page)
    listed(page, "READS1").first.focus()
    page.keyboard.press("ArrowDown")
    rings(centre, "WAITS2")
    bar = page.locator("[data-newbar=alarms]")
    expect(bar).to_be_visible(timeout=8000)
    expect(listed(page, "WAITS2")).to_have_count(0)
    expect(listed(page, "READS1").first).to_be_focused()
    page.keyboard.press("n")
    expect(listed(page, "WAITS2").first).to_be_visible()


def test_the_alarms_of_one_vehicle_unfold(centre, opened):
    rings(centre, "GROUP1")
    centre.sees("CAL-L3-PMMW", "GROUP1", result="suspect")
    centre.settled()
    page = opened("ukba.officer", "/alarms/")
    group = page.locator("#alarms tbody[data-group]", has_text="GROUP1")
    expect(group).to_contain_text("2 alarms of this vehicle")
    expect(group.locator("[data-item]:visible")).to_have_count(1)
    group.locator("[data-unfold]").click()
    expect(group.locator("[data-item]:visible")).to_have_count(2)

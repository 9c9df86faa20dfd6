"""The keys printed on the page of one alarm and of one hit do what is printed beside them."""

import re
import uuid

from playwright.sync_api import expect


def test_on_an_alarms_page_the_printed_keys_act_and_enter_presses_no_other_button(centre, opened):
    mark = f"KEYS{uuid.uuid4().int % 10000:04d}"  # tried again, it is another vehicle
    centre.sees("CAL-L3-RPM", mark, result="suspect")
    centre.settled()
    page = opened("ukba.officer", "/alarms/", bears="422")
    page.locator("#alarms [data-item]", has_text=mark).first.locator("[data-open]").click()
    page.wait_for_url(re.compile("/alarms/.+"))
    history = page.locator("section[aria-labelledby=history-title]")
    page.keyboard.press("t")
    expect(history).to_contain_text("Taken")
    # Silence: its key opens the choices and leads to them; Enter there is for a silence, and for no other act.
    page.keyboard.press("s")
    expect(page.locator("[name=reason]:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#id_comment_error")).to_contain_text("A silence needs words")
    page.locator("[name=comment]").fill("a t s v u")
    expect(history).not_to_contain_text("Acknowledged")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(history).to_contain_text("Acknowledged")
    expect(history).to_contain_text("a t s v u")
    page.keyboard.press("u")
    expect(history).to_contain_text("Acknowledgement undone")
    page.keyboard.press("v")
    page.wait_for_url(re.compile("/alarms/$"))


def test_on_a_hits_page_the_printed_key_confirms(centre, opened):
    centre.sees("CAL-L1-ANPR-F", "WGM 4821A", country="PL")
    centre.settled()
    # Whatever another test, or an earlier try of this one, has decided: the match waits again.
    undecided = "decided_at = NULL, decided_by_id = NULL, reject_reason = '', outcome = ''"
    centre.stage.rows(f"UPDATE intelligence_hit SET state = 'match', {undecided} WHERE mark_seen LIKE 'WGM%'")  # noqa: S608
    centre.stage.rows(
        f"UPDATE intelligence_notice SET state = 'open', taken_at = NULL, reflected_at = NULL, {undecided}"  # noqa: S608
        " WHERE mark_seen LIKE 'WGM%'"
    )
    page = opened("ukba.officer", "/hits/")
    page.locator("[data-item]", has_text="WGM").first.locator("[data-open]").click()
    page.wait_for_url(re.compile("/hits/.+"))
    button = page.locator("[data-record] [data-shortcut=c]")
    expect(button).to_be_visible()
    page.keyboard.press("c")
    expect(button).to_have_count(0)
    expect(page.locator("section[aria-labelledby=history-title]")).to_contain_text("Hit confirmed")


def test_a_digit_beside_a_reason_is_shown_only_where_it_chooses(centre, opened):
    centre.sees("CAL-L3-RPM", "KEYS22", result="suspect")
    centre.settled()
    page = opened("ukba.officer", "/alarms/")
    row = page.locator("#alarms [data-item]", has_text="KEYS22").first
    row.focus()
    page.keyboard.press("s")
    words, digit = (
        row.locator("details[open] [name=comment]"),
        row.locator("details[open] .menu__item kbd").first,
    )
    expect(words).to_be_focused()
    page.keyboard.type("1 of 4")
    expect(words).to_have_value("1 of 4")
    expect(digit).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(digit).to_be_visible()
    page.keyboard.press("1")
    expect(row).to_contain_text("silenced until")

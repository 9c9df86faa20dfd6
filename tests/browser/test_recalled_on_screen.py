"""What is recalled leaves the screens that show it, without a hand."""

import pytest
from playwright.sync_api import expect

_CUT = "() => Promise.reject(new TypeError('lost'))"
_SHARED = """
SELECT l.id, l.uid::text, l.reference FROM intelligence_lookout l
  JOIN agencies_agency mine ON mine.group_id = l.originator_id AND mine.code = 'UKBA'
  JOIN agencies_agency paf ON paf.code = 'PAF' AND paf.group_id = ANY (l.viewers)
 WHERE l.state = 'active' ORDER BY l.id LIMIT 1
"""
_TAKEN_BACK = """
DELETE FROM intelligence_lookoutgrant g USING agencies_agency paf
 WHERE g.content_object_id = %s AND g.group_id = paf.group_id AND paf.code = 'PAF' RETURNING g.id
"""


def test_a_lookout_taken_back_leaves_an_open_list_and_an_open_page_within_seconds(centre, opened):
    ((number, uid, reference),) = centre.stage.rows(_SHARED)
    listed, record = (
        opened("paf.officer", "/lookouts/"),
        opened("paf.officer", f"/lookouts/{uid}/", bears="404"),
    )
    row = listed.locator(f'[data-record="lookout:{uid}"]')
    expect(row).to_be_visible()
    expect(record.locator("main")).to_contain_text(reference)
    others = listed.locator("[data-record]").count() - 1
    centre.stage.rows(_TAKEN_BACK % int(number))
    expect(row).to_have_count(0, timeout=8000)
    expect(listed.locator("[data-record]")).to_have_count(others)
    expect(record.locator("main")).not_to_contain_text(reference, timeout=8000)


@pytest.mark.parametrize(
    "lost",
    ["() => Promise.reject(new TypeError('lost'))", "() => new Promise(() => {})"],
    ids=["cut", "silent"],
)
def test_a_page_that_hears_nothing_for_a_minute_hides_what_it_shows(opened, lost):
    page = opened("paf.officer", "/lookouts/")
    expect(page.locator("main")).to_be_visible()
    _lose_the_line(page, lost)
    _a_minute_later(page)
    expect(page.locator("main")).to_be_hidden(timeout=8000)


def test_what_was_hidden_stands_there_again_once_the_line_is_back(opened):
    page = opened("paf.officer", "/lookouts/")
    _lose_the_line(page, _CUT)
    _a_minute_later(page)
    expect(page.locator("main")).to_be_hidden(timeout=8000)
    page.evaluate("() => { window.fetch = window.heardBy; }")
    expect(page.locator("main")).to_be_visible(timeout=8000)


def _lose_the_line(page, lost) -> None:
    page.evaluate(f"() => {{ window.heardBy = window.fetch; window.fetch = {lost}; }}")


def _a_minute_later(page) -> None:
    page.evaluate("(() => { const real = Date.now; Date.now = () => real() + 70_000; })()")

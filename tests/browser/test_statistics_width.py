"""The statistics on a desk's screen: every column is there, in either language."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("officer", ["ukba.officer", "paf.officer"], ids=["english", "french"])
def test_no_column_of_the_statistics_is_off_the_screen(centre, opened, officer):
    for device in ("CAL-L3-RPM", "CAL-L6-HB"):
        centre.sees(device, "WIDTH1", result="suspect")
    centre.settled()
    page = opened(officer, "/statistics/")
    expect(page.locator(".rates tbody tr").first).to_be_visible()
    beyond = page.evaluate(
        "() => { const box = document.querySelector('.rates').parentElement; return box.scrollWidth - box.clientWidth; }"
    )
    assert beyond <= 0

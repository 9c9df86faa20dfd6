"""A recall in the running centre: each way that another agency had to the record is closed within two seconds."""

import datetime as dt
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.launcher.started import eventually
from tests.live.browser import Browser
from tests.nemesis.stage import Stage

pytestmark = pytest.mark.engine

#: design.md: recall removes the grant, and every open page, stream, token and export obeys within so many seconds.
GONE_S = 2.0
MARK = "RC-204-LL"


@pytest.fixture
def lookout(stage: Stage, browser: Callable[..., Browser]) -> Iterator[str]:
    """A lookout of UKBA's that PAF may read."""
    day = dt.datetime.now(dt.UTC).date()
    status, path, page = browser("ukba.analyst").submit(
        "/lookouts/new/", "/lookouts/new/", kind="plate", mark=MARK, action_code="observe", priority="low", mode="silent",
        reason="for a test", shared="PAF", classification="0", expires=str(day + dt.timedelta(days=9)),
        review_due=str(day + dt.timedelta(days=8)),
    )  # fmt: skip
    assert status == 200, page
    uid = path.split("/")[2]
    yield uid
    browser("ukba.analyst").submit(path, f"{path}act/", act="withdraw", reason="the test is over")


def _token_get(stage: Stage, token: str, path: str) -> tuple[int, str]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{stage.port}{path}", headers={"Authorization": f"Token {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def test_every_way_to_a_record_is_closed_within_two_seconds_of_its_recall(
    centre: tuple[Stage, dict[str, Any]], browser: Callable[..., Browser], watch: Callable, lookout: str
) -> None:
    stage, tokens = centre
    token, reader = tokens["partners"]["PAF"], browser("paf.officer")
    stream = watch("paf.officer")
    page, listed, api = f"/lookouts/{lookout}/", "/lookouts/", f"/api/v1/lookouts/{lookout}/"
    assert reader.get(page)[0] == 200
    assert MARK in reader.get(listed)[2]
    assert _token_get(stage, token, api)[0] == 200
    began = time.monotonic()
    status, _, _ = browser("ukba.analyst").submit(
        page, f"{page}act/", act="recall", agencies="PAF", reason="enquiry closed"
    )
    recalled = time.monotonic()
    assert status == 200
    assert reader.get(page)[0] == 404
    assert MARK not in reader.get(listed)[2]
    assert _token_get(stage, token, api)[0] == 404
    assert MARK not in _token_get(stage, token, "/api/v1/lookouts/")[1]
    assert eventually(lambda: "lookout" in stream.topics(began), GONE_S), "an open page is not told"
    assert time.monotonic() - recalled < GONE_S
    receipts = json.loads(_token_get(stage, token, "/api/v1/recalls/?state=open&own=false")[1])["results"]
    assert [row["readings"] > 0 for row in receipts if row["owner"] == "UKBA"] == [True]

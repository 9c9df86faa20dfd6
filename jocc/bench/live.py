"""Part `live`: from a delivery to the content on open boards, fifty streams over four agencies."""

import datetime as dt
import http.client
import itertools
import json
import re
import subprocess
import sys
import threading
import urllib.parse
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from agencies.acting import acting_as
from agencies.choices import Role
from agencies.facts import OWNER
from jocc.bench.equipment import AGENCIES, BenchLane, lanes_make
from jocc.bench.ground import Ground
from jocc.bench.processes import centre_running
from jocc.bench.report import BenchFailed, Report, Screen, median, percentile
from jocc.bench.traffic import Traffic
from jocc.demo.people import PASSWORD

STREAMS = 50
#: The centre lets thirty sign in a minute from one address; every officer has two boards open.
SESSIONS = 25
RATE = 50  # events a second, each in a delivery of its own
SECONDS = 25
_SETTLE_S = 3.0
_ROLES = (Role.OFFICER, Role.ANALYST, Role.SUPERVISOR)
#: What the page itself obeys: it fetches the passages at most so often (milliseconds), and waits so many times as
#: long as the last answer took.
_AT_MOST = re.compile(r"AT_MOST = \{[^}]*\bpassages: (\d+)")
_CALM = re.compile(r"CALM = (\d+)")


def live_measure(ground: Ground, screen: Screen, report: Report, *, workers: int) -> None:
    """Measure from the moment a delivery is sent until its mark has arrived on every board that may see it."""
    lanes = lanes_make(per_site=2, name="LIVE")
    with centre_running(ground, workers) as port:
        since = dt.datetime.now(dt.UTC)
        found = boards_watch(port, lanes, screen, seconds=SECONDS)
        inbox = _inbox(since)
    arrived = arrivals(found)
    report.add("live", {"delivery_to_nudge_p95_ms": percentile(arrived, 0.95)}, inbox | _raw(found, arrived))
    screen.say(f"  p50 {median(arrived):,.0f} ms, p95 {percentile(arrived, 0.95):,.0f} ms")


def boards_watch(port: int, lanes: list[BenchLane], screen: Screen, *, seconds: float) -> dict[str, Any]:
    """Fifty open boards while lorries pass the lanes for so many seconds; what they saw, and how many events were sent."""
    screen.say(f"Signing {SESSIONS} officers of four agencies in …")
    cookies = _signed_in(port)
    sites = sorted({lane.site for lane in lanes})
    boards = itertools.islice(itertools.cycle(cookies), STREAMS)
    streams = [
        {"cookie": cookie, "site": site} for cookie, site in zip(boards, itertools.cycle(sites), strict=False)
    ]
    screen.say(f"{STREAMS} open boards, {RATE} events/s for {seconds:.0f} s …")
    postings = _postings(lanes, seconds)
    at_most_ms = page_says(_AT_MOST)
    plan = {
        "port": port,
        "streams": streams,
        "postings": postings,
        "rate": RATE,
        "settle_s": _SETTLE_S,
        "at_most_s": at_most_ms / 1000,
        "calm": page_says(_CALM),
    }
    found = _browsers(plan, seconds)
    return found | {"sent": len(postings), "at_most_ms": at_most_ms}


def arrivals(found: dict[str, Any]) -> list[float]:
    """How long each mark took to each board that may see it, in milliseconds; BenchFailed when one never came."""
    if found["missing"]:
        raise BenchFailed(
            f"{found['missing']} of {found['missing'] + len(found['delays'])} marks never arrived on a board."
        )
    return [delay * 1000 for delay in found["delays"]]


def _raw(found: dict[str, Any], arrived: list[float]) -> dict[str, Any]:
    return {
        "streams": STREAMS,
        "events_per_second": found["sent"] / found["seconds"],
        "page_fetches_at_most_every_ms": found["at_most_ms"],
        "delivery_to_content_p50_ms": median(arrived),
        "delivery_to_content_p99_ms": percentile(arrived, 0.99),
        "arrivals": len(arrived),
        "answer_to_delivery_p50_ms": median(found["answers"]) * 1000,
        "answer_to_delivery_p95_ms": percentile(found["answers"], 0.95) * 1000,
        "nudge_waits_for_page_p50_ms": median(found["waited"]) * 1000,
        "nudge_waits_for_page_p95_ms": percentile(found["waited"], 0.95) * 1000,
        "fetch_p50_ms": median(found["fetches"]) * 1000,
        "fetch_p95_ms": percentile(found["fetches"], 0.95) * 1000,
        "fetches_per_second": len(found["fetches"]) / found["seconds"],
        "fetches_without_change": found["unchanged"],
        "client_cpu_share": found["client_cpu_share"],
    }


def _inbox(since: dt.datetime) -> dict[str, float]:
    """How long deliveries lay in the inbox before a worker began to write what they say."""
    with acting_as(OWNER), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM done_at - received_at))"
            " FROM scanning_delivery WHERE done_at IS NOT NULL AND received_at >= %s",
            [since],
        )
        middle, most = cursor.fetchone()[0]
    return {"inbox_p50_ms": middle * 1000, "inbox_p95_ms": most * 1000}


def page_says(what: re.Pattern[str]) -> int:
    """How an open board spaces its fetches of passages, as the page's own script says."""
    found = what.search((settings.BASE_DIR / "static" / "js" / "live.js").read_text(encoding="utf-8"))
    if found is None:
        raise BenchFailed("static/js/live.js does not say any more how often passages are fetched.")
    return int(found[1])


def _postings(lanes: list[BenchLane], seconds: float) -> list[dict[str, Any]]:
    """Lorries lane after lane, each event a posting; the plate readers' marks are watched for."""
    now = dt.datetime.now(dt.UTC)
    traffic = Traffic(77, now)
    postings: list[dict[str, Any]] = []
    for lane in itertools.cycle(lanes):
        if len(postings) >= RATE * seconds:
            return postings
        at = now - dt.timedelta(seconds=60 - len(postings) / RATE)
        for device, event in traffic.lorry(lane, at).items():
            mark = event["marks"][0]["value"] if "marks" in event else ""
            postings.append(
                {"token": device.token, "mark": mark, "site": lane.site, "body": json.dumps(event)}
            )
    raise AssertionError("a cycle does not end")


def _browsers(plan: dict[str, Any], seconds: float) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "jocc.bench.browsers"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        timeout=seconds * 4 + 60,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"The boards failed: {done.stderr.strip()[-1500:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _signed_in(port: int) -> list[str]:
    """Sign officers of the four agencies in as a browser does; returns the cookies of their sessions."""
    names = [f"{agency}.{role}".lower() for role in _ROLES for agency in AGENCIES]
    wanted = list(itertools.islice(itertools.cycle(names), SESSIONS))
    cookies: list[str] = []
    faults: list[str] = []

    def sign_in() -> None:
        while wanted and not faults:
            try:
                cookies.append(session_begin(port, wanted.pop()))
            except (OSError, KeyError, ValueError, http.client.HTTPException) as error:
                faults.append(repr(error))

    hands = [threading.Thread(target=sign_in) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    if faults:
        raise BenchFailed(f"An officer could not sign in: {faults[0]}")
    return cookies


def session_begin(port: int, name: str) -> str:
    """Sign in as a browser does; returns the cookie of the session."""
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    path = reverse("account_login")
    talk.request("GET", path)
    answer = talk.getresponse()
    form = answer.read().decode()
    token = _cookies(answer)["csrftoken"]
    hidden = form.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    fields = urllib.parse.urlencode({"csrfmiddlewaretoken": hidden, "login": name, "password": PASSWORD})
    headers = {"Cookie": f"csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
    talk.request("POST", path, fields, headers)
    answer = talk.getresponse()
    answer.read()
    talk.close()
    if answer.status != 302:
        raise ValueError(f"{name}: {answer.status}")
    return f"{settings.SESSION_COOKIE_NAME}={_cookies(answer)[settings.SESSION_COOKIE_NAME]}"


def _cookies(answer: http.client.HTTPResponse) -> dict[str, str]:
    pairs = (value.partition(";")[0].partition("=") for value in answer.headers.get_all("Set-Cookie") or ())
    return {name: value for name, _, value in pairs}

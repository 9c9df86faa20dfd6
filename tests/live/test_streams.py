"""Open boards: who is nudged, what a nudge says, and how soon a stream ends that may no longer be."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.launcher.started import eventually
from tests.live.browser import Browser, Stream
from tests.nemesis.stage import Stage

pytestmark = pytest.mark.engine

OFFICERS = ("ukba.officer", "paf.officer", "douanes.officer", "ccic.officer")
#: Seen by all agencies; by UKBA and PAF alone.
CAMERA, PROBE = "CAL-L1-ANPR-F", "CAL-L2-CO2"
#: A stream that has lost its right is gone within so many seconds.
GONE_S = 2.0


@contextmanager
def changed(stage: Stage, name: str, change: str, back: str) -> Iterator[float]:
    """Change an officer's account in the database for a while; gives the moment of the change."""
    statement = "UPDATE agencies_officer SET {} WHERE username = %s"
    stage.rows(statement.format(change), name)
    try:
        yield time.monotonic()
    finally:
        stage.rows(statement.format(back), name)


def ends(stream: Stream, since: float) -> bool:
    """Whether the stream says that it is closed, and ends, in time."""
    gone = eventually(lambda: stream.ended_at is not None, GONE_S + 2)
    return gone and bool(stream.since(since, "closed")) and (stream.ended_at or 0) - since < GONE_S


def test_stream_of_a_suspended_officer_ends_and_others_go_on(
    stage: Stage, watch: Callable, browser: Callable
) -> None:
    own, other = watch(browser("paf.analyst", fresh=True)), watch("ukba.officer")
    with changed(stage, "paf.analyst", "is_active = false", "is_active = true") as moment:
        assert ends(own, moment)
        assert other.ended_at is None


def test_stream_ends_when_its_officer_signs_out(browser: Callable, watch: Callable) -> None:
    leaving: Browser = browser("douanes.analyst", fresh=True)
    staying = watch(browser("douanes.analyst", fresh=True))
    stream = watch(leaving)
    moment = time.monotonic()
    status, path, _ = leaving.sign_out()
    assert (status, path) == (200, "/accounts/login/")
    assert ends(stream, moment)
    assert staying.ended_at is None, "the same officer's other screen was closed too"


def test_stream_ends_when_its_officer_gets_a_new_password(
    stage: Stage, watch: Callable, browser: Callable
) -> None:
    stream = watch(browser("ccic.analyst", fresh=True))
    kept = stage.rows("SELECT password FROM agencies_officer WHERE username = 'ccic.analyst'")[0][0]
    with changed(stage, "ccic.analyst", "password = 'md5$another'", f"password = '{kept}'") as moment:
        assert ends(stream, moment)


def test_stream_ends_when_its_officer_moves_to_another_agency(
    stage: Stage, watch: Callable, browser: Callable
) -> None:
    stream = watch(browser("douanes.supervisor", fresh=True))
    agency = "agency_id = (SELECT id FROM agencies_agency WHERE code = '{}')"
    with changed(stage, "douanes.supervisor", agency.format("CCIC"), agency.format("DOUANES")) as moment:
        assert ends(stream, moment)


def test_stream_ends_when_its_officer_leaves_a_compartment(
    stage: Stage, watch: Callable, browser: Callable
) -> None:
    stream = watch(browser("ukba.analyst", fresh=True))
    member = "FROM agencies_officer o, agencies_compartment c WHERE o.username = 'ukba.analyst' AND c.name = 'LANTERN'"
    moment = time.monotonic()
    stage.rows(
        "DELETE FROM agencies_officer_groups g USING agencies_officer o, agencies_compartment c"
        " WHERE o.username = 'ukba.analyst' AND c.name = 'LANTERN' AND g.officer_id = o.id AND g.group_id = c.group_id"
    )
    try:
        assert ends(stream, moment)
    finally:
        stage.rows(
            f"INSERT INTO agencies_officer_groups (officer_id, group_id) SELECT o.id, c.group_id {member}"
        )


def test_a_recalled_device_is_off_the_board_at_the_next_fetch(
    stage: Stage, watch: Callable, browser: Callable, seen: Callable
) -> None:
    """The stream of those who saw it tells them to fetch everything, and what they fetch shows it no more."""
    officer = browser("paf.officer")
    stream = watch("paf.officer")
    seen(PROBE, "CANARYRECALL")
    board = "/board/passages/?site=CALAIS"
    assert eventually(lambda: "CANARYRECALL" in officer.get(board)[2], 5)
    moment = time.monotonic()
    row = stage.rows(
        "DELETE FROM scanning_devicegrant g USING scanning_device d, agencies_agency a WHERE d.code = %s AND a.code = 'PAF'"
        " AND g.content_object_id = d.id AND g.group_id = a.group_id"
        " RETURNING g.group_id, g.permission_id, g.content_object_id",
        PROBE,
    )
    try:
        assert eventually(lambda: "all" in stream.topics(moment), GONE_S), stream.frames
        assert eventually(lambda: "CANARYRECALL" not in officer.get(board)[2], GONE_S)
        assert stream.ended_at is None
    finally:
        stage.rows(
            "INSERT INTO scanning_devicegrant (group_id, permission_id, content_object_id) VALUES (%s, %s, %s)",
            *row[0],
        )


def test_whoever_has_not_signed_in_gets_no_stream(stage: Stage) -> None:
    stream = Stream(Browser(stage.port))
    stream.close()
    assert stream.status in {302, 401}
    assert "event-stream" not in stream.content_type


def test_nudges_carry_no_content_and_the_content_comes_through_the_gate(
    watch: Callable, browser: Callable, seen: Callable
) -> None:
    streams = {name: watch(name) for name in OFFICERS}
    moment = time.monotonic()
    receipt = seen(CAMERA, "CANARY1XYZ", note="CANARYNOTE", confidence=0.876)
    for name, stream in streams.items():
        assert eventually(lambda stream=stream: "passage" in stream.topics(moment), 5), name
        assert eventually(
            lambda name=name: "CANARY1XYZ" in browser(name).get("/board/passages/?site=CALAIS")[2], 5
        )
        words = stream.raw.decode()
        assert "CANARY" not in words
        assert receipt not in words
        for data in stream.since(moment):
            assert set(data) == {"topics", "lanes"}
            assert set(data["topics"]) <= {"all", "alarm", "device", "hit", "notice", "passage"}
            assert all(re.fullmatch(r"[A-Z]{3}-L\d", lane) for lane in data["lanes"])


def test_only_those_who_see_a_device_are_nudged_about_it(watch: Callable, seen: Callable) -> None:
    streams = {name: watch(name) for name in OFFICERS}
    moment = time.monotonic()
    seen(PROBE, "CANARYPROBE")
    for name in ("ukba.officer", "paf.officer"):
        assert eventually(lambda name=name: "passage" in streams[name].topics(moment), 5), name
    time.sleep(1)  # several ticks
    for name in ("douanes.officer", "ccic.officer"):
        assert streams[name].topics(moment) <= {"all"}, name
    later = time.monotonic()
    seen(CAMERA, "CANARYCAMERA")
    for name in OFFICERS:  # the silence above was not that of a dead stream
        assert eventually(lambda name=name: "passage" in streams[name].topics(later), 5), name


def test_a_silent_hit_nudges_its_owner_and_nobody_else(watch: Callable, seen: Callable) -> None:
    streams = {name: watch(name) for name in OFFICERS}
    moment = time.monotonic()
    seen(CAMERA, "34 BKR 629")  # UKBA, silent, shared with nobody
    for name in OFFICERS:
        assert eventually(lambda name=name: "passage" in streams[name].topics(moment), 5), name
    assert eventually(lambda: "hit" in streams["ukba.officer"].topics(moment), 5)
    time.sleep(1)
    for name in OFFICERS[1:]:
        assert not streams[name].topics(moment) & {"hit", "notice"}, name


def test_a_stop_nudges_those_it_names(watch: Callable, seen: Callable) -> None:
    streams = {name: watch(name) for name in OFFICERS}
    moment = time.monotonic()
    seen(CAMERA, "AA 5527 KB")  # PAF, stop, told to PAF and UKBA
    for name in ("ukba.officer", "paf.officer"):
        assert eventually(lambda name=name: "notice" in streams[name].topics(moment), 5), name
    time.sleep(1)
    assert "hit" not in streams["ukba.officer"].topics(moment)
    for name in ("douanes.officer", "ccic.officer"):
        assert not streams[name].topics(moment) & {"hit", "notice"}, name


def test_open_streams_hold_no_database_connection(stage: Stage, watch: Callable) -> None:
    sessions = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'jocc_web'"
    )
    watch("ukba.officer")
    before = stage.number(sessions)
    streams = [watch(name) for name in OFFICERS for _ in range(6)]
    assert all(stream.ended_at is None for stream in streams)
    assert (
        stage.number(sessions) <= before + 2
    )  # a thread that serves pages may have opened its own meanwhile

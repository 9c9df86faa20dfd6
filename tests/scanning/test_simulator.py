"""The simulated port: believable, repeatable, and unable to reach any server but a demonstration one."""

import asyncio
import itertools
import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from intelligence.rules.marks import is_container_number, normalise
from intelligence.rules.matching import match_strength
from intelligence.rules.plates import TRAILER_ONLY, VEHICLE
from scanning.facts import Decoded, DeviceProfile
from scanning.formats import decode
from scanning.rules.pictures import picture_read
from scanning.simulator import figures
from scanning.simulator.chance import chance
from scanning.simulator.clocks import nature_of
from scanning.simulator.drive import drive
from scanning.simulator.lorries import drawn_lorry
from scanning.simulator.port import Port, PortUnusable, port_from_file, port_from_tree
from scanning.simulator.poster import NotDemonstration, Tally, post_until_taken
from scanning.simulator.registrations import container_number, trailer_mark, vehicle_mark
from scanning.simulator.world import Posting, postings

START = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
SHOWN = [
    {"mark": "WGM 7741A", "country": "PL", "kind": "plate"},
    {"value": "CSQU3054383", "kind": "container"},
    {"value": "1-QAB-234", "country": "BE", "kind": "trailer"},
]


def _device(
    code: str, kind: str, format_: str = "native", lane: str | None = "1", order: int = 1
) -> dict[str, Any]:
    site = "CALAIS" if code.startswith("CAL") else "DOVER"
    zone = "Europe/Paris" if site == "CALAIS" else "Europe/London"
    return {
        "code": code, "kind": kind, "format": format_, "site": site, "lane": lane, "order": order, "zone": zone,
        "token": f"t-{code}",
    }  # fmt: skip


TREE: dict[str, Any] = {
    "devices": [
        _device("CAL-L1-ANPR-F", "anpr", "plate_recognizer", "1", 1),
        _device("CAL-L1-ANPR-R", "anpr", "hikvision", "1", 2),
        _device("CAL-L1-RPM", "radiation", "n42", "1", 3),
        _device("CAL-L1-PMMW", "pmmw", "native", "1", 4),
        _device("CAL-L1-CO2", "co2", "native", "1", 5),
        _device("CAL-L2-ANPR-F", "anpr", "openalpr", "2", 1),
        _device("CAL-L2-ANPR-R", "anpr", "native", "2", 2),
        _device("CAL-L2-HB", "heartbeat", "native", "2", 3),
        _device("CAL-DOG-1", "dog", "native", None),
        _device("CAL-XRAY", "xray", "native", None),
        _device("CAL-SEARCH", "search", "native", None),
        _device("CAL-KEY", "keyboard", "native", None),
        _device("DVR-L1-ANPR-F", "anpr", "axis", "1", 1),
        _device("DVR-L1-ANPR-R", "anpr", "native", "1", 2),
        _device("DVR-L1-RPM", "radiation", "native", "1", 3),
        _device("DVR-GAMMA", "gamma", "native", None),
        _device("DVR-L2-ANPR-F", "anpr", "native", "2", 1)
        | {"gateway": "Dover gateway", "token": "t-gateway"},
    ],
    "marks_to_show": SHOWN,
}


@pytest.fixture(scope="module")
def port() -> Port:
    return port_from_tree(TREE)


def _postings(
    port: Port, count: int, *, seed: int = 1, start: datetime = START, rate: float = 900
) -> list[Posting]:
    return list(itertools.islice(postings(port, seed=seed, start=start, rate=rate), count))


def _decoded(posting: Posting) -> Decoded:
    device = posting.device
    profile = DeviceProfile(device.kind, device.format, device.zone)
    return decode(posting.body, posting.content_type, profile)


@pytest.fixture(scope="module")
def traffic(port: Port) -> list[Posting]:
    return _postings(port, 3000)


def test_the_same_seed_gives_the_same_bytes_at_the_same_times(port: Port) -> None:
    assert _postings(port, 500) == _postings(port, 500)
    assert _postings(port, 500) != _postings(port, 500, seed=2)


def test_postings_leave_in_the_order_in_which_they_are_due(traffic: list[Posting]) -> None:
    assert [posting.due for posting in traffic] == sorted(posting.due for posting in traffic)


def test_every_payload_is_read_without_a_problem_by_the_format_of_its_device(traffic: list[Posting]) -> None:
    formats = Counter[str]()
    for posting in traffic:
        if posting.sort in {"cut short", "picture"}:
            continue
        decoded = _decoded(posting)
        assert decoded.problems == (), posting
        assert len(decoded.observations) == posting.events
        formats[posting.device.format] += 1
    assert set(formats) == {"native", "plate_recognizer", "hikvision", "openalpr", "axis", "n42"}


def _lorries_in_an_hour(port: Port, rate: float) -> int:
    hour = itertools.takewhile(lambda p: p.due < 3600, postings(port, seed=3, start=START, rate=rate))
    return len({posting.lorry for posting in hour if posting.lorry is not None})


def test_traffic_comes_at_the_rate_that_was_asked_for_as_far_as_the_lanes_can_clear_it(port: Port) -> None:
    assert 250 < _lorries_in_an_hour(port, 300) < 350
    assert 500 < _lorries_in_an_hour(port, 5000) < 660


def test_two_runs_with_one_seed_never_claim_the_same_event(port: Port) -> None:
    runs = [_postings(port, 800, start=start) for start in (START, START.replace(hour=6))]
    first, second = (
        {
            (p.device.code, o.event_key)
            for p in run
            if p.sort not in {"cut short", "picture"}
            for o in _decoded(p).observations
        }
        for run in runs
    )
    assert len(first) > 500
    assert not first & second


def test_an_event_that_is_sent_twice_has_the_same_bytes_and_no_other_event_has_its_key(
    traffic: list[Posting],
) -> None:
    bodies: dict[tuple[str, str], set[bytes]] = defaultdict(set)
    for posting in traffic:
        if posting.sort in {"cut short", "picture"}:
            continue
        for observation in _decoded(posting).observations:
            bodies[posting.device.code, observation.event_key].add(observation.sha256)
    assert {len(digests) for digests in bodies.values()} == {1}
    assert any(posting.sort == "sent twice" for posting in traffic)


def test_a_lorry_is_seen_by_several_devices_and_bears_two_or_three_marks(traffic: list[Posting]) -> None:
    devices: dict[int, set[str]] = defaultdict(set)
    marks: dict[int, set[str]] = defaultdict(set)
    for posting in traffic:
        if posting.lorry is None or posting.sort != "event":
            continue
        devices[posting.lorry].add(posting.device.kind)
        for observation in _decoded(posting).observations:
            marks[posting.lorry] |= {mark.norm for mark in observation.marks}
    several = [kinds for kinds in devices.values() if len(kinds) >= 2]
    assert len(several) > 0.7 * len(devices)  # one of the four lanes has a reader and nothing else
    assert sum(len(found) >= 2 for found in marks.values()) > 0.7 * len(marks)
    assert any(len(found) >= 3 for found in marks.values())


def test_the_marks_that_shall_turn_up_do(port: Port) -> None:
    seen = Counter[str]()
    for posting in _postings(port, 8000):
        if posting.sort == "event":
            for observation in _decoded(posting).observations:
                for mark in observation.marks:
                    seen[match_strength(mark.norm, "WGM7741A") or "none"] += 1
    assert seen["exact"] > 2
    assert seen["none"] > 500


def test_things_go_wrong_as_they_do(port: Port) -> None:
    run = list(itertools.takewhile(lambda p: p.due < 6 * 3600, postings(port, seed=1, start=START, rate=240)))
    sorts = Counter(posting.sort for posting in run)
    assert {"event", "status", "sent twice", "after an outage", "cut short"} <= set(sorts)
    results = Counter[str]()
    delays = []
    for posting in run:
        if posting.sort in {"cut short", "picture"}:
            continue
        for observation in _decoded(posting).observations:
            results[f"{observation.type} {observation.result}"] += 1
            delays.append(posting.due - (observation.device_at - START).total_seconds())
    assert {"status fault", "detection fault", "detection suspect", "detection not_performed"} <= set(results)
    assert "detection indeterminate" in results
    assert max(delays) > 60


def test_most_clocks_are_right_and_a_few_have_lost_their_time_server(port: Port) -> None:
    device = port.lanes[0].devices[0]
    ahead = [nature_of(replace(device, code=f"CAL-{number}"), seed=1).ahead for number in range(500)]
    assert sum(abs(seconds) < 2 for seconds in ahead) > 400
    assert 0 < sum(seconds > 30 for seconds in ahead) < 30


def test_no_two_lorries_are_in_one_lane_at_once(port: Port) -> None:
    entries: dict[str, list[float]] = defaultdict(list)
    for posting in _postings(port, 5000, rate=2000):
        if posting.device.code == "CAL-L2-ANPR-R" and posting.sort == "event":
            (observation,) = _decoded(posting).observations
            entries[posting.device.code].append(observation.device_at.timestamp())
    moments = sorted(entries["CAL-L2-ANPR-R"])
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert len(gaps) > 50
    assert min(gaps) > 15


@pytest.mark.parametrize("country", figures.TRACTOR_COUNTRIES)
def test_marks_have_the_real_shapes_of_their_country(country: str) -> None:
    rng = chance("marks", country)
    for _ in range(200):
        assert VEHICLE[country].fullmatch(normalise(vehicle_mark(rng, country)))
        trailer = normalise(trailer_mark(rng, country))
        assert (TRAILER_ONLY.get(country) or VEHICLE[country]).fullmatch(trailer) or VEHICLE[
            country
        ].fullmatch(trailer)


def test_containers_have_right_check_digits() -> None:
    rng = chance("containers")
    assert all(is_container_number(normalise(container_number(rng))) for _ in range(200))


def test_tractor_and_trailer_often_come_from_different_countries() -> None:
    rng = chance("mix")
    lorries = [drawn_lorry(rng, ()) for _ in range(3000)]
    pairs = [(lorry.tractor.country, lorry.trailer.country) for lorry in lorries if lorry.trailer]
    differing = sum(tractor != trailer for tractor, trailer in pairs) / len(pairs)
    assert 0.15 < differing < 0.4
    assert Counter(tractor for tractor, _ in pairs).most_common(1)[0][0] == "PL"
    assert any(lorry.container for lorry in lorries)


def test_only_soft_sides_are_looked_at_with_millimetre_waves(traffic: list[Posting]) -> None:
    bodies = {
        observation.reading.get("body")
        for posting in traffic
        if posting.device.kind == "pmmw" and posting.sort == "event"
        for observation in _decoded(posting).observations
        if observation.result in {"clear", "suspect"} and observation.type == "detection"
    }
    assert bodies == {"soft"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("{}", "lacks"),
        ('{"devices": []}', "no lane"),
        ('{"devices": [{"code": "A", "kind": "dog", "format": "axis", "token": "t"}]}', "cannot write"),
    ],
)
def test_a_tokens_file_that_cannot_be_used_is_refused_in_plain_words(
    tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(text)
    with pytest.raises(PortUnusable, match=words):
        port_from_file(file)
    with pytest.raises(PortUnusable, match="cannot be read"):
        port_from_file(tmp_path / "absent.json")


def test_marks_from_a_watch_file_join_those_of_the_tokens_file(tmp_path: Path) -> None:
    tokens, watch = tmp_path / "tokens.json", tmp_path / "marks.txt"
    tokens.write_text(json.dumps(TREE))
    watch.write_text("AB-123-CD\n\nA123 4567\n")
    shown = port_from_file(tokens, watch).marks_to_show
    assert [mark.value for mark in shown][-2:] == ["AB-123-CD", "A123 4567"]
    assert (shown[-1].part, shown[-1].country) == ("trailer", "GB")


def _server(requests: list[httpx.Request], answers: list[int], health: dict[str, Any]) -> httpx.MockTransport:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/healthz":
            return httpx.Response(200, json=health)
        requests.append(request)
        return httpx.Response(answers.pop(0) if answers else 202, json={"receipt": "r"})

    return httpx.MockTransport(answer)


@pytest.mark.parametrize(
    "health", [{}, {"status": "ok"}, {"status": "ok", "demonstration": False}, {"demonstration": True}]
)
async def test_a_server_that_is_no_demonstration_is_sent_nothing(port: Port, health: dict[str, Any]) -> None:
    requests: list[httpx.Request] = []
    with pytest.raises(NotDemonstration):
        await drive(
            port, url="http://test", seed=1, rate=900, minutes=1, report=lambda tally: None,
            stop=asyncio.Event(), transport=_server(requests, [], health),
        )  # fmt: skip
    assert requests == []


async def test_a_demonstration_server_is_sent_what_the_devices_saw_with_their_tokens(port: Port) -> None:
    requests: list[httpx.Request] = []
    tally = await drive(
        port, url="http://test", seed=1, rate=90_000, minutes=0.02, report=lambda tally: None,
        stop=asyncio.Event(), transport=_server(requests, [], {"status": "ok", "demonstration": True}),
    )  # fmt: skip
    assert tally.accepted == len(requests) > 0
    assert all(request.headers["Authorization"].startswith("Token t-") for request in requests)
    behind = [request for request in requests if request.headers["Authorization"] == "Token t-gateway"]
    assert {request.headers["X-JOCC-Device"] for request in behind} == {"DVR-L2-ANPR-F"}
    assert {json.loads(request.content)["device"] for request in behind} == {"DVR-L2-ANPR-F"}


async def test_a_device_repeats_the_same_bytes_until_they_are_taken(traffic: list[Posting]) -> None:
    requests: list[httpx.Request] = []
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    tally = Tally()
    transport = _server(requests, [503, 500, 429, 202], {})
    async with httpx.AsyncClient(base_url="http://test", transport=transport) as client:
        status = await post_until_taken(client, traffic[0], tally, sleep=sleep)
    assert status == 202
    assert {request.content for request in requests} == {traffic[0].body}
    assert len(requests) == 4
    assert tally.retries == 3
    assert waits == sorted(waits)


async def test_a_last_word_is_not_argued_with(traffic: list[Posting]) -> None:
    requests: list[httpx.Request] = []
    tally = Tally()
    async with httpx.AsyncClient(base_url="http://test", transport=_server(requests, [422], {})) as client:
        assert await post_until_taken(client, traffic[0], tally) == 422
    assert (len(requests), tally.refused, tally.refusals) == (1, 1, "422 x1")


def test_imaging_systems_send_pictures_of_what_they_have_told_of(traffic):
    told = {o.event_key for p in traffic if p.sort == "event" for o in _decoded(p).observations}
    pictures = [posting for posting in traffic if posting.sort == "picture"]
    assert pictures
    for posting in pictures:
        query = parse_qs(urlsplit(posting.path).query)
        assert query["event_id"][0] in told
        assert query["view"][0] in {"xray", "gamma", "pmmw"}
        assert picture_read(posting.body, max_bytes=10**6, max_pixels=10**6).media_type == "image/png"


def test_cameras_send_pictures_that_are_taken(traffic):
    sent = [picture for p in traffic if p.sort == "event" for picture in _decoded(p).pictures]
    assert {picture.view for picture in sent} == {"scene", "plate"}
    for picture in sent[:50]:
        picture_read(picture.content, max_bytes=10**6, max_pixels=10**6)

"""A running centre of its own for the streams' tests, and officers who sit before their boards."""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from jocc.demo.people import PASSWORD
from tests.launcher.started import eventually
from tests.live.browser import Browser, Stream
from tests.nemesis.stage import Stage, stage_built


@pytest.fixture(scope="package")
def centre() -> Iterator[tuple[Stage, dict[str, Any]]]:
    """Web, workers and scheduler, on the demonstration world."""
    with stage_built() as (stage, tokens):
        stage.heal()
        yield stage, tokens


@pytest.fixture
def stage(centre: tuple[Stage, dict[str, Any]]) -> Stage:
    """The running centre."""
    return centre[0]


@pytest.fixture(scope="package")
def browsers() -> dict[str, Browser]:
    """Who has signed in already: signing in is slow on purpose."""
    return {}


@pytest.fixture
def browser(stage: Stage, browsers: dict[str, Browser]) -> Callable[..., Browser]:
    """`browser("ukba.officer")` is that officer's browser, signed in; `fresh=True` gives another one."""

    def sign_in(name: str, *, fresh: bool = False) -> Browser:
        if fresh or name not in browsers:
            made = Browser(stage.port)
            status, path, _ = made.sign_in(name, PASSWORD)
            assert (status, path) == (200, "/")
            if fresh:
                return made
            browsers[name] = made
        return browsers[name]

    return sign_in


@pytest.fixture
def watch(browser: Callable[..., Browser]) -> Iterator[Callable[..., Stream]]:
    """`watch("ukba.officer")` opens the officer's stream and waits until it flows."""
    opened: list[Stream] = []

    def open_stream(who: str | Browser) -> Stream:
        stream = Stream(browser(who) if isinstance(who, str) else who)
        opened.append(stream)
        assert stream.status == 200
        assert eventually(lambda: stream.frames, 10)
        return stream

    yield open_stream
    for stream in opened:
        stream.close()


@pytest.fixture
def seen(centre: tuple[Stage, dict[str, Any]]) -> Callable[..., str]:
    """`seen("CAL-L1-ANPR-F", "AB123CD")` posts what a device saw just now, and waits until it is processed.

    Returns the receipt.
    """
    stage, tokens = centre
    by_code = {device["code"]: device["token"] for device in tokens["devices"]}

    def post(device: str, mark: str = "", **fields: Any) -> str:
        event = {
            "event_id": uuid.uuid4().hex,
            "at": datetime.now(UTC).isoformat(),
            "result": "clear",
        } | fields
        if mark:
            event["marks"] = [{"kind": "tractor", "value": mark, "confidence": 0.9}]
        status, answer = stage.post(by_code[device], json.dumps(event).encode())
        assert status == 202, answer
        assert stage.eventually_done({answer["receipt"]}), stage.words()
        return str(answer["receipt"])

    return post

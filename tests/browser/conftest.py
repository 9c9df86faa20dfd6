"""The whole centre with a browser before it: real processes, real traffic, and a page that must not complain."""

import contextlib
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from jocc.demo.people import PASSWORD
from tests.nemesis.stage import Stage, stage_built

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser and starts servers of its own."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.engine)
            # They wait by the clock while other tests take both processors: one that failed is tried once more.
            # The summary names it (RERUN), and one that fails twice has failed.
            item.add_marker(pytest.mark.flaky(reruns=1))


class Centre:
    """The running centre: its address, what its devices post, and its database past the walls."""

    def __init__(self, stage: Stage, tokens: dict[str, Any]) -> None:
        self.stage = stage
        self.url = f"http://127.0.0.1:{stage.port}"
        self._tokens = {device["code"]: device["token"] for device in tokens["devices"]}
        self._states: dict[str, Any] = {}

    def sees(
        self, device: str, mark: str = "", *, result: str = "clear", country: str = "FR", **more: Any
    ) -> None:
        """A device posts one event of this moment."""
        event = {
            "event_id": uuid.uuid4().hex,
            "at": dt.datetime.now(dt.UTC).isoformat(),
            "result": result,
            **more,
        }
        if mark:
            event["marks"] = [{"kind": "tractor", "value": mark, "country": country, "confidence": 0.93}]
        status, answer = self.stage.post(self._tokens[device], json.dumps(event).encode())
        assert status == 202, answer

    def settled(self) -> None:
        """Wait until everything posted has become what it becomes."""
        statement = "SELECT count(*) FROM scanning_delivery WHERE state = 'waiting'"
        for _ in range(200):
            if not self.stage.number(statement):
                return
            self.stage.rows("SELECT pg_sleep(0.1)")
        raise AssertionError(self.stage.words())

    def signed_in(self, browser: Browser, username: str) -> Any:
        """The cookies of an officer who has signed in at the door, once for all tests."""
        if username not in self._states:
            context = browser.new_context(base_url=self.url)
            page = context.new_page()
            page.goto("/")
            page.fill("[name=login]", username)
            page.fill("[name=password]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(f"{self.url}/")
            self._states[username] = context.storage_state()
            context.close()
        return self._states[username]


@pytest.fixture(scope="package")
def centre() -> Iterator[Centre]:
    """Web, worker and scheduler on a demonstration database of their own."""
    with stage_built() as (stage, tokens):
        # As in operation: workers without the hooks that make them die, boards that remember for a second.
        for name, (command, environment) in stage._commands.items():
            if "-I" in command:
                del command[command.index("-I") : command.index("-I") + 2]
            environment["JOCC_BOARD_FRESH_S"] = "1"
            assert name
        stage.start("web", "worker-1", "pulse")
        stage.heal()
        yield Centre(stage, tokens)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium: the system's, or Playwright's own; installed when neither is there."""
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        try:
            chromium = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        except Error:
            install = [sys.executable, "-m", "playwright", "install", "chromium"]
            if subprocess.run(install, capture_output=True, check=False).returncode:
                pytest.skip("Chromium is absent and cannot be installed")
            chromium = playwright.chromium.launch(args=_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(centre: Centre, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`opened("paf.officer", "/alarms/", width=390, dark=True)`: a page; what it complains of fails the test, but for what it `bears`."""
    contexts, complaints = [], []

    def open_page(
        username: str | None,
        path: str = "/",
        *,
        size: dict[str, int] = DESK,
        dark: bool = False,
        bears: str | None = None,
        **more: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=centre.url,
            viewport=size,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            storage_state=centre.signed_in(browser, username) if username else None,
            timezone_id="Europe/Paris",
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda said: (
                said.type in {"error", "warning"} and not (bears and bears in said.text)
                and complaints.append(said.text)
            ),
        )  # fmt: skip
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        # A page that goes elsewhere by itself (its session has ended) while its context is closed makes the driver
        # wait for ever: it is led to nowhere first.
        for page in context.pages:
            with contextlib.suppress(Error):
                page.goto("about:blank")
        context.close()
    assert complaints == []


os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's own loop runs in this thread

"""An officer's browser: signs in over HTTP, keeps its cookies, opens the board's stream."""

import contextlib
import http.client
import http.cookiejar
import json
import re
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

_HIDDEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Frame:
    """One frame of a stream, and when it came (monotonic seconds)."""

    at: float
    event: str
    data: Any


class Browser:
    """One officer at one screen."""

    def __init__(self, port: int) -> None:
        self.site = f"http://127.0.0.1:{port}"
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def get(self, path: str) -> tuple[int, str, str]:
        """Status, path arrived at after redirects, and text."""
        return self._open(f"{self.site}{path}", None)

    def submit(self, form: str, path: str, **fields: str) -> tuple[int, str, str]:
        """Open the page with the form, fill it in, send it to the path."""
        hidden = _HIDDEN.search(self.get(form)[2])
        assert hidden is not None, f"{form} holds no form"
        content = urllib.parse.urlencode({"csrfmiddlewaretoken": hidden[1], **fields}).encode()
        return self._open(f"{self.site}{path}", content)

    def sign_in(self, name: str, password: str) -> tuple[int, str, str]:
        """Sign in; the board follows."""
        return self.submit("/accounts/login/", "/accounts/login/", login=name, password=password)

    def sign_out(self) -> tuple[int, str, str]:
        """Sign out at the page that the board's header leads to."""
        return self.submit("/", "/accounts/logout/")

    @property
    def cookies(self) -> str:
        """The cookies as a request carries them."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._jar)

    def _open(self, url: str, content: bytes | None) -> tuple[int, str, str]:
        try:
            with self._opener.open(
                urllib.request.Request(url, content, {"Referer": url}), timeout=30
            ) as answer:
                return answer.status, urllib.parse.urlsplit(answer.url).path, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, urllib.parse.urlsplit(url).path, refusal.read().decode()


class Stream:
    """The board's stream of one browser, read by a thread of its own."""

    def __init__(self, browser: Browser) -> None:
        parts = urllib.parse.urlsplit(browser.site)
        self._talk = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._talk.request("GET", "/live/board", headers={"Cookie": browser.cookies})
        self._socket = self._talk.sock
        self._answer = self._talk.getresponse()
        self.status = self._answer.status
        self.content_type = self._answer.getheader("Content-Type", "")
        self.raw = bytearray()
        self.frames: list[Frame] = []
        self.ended_at: float | None = None
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        event, data = "", ""
        try:
            while line := self._answer.readline():
                self.raw += line
                name, _, value = line.decode().strip().partition(": ")
                if name == "event":
                    event = value
                elif name == "data":
                    data = value
                elif not name and event:
                    self.frames.append(Frame(time.monotonic(), event, json.loads(data or "{}")))
                    event, data = "", ""
        except (OSError, ValueError, http.client.HTTPException, AttributeError):
            pass  # closed by us
        self.ended_at = time.monotonic()

    def since(self, moment: float, event: str = "nudge") -> list[Any]:
        """What the frames of this event have told since then."""
        return [frame.data for frame in list(self.frames) if frame.event == event and frame.at >= moment]

    def topics(self, moment: float) -> set[str]:
        """The topics nudged about since then."""
        return {topic for data in self.since(moment) for topic in data["topics"]}

    def close(self) -> None:
        """Close the page; the reading thread notices and lets go of its end."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._answer.close()
        self._talk.close()

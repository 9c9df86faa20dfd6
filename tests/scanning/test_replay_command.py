"""Replaying a file posts its own bytes as a device and tells what became of them."""

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError

from scanning.management.commands import replay, simulate

BODY = b'{"event_id": "1"}'
posted: list[tuple[str, str, bytes]] = []
states = ["waiting", "done"]


class _Centre(BaseHTTPRequestHandler):
    """Takes one delivery and lets it be asked after."""

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        posted.append((self.headers["Authorization"], self.headers["Content-Type"], content))
        self._answer(202, {"receipt": "r-1", "state": "accepted"})

    def do_GET(self) -> None:
        assert self.path == "/api/v1/deliveries/r-1/"
        self._answer(200, {"receipt": "r-1", "state": states.pop(0)})

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _answer(self, status: int, tree: dict[str, str]) -> None:
        content = json.dumps(tree).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Centre)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def _options(url: str, *files: Path) -> dict[str, Any]:
    return {"files": list(files), "token": "t", "url": url, "content_type": None, "device": None, "wait": 5.0}


def test_a_replayed_file_is_posted_unchanged_and_followed_to_its_final_state(
    tmp_path: Path, url: str
) -> None:
    file, told = tmp_path / "event.json", io.StringIO()
    file.write_bytes(BODY)
    replay.Command(stdout=told).handle(**_options(url, file))
    assert posted == [("Token t", "application/json", BODY)]
    assert "event.json: 202 accepted r-1" in told.getvalue()
    assert "state: done" in told.getvalue()


def test_a_missing_file_and_a_silent_server_are_said_in_plain_words(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    with pytest.raises(CommandError, match="cannot be read"):
        replay.Command().handle(**_options("http://127.0.0.1:9", file))
    file.write_bytes(BODY)
    with pytest.raises(CommandError, match="does not answer"):
        replay.Command().handle(**_options("http://127.0.0.1:9", file))


@pytest.mark.parametrize(
    ("name", "body", "content_type"),
    [
        ("a.json", b"{}", "application/json"),
        ("a.n42", b"<a/>", "application/xml"),
        ("a.bin", b"--MIME\r\n", "multipart/form-data; boundary=MIME"),
        ("a.bin", b"?", "application/octet-stream"),
    ],
)
def test_a_file_goes_out_under_the_type_a_device_would_name(
    name: str, body: bytes, content_type: str
) -> None:
    assert replay.content_type_of(Path(name), body) == content_type


def test_neither_command_needs_the_database_to_be_there() -> None:
    for command in (replay.Command, simulate.Command):
        assert command.requires_system_checks == []
        assert not command.requires_migrations_checks

"""Deliveries that nobody would think of: damaged samples, noise, wrong tokens, repeated and conflicting events."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parents[1] / "fixtures"
SAMPLES = {
    folder.name: [path.read_bytes() for path in sorted(folder.iterdir())]
    for folder in FIXTURES.iterdir()
    if folder.is_dir()
}
#: One line for each row of docs/proof.md's table of bad input that a body alone can be.
SEEDS: tuple[bytes, ...] = (
    b"[" * 100_000,
    b'{"event_id": "n\\u0000l", "at": "2026-11-22T04:10:03Z", "result": "clear"}',
    b'{"event_id": "s\\ud800r", "at": "2026-11-22T04:10:03Z", "result": "clear"}',
    b'{"event_id": "a", "event_id": "b", "at": "2026-11-22T04:10:03Z", "result": "clear"}',
    b'{"event_id": "a", "at": "2026-11-22T04:10:03Z", "result": "clear", "confidence": NaN}',
    b'{"event_id": "a", "at": "2026-11-22T04:10:03Z", "result": "clear", "confidence": 1e400}',
    b'{"event_id": "a", "at": "2026-11-22T04:10:03Z", "result": "clear", "reading": {"ppm": ' + b"9" * 5000 + b"}}",
    b'{"event_id": "a", "at": "2026-11-22T04:10:03Z", "result": "clear", "reading": {"ppm": -7, "counts": "7"}}',
    b'{"event_id": "a", "at": "2026-10-25T02:30:00", "result": "clear"}',
    '{"event_id": "é"}'.encode("latin-1"), b'{"event_id": "\xc0\xaf"}', b"\xef\xbb\xbf{}", "{}".encode("utf-16"),
    b"", b" ", b"null", b"[]", b"{}", b'{"events": []}', b'{"events": [' + b"1," * 1000 + b"1]}",
    '{"event_id": "../../etc/passwd", "at": "2026-11-22T04:10:03Z", "result": "clear", '
    '"marks": [{"kind": "tractor", "value": "\u202eАВ\u200b-123"}]}'.encode(),
    b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><RadInstrumentData>&b;</RadInstrumentData>',
    b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><RadInstrumentData/>',
    b"<a>" * 200 + b"</a>" * 200,
    b'--b\r\nContent-Disposition: form-data; name="json"; filename="../../CON"\r\n\r\n{}\r\n--b--\r\n',
)  # fmt: skip
SCRAPS = (
    b"", b"\x00", b"\\u0000", b"\\ud800", b"NaN", b"-1", b"1e999", b"9" * 400, b"null", b"[]", b"{}", b'"', b"<", b">",
    b"&x;", b"]]>", b"--b", b"\r\n\r\n", b"\xff", b"\xef\xbb\xbf", b"true", b"{" * 40, b"[" * 40, b":", b",",
    b"9999-12-31T23:59:59-23:59", b"0000-00-00T00:00:00", "\u202e\u200b".encode(),
)  # fmt: skip
TYPES = (
    "application/json", "application/json", "application/json; charset=utf-16", "application/xml", "text/plain", "",
    "multipart/form-data; boundary=b", "multipart/form-data", "application/x-www-form-urlencoded", "x" * 300, "a/b\x7f;=",
    "application/json\u00e9",
)  # fmt: skip
STRANGERS = (
    None, "", "Token", "Token ", "Token nobody", "Token \u00e9\u00ff", "Bearer x", "Token a b c", "Basic eDp5", "Token " + "x" * 5000,
)  # fmt: skip
NAMED = ("NO-SUCH-DEVICE", "", "../L1", "L2-DOG", "x" * 300, "\u00e9")
#: Beyond what any format allows.
HUGE = 5_300_000


@dataclass(frozen=True)
class Invention:
    """One request as it is sent: `device` is whose token it bears, None a stranger's."""

    device: str | None
    authorization: str | None
    body: bytes
    content_type: str
    named: str | None = None


class Inventor:
    """Draws deliveries of devices (code: format) with their tokens; repeats earlier ones now and then."""

    def __init__(self, rng: random.Random, formats: dict[str, str], tokens: dict[str, str]) -> None:
        self._rng, self._formats, self._tokens = rng, formats, tokens
        self._sent: list[Invention] = []
        self._ways: list[tuple[Callable[[str], bytes], int]] = [
            (self._event, 30),
            (self._batch, 8),
            (self._damaged, 30),
            (self._seed, 12),
            (self._noise, 8),
        ]

    def draw(self) -> Invention:
        """The next one."""
        rng = self._rng
        if self._sent and rng.random() < 0.15:
            return rng.choice(self._sent[-400:])
        invention = self._new()
        self._sent.append(invention)
        return invention

    def _new(self) -> Invention:
        rng = self._rng
        device = rng.choice(list(self._formats))
        if rng.random() < 0.0015:
            return Invention(device, f"Token {self._tokens[device]}", b" " * HUGE, "application/json")
        (make,) = rng.choices([way for way, _ in self._ways], [weight for _, weight in self._ways])
        body, kind = make(device), rng.choice(TYPES) if rng.random() < 0.3 else "application/json"
        named = rng.choice((*NAMED, device)) if rng.random() < 0.05 else None
        if rng.random() < 0.04:
            return Invention(None, rng.choice(STRANGERS), body, kind, named)
        return Invention(device, f"Token {self._tokens[device]}", body, kind, named)

    def _one(self) -> dict[str, Any]:
        """A sound event out of few ids, so that they come again, with the same content or with other."""
        rng = self._rng
        event: dict[str, Any] = {
            "event_id": f"f-{rng.randrange(3000)}",
            "at": f"2026-11-22T04:{rng.randrange(60):02}:{rng.randrange(60):02}Z",
            "result": rng.choice(("clear", "clear", "suspect")),
        }
        if rng.random() < 0.8:
            value = "".join(rng.choices("ABCDEFGH0123456789", k=7))
            event["marks"] = [{"kind": "tractor", "value": value, "confidence": 0.9}]
        if rng.random() < 0.3:
            event[rng.choice(("note", "reason", "reading", "at", "marks", "colour", "device", "type"))] = (
                rng.choice(
                    (
                        "",
                        "x",
                        None,
                        7,
                        True,
                        [],
                        {},
                        [{}],
                        "\x00",
                        "status",
                        {"ppm": 1},
                        "2026-10-25T02:30:00",
                    )
                )
            )
        return event

    def _event(self, device: str) -> bytes:
        if self._formats[device] != "native":
            return self._damaged(device)
        return json.dumps(self._one()).encode()

    def _batch(self, device: str) -> bytes:
        events: list[Any] = [self._one() for _ in range(self._rng.randrange(1, 9))]
        if self._rng.random() < 0.3:
            events.append(self._rng.choice((None, 1, "x", [], {}, {"event_id": "b"})))
        return json.dumps({"events": events}).encode()

    def _damaged(self, device: str) -> bytes:
        rng = self._rng
        format_ = self._formats[device] if rng.random() < 0.9 else rng.choice(list(SAMPLES))
        body = rng.choice(SAMPLES[format_])
        for _ in range(rng.choice((0, 1, 1, 2, 4))):
            place, cut = rng.randrange(len(body) + 1), rng.randrange(30)
            scrap = rng.choice(SCRAPS) if rng.random() < 0.6 else rng.randbytes(rng.randrange(1, 6))
            body = body[:place] + scrap + body[place + cut :]
        for _ in range(rng.choice((0, 3, 8))):  # another plate, another id, another second
            place = rng.randrange(len(body))
            if body[place : place + 1].isdigit():
                body = body[:place] + str(rng.randrange(10)).encode() + body[place + 1 :]
        return body

    def _seed(self, device: str) -> bytes:
        return self._rng.choice(SEEDS)

    def _noise(self, device: str) -> bytes:
        return self._rng.randbytes(self._rng.randrange(300))

"""However a sender puts its bytes on the wire, they arrive whole, or it learns that they did not."""

import asyncio
from typing import Any

from jocc.bodies import whole_bodies

MOST = 100


def _chunked(*parts: bytes, ends: bool = True) -> Any:
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    if ends:
        waiting[-1]["more_body"] = False

    async def receive() -> Any:
        if waiting:
            return waiting.pop(0)
        return await asyncio.Event().wait()

    return receive


def _posted(receive: Any, *headers: tuple[bytes, bytes], within_s: float = 5) -> tuple[list[Any], list[Any]]:
    """What the pages were given as (headers, body), and what was answered."""
    reached: list[Any] = []
    answered: list[Any] = []

    async def pages(scope: Any, receive: Any, send: Any) -> None:
        reached.append((dict(scope["headers"]), (await receive())["body"]))

    async def send(message: Any) -> None:
        answered.append(message)

    scope = {"type": "http", "path": "/", "headers": list(headers)}
    asyncio.run(whole_bodies(pages, MOST, within_s)(scope, receive, send))
    return reached, answered


def test_a_body_in_chunks_arrives_whole_and_with_its_length():
    reached, _ = _posted(_chunked(b'{"event', b'_id": 1}'), (b"transfer-encoding", b"chunked"))
    assert reached == [({b"content-length": b"15"}, b'{"event_id": 1}')]


def test_a_half_sent_body_takes_no_thread_and_its_sender_is_told_to_come_again():
    reached, answered = _posted(_chunked(b"half", ends=False), (b"content-length", b"50"), within_s=0.05)
    assert reached == []
    assert answered[0]["status"] == 408


def test_of_an_endless_body_only_so_much_is_read_as_shows_that_it_is_too_large():
    reached, _ = _posted(_chunked(*[b"x" * 60] * 9, ends=False), (b"transfer-encoding", b"chunked"))
    ((headers, body),) = reached
    assert headers[b"content-length"] == b"120"
    assert len(body) == 120


def test_a_request_without_a_body_goes_straight_on():
    reached, answered = _posted(_chunked(b""), (b"host", b"centre"))
    assert reached == [({b"host": b"centre"}, b"")]
    assert answered == []


def test_who_hangs_up_before_the_end_has_delivered_nothing():
    async def receive() -> Any:
        return {"type": "http.disconnect"}

    assert _posted(receive, (b"content-length", b"5")) == ([], [])

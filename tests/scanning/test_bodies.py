"""However a sender puts its bytes on the wire, they arrive whole, or it learns that they did not."""

import asyncio
from typing import Any

from jocc.bodies import WholeBodies

MOST = 100
TOGETHER = 150


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
    asyncio.run(WholeBodies(pages, MOST, within_s=within_s, together=TOGETHER)(scope, receive, send))
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


def test_bodies_beyond_all_room_are_sent_away_and_the_room_is_free_again_afterwards():
    answered: list[Any] = []
    reached: list[bytes] = []

    async def pages(scope: Any, receive: Any, send: Any) -> None:
        reached.append((await receive())["body"])
        await asyncio.sleep(0.05)

    async def send(message: Any) -> None:
        answered.append(message.get("status"))

    async def storm() -> None:
        door = WholeBodies(pages, MOST, together=TOGETHER)
        scope = {"type": "http", "path": "/", "headers": [(b"content-length", b"90")]}
        posts = [door(scope, _chunked(b"x" * 90), send) for _ in range(3)]
        await asyncio.gather(*posts)
        await door(scope, _chunked(b"later"), send)

    asyncio.run(storm())
    assert answered.count(503) == 2
    assert reached == [b"x" * 90, b"later"]

"""The pages' side of the house behind the event loop: whole answers, streamed ones, and what a request says."""

import asyncio
import threading
from typing import Any

import pytest

from jocc.threads import OnThreads

SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/",
    "query_string": b"",
    "server": ("127.0.0.1", 8000),
    "client": ("192.0.2.7", 4711),
    "headers": [],
}


class Answer(list[bytes]):
    """What Django answers: pieces, whether they are streamed, and whether it was closed."""

    def __init__(self, *pieces: bytes, streaming: bool) -> None:
        super().__init__(pieces)
        self.streaming, self.closed = streaming, False

    def close(self) -> None:
        self.closed = True


def asked(pages: Any, body: bytes | None = None, **more: Any) -> list[Any]:
    """Everything that is sent in answer to one request."""
    sent: list[Any] = []
    scope = SCOPE | more
    if body is not None:
        scope = scope | {"headers": [*scope["headers"], (b"content-length", str(len(body)).encode())]}

    async def receive() -> Any:
        return {"type": "http.request", "body": body or b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(OnThreads(pages, threads=1)(scope, receive, send))
    return sent


def echo(found: dict[str, Any], answer: Answer) -> Any:
    def pages(environ: Any, start_response: Any) -> Answer:
        found.update(environ)
        found["body"] = environ["wsgi.input"].read()
        start_response(
            "201 Created", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
        )
        return answer

    return pages


def test_a_whole_answer_is_sent_at_one_go_and_closed():
    answer = Answer(b"one", b"two", streaming=False)
    begun, rest = asked(echo({}, answer))
    assert begun["status"] == 201
    assert begun["headers"] == [
        (b"content-type", b"text/plain"),
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
    ]
    assert rest == {"type": "http.response.body", "body": b"onetwo"}
    assert answer.closed


def test_a_streamed_answer_is_sent_piece_by_piece_from_one_thread():
    threads = set()

    class Pieces:
        streaming = True

        def __iter__(self):
            for piece in (b"one", b"two", b"three"):
                threads.add(threading.get_ident())
                yield piece

    sent = asked(lambda environ, start: (start("200 OK", []), Pieces())[1])
    assert [message.get("body") for message in sent] == [None, b"one", b"two", b"three", b""]
    assert [message.get("more_body", False) for message in sent] == [False, True, True, True, False]
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


def test_a_failure_of_the_pages_is_the_servers_to_answer():
    def pages(environ, start_response):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asked(pages)


def test_the_request_arrives_as_it_was_made():
    found: dict[str, Any] = {}
    asked(
        echo(found, Answer(streaming=False)),
        body=b'{"event_id": 1}',
        method="POST",
        path="/passages/é/",
        query_string=b"site=CALAIS&x=%C3%A9",
        headers=[
            (b"content-type", b"application/json"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
            (b"x-up", b"1"),
            (b"x-up", b"2"),
        ],
    )
    assert (found["REQUEST_METHOD"], found["QUERY_STRING"]) == ("POST", "site=CALAIS&x=%C3%A9")
    assert found["PATH_INFO"].encode("latin-1").decode() == "/passages/é/"
    assert (found["REMOTE_ADDR"], found["wsgi.url_scheme"]) == ("192.0.2.7", "http")
    assert (found["CONTENT_TYPE"], found["CONTENT_LENGTH"]) == ("application/json", "15")
    assert found["HTTP_COOKIE"] == "a=1; b=2"
    assert found["HTTP_X_UP"] == "1,2"
    assert found["body"] == b'{"event_id": 1}'


def test_a_header_with_an_underscore_cannot_pass_for_one_that_a_proxy_vouches_for():
    found: dict[str, Any] = {}
    asked(echo(found, Answer(streaming=False)), headers=[(b"x_forwarded_proto", b"https")])
    assert not [name for name in found if "FORWARDED" in name]

"""Posting over HTTP as a device does: the same bytes again and again until the server has taken them."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from scanning.simulator.world import Posting

DELIVERIES = "/api/v1/deliveries/"
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
# What a server means for a while only; everything else in the four hundreds is its last word.
_TRY_AGAIN = frozenset({408, 425, 429})


class NotDemonstration(RuntimeError):
    """The server is not reachable, or not one that may be filled with invented traffic."""


@dataclass(slots=True)
class Tally:
    """What became of the postings so far."""

    sent: int = 0
    events: int = 0
    lorries: int = 0
    retries: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    seconds: deque[float] = field(default_factory=lambda: deque(maxlen=500))

    @property
    def accepted(self) -> int:
        """How many postings the server has taken."""
        return sum(count for status, count in self.answers.items() if 200 <= status < 300)

    @property
    def refused(self) -> int:
        """How many it refused for good; those of a known device it keeps in quarantine."""
        return sum(count for status, count in self.answers.items() if status >= 300)

    @property
    def refusals(self) -> str:
        """The refusals by status, so that a wrong token is told from a bad payload: `400 x2, 404 x7`."""
        refused = sorted((status, count) for status, count in self.answers.items() if status >= 300)
        return ", ".join(f"{status} x{count}" for status, count in refused)

    @property
    def p95_ms(self) -> float:
        """The 95th percentile of the last answers' times, in milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[int(len(ordered) * 0.95)] * 1000 if ordered else 0.0


async def require_demonstration(client: httpx.AsyncClient) -> None:
    """Refuse any server that does not call itself a demonstration: invented lorries have no place elsewhere."""
    try:
        answer = await client.get("/healthz")
        health = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise NotDemonstration(
            f"{client.base_url}healthz gives no usable answer ({type(error).__name__})"
        ) from error
    if (
        not isinstance(health, dict)
        or health.get("status") != "ok"
        or health.get("demonstration") is not True
    ):
        raise NotDemonstration(f"{client.base_url} is not a demonstration server; nothing was sent")


async def post_until_taken(
    client: httpx.AsyncClient,
    posting: Posting,
    tally: Tally,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> int:
    """Post until the server answers for good; return that status. Backs off, and obeys Retry-After."""
    headers = {"Authorization": f"Token {posting.device.token}", "Content-Type": posting.content_type}
    if posting.device.gateway:
        headers["X-JOCC-Device"] = posting.device.code
    wait = _FIRST_WAIT
    tally.sent += 1
    while True:
        asked = wait
        begun = asyncio.get_running_loop().time()
        try:
            answer = await client.post(posting.path or DELIVERIES, content=posting.body, headers=headers)
        except httpx.TransportError:
            pass
        else:
            tally.seconds.append(asyncio.get_running_loop().time() - begun)
            if answer.status_code < 500 and answer.status_code not in _TRY_AGAIN:
                tally.answers[answer.status_code] += 1
                return answer.status_code
            asked = max(wait, _retry_after(answer))
        tally.retries += 1
        # A little chance keeps a whole port from knocking in step.
        await sleep(asked * random.uniform(0.8, 1.2))  # noqa: S311
        wait = min(wait * 2, _LONGEST_WAIT)


def _retry_after(answer: httpx.Response) -> float:
    try:
        return min(float(answer.headers.get("Retry-After", "0")), 120.0)
    except ValueError:
        return 0.0

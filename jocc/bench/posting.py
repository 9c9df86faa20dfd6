"""Posting deliveries over real HTTP, from a few threads with kept connections."""

import http.client
import json
import queue
import threading
import time
from collections.abc import Iterable

from jocc.bench.report import BenchFailed
from jocc.bench.traffic import Parcel

PATH = "/api/v1/deliveries/"


def parcels_post(port: int, parcels: Iterable[Parcel], threads: int = 4) -> dict[str, int]:
    """Post all parcels in their order; returns the journal: each receipt and its number of events.

    Every answer must be 202; anything else fails the benchmark.
    """
    waiting: queue.SimpleQueue[Parcel] = queue.SimpleQueue()
    for parcel in parcels:
        waiting.put(parcel)
    journal: dict[str, int] = {}
    faults: list[str] = []
    posters = [
        threading.Thread(target=_post_all, args=(port, waiting, journal, faults), daemon=True)
        for _ in range(threads)
    ]
    for poster in posters:
        poster.start()
    for poster in posters:
        poster.join()
    if faults:
        raise BenchFailed(f"{len(faults)} deliveries were not accepted, e.g. {faults[0]}")
    return journal


def _post_all(
    port: int, waiting: "queue.SimpleQueue[Parcel]", journal: dict[str, int], faults: list[str]
) -> None:
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while not faults:
        try:
            parcel = waiting.get_nowait()
        except queue.Empty:
            break
        try:
            status, answer = _post(talk, parcel)
        except (OSError, http.client.HTTPException) as error:
            faults.append(repr(error))
            break
        if status == 202:
            journal[json.loads(answer)["receipt"]] = parcel.events
        else:
            faults.append(f"{status}: {answer[:300].decode(errors='replace')}")
    talk.close()


def _post(talk: http.client.HTTPConnection, parcel: Parcel) -> tuple[int, bytes]:
    headers = {"Authorization": f"Token {parcel.token}", "Content-Type": "application/json"}
    talk.request("POST", PATH, parcel.body, headers)
    answer = talk.getresponse()
    return answer.status, answer.read()


class Stopwatch:
    """Seconds from the start of a `with` block on."""

    def __init__(self) -> None:
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return time.perf_counter() - self._began

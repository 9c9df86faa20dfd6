"""Part `revocation`: from the act that ends a right to the moment at which nothing is shown any more."""

import functools
import http.client
import threading
import time
from collections.abc import Callable

from django.db import transaction

from agencies.acting import acting_as
from agencies.choices import Role
from agencies.facts import OWNER, Principal
from agencies.models import Officer, ServiceToken, SignIn
from agencies.selectors import principal_of
from agencies.services.officers import officer_restore, officer_suspend
from agencies.services.signins import signin_end
from agencies.services.tokens import token_issue, token_revoke
from jocc.bench.ground import Ground
from jocc.bench.live import session_begin
from jocc.bench.processes import centre_running
from jocc.bench.report import BenchFailed, Report, Screen, median

TRIALS = 5
_PATIENCE_S = 20.0
_PAGES = ("/passages/", "/passages/export/")
_API = "/api/v1/passages/"


def revocation_measure(ground: Ground, screen: Screen, report: Report, *, workers: int) -> None:
    """Sessions ended from afar, officers suspended, tokens revoked: how long page, export, stream and API go on."""
    times: dict[str, list[float]] = {"page": [], "export": [], "stream": [], "token": [], "suspended": []}
    with centre_running(ground, workers) as port:
        screen.say(f"Ending {TRIALS} sessions, {TRIALS} accounts and {TRIALS} tokens that are in use …")
        for _ in range(TRIALS):
            _session_trial(port, times, _end_session)
            times["suspended"].append(_session_trial(port, None, _suspend))
            times["token"].append(_token_trial(port))
    worst = max(max(each) for each in times.values())
    details = {f"{name}_max_ms": max(each) * 1000 for name, each in times.items()}
    details["stream_p50_ms"] = median(times["stream"]) * 1000
    report.add("revocation", {"revocation_max_seconds": worst}, details)
    screen.say(f"  the slowest went on for {worst:.2f} s")


def _session_trial(
    port: int, times: dict[str, list[float]] | None, end: Callable[[Principal, Officer], None]
) -> float:
    """One officer with a page, an export and a stream open; returns when the last of them was closed."""
    with acting_as(OWNER), transaction.atomic():
        officer = Officer.objects.select_related("agency").get(username="paf.officer")
        chief = _chief()
    cookie = session_begin(port, officer.username)
    ended: list[float] = []
    stream = _stream(port, cookie, ended)
    for path in _PAGES:
        if _status(port, path, {"Cookie": cookie}) != 200:
            raise BenchFailed(f"{path} does not open before anything is revoked.")
    end(chief, officer)
    began = time.monotonic()
    gone = [_until(functools.partial(_closed, port, path, cookie), began) for path in _PAGES]
    stream.join(_PATIENCE_S)
    if not ended:
        raise BenchFailed("A stream went on after its session had ended.")
    found = [*gone, max(0.0, ended[0] - began)]
    if times is not None:
        for name, taken in zip(("page", "export", "stream"), found, strict=True):
            times[name].append(taken)
    if end is _suspend:
        with acting_as(chief), transaction.atomic():
            officer_restore(acting_party=chief, officer=officer)
    return max(found)


def _chief() -> Principal:
    """PAF's administrator, who ends all of it."""
    return principal_of(
        Officer.objects.select_related("agency").get(username=f"paf.{Role.ADMINISTRATOR.value}")
    )


def _end_session(chief: Principal, officer: Officer) -> None:
    with acting_as(chief):
        with transaction.atomic():
            last = SignIn.objects.filter(officer=officer, ended_at__isnull=True).order_by("-id")[0]
        signin_end(acting_officer=chief, uid=last.uid)


def _suspend(chief: Principal, officer: Officer) -> None:
    with acting_as(chief), transaction.atomic():
        officer_suspend(acting_party=chief, officer=officer)


def _token_trial(port: int) -> float:
    with acting_as(OWNER), transaction.atomic():
        account = ServiceToken.objects.filter(account__kind="partner", account__agency__code="PAF")[0].account
        chief = _chief()
        token, secret = token_issue(acting_party=OWNER, account=account)
    headers = {"Authorization": f"Token {secret}"}
    if _status(port, _API, headers) != 200:
        raise BenchFailed("A token does not open the API before it is revoked.")
    with acting_as(chief), transaction.atomic():
        token_revoke(acting_party=chief, token=token)
    began = time.monotonic()
    return _until(lambda: _status(port, _API, headers) == 401, began)


def _closed(port: int, path: str, cookie: str) -> bool:
    return _status(port, path, {"Cookie": cookie}) != 200


def _until(closed: Callable[[], bool], began: float) -> float:
    while time.monotonic() - began < _PATIENCE_S:
        if closed():
            return time.monotonic() - began
        time.sleep(0.01)
    raise BenchFailed(f"Something went on for more than {_PATIENCE_S:.0f} s.")


def _status(port: int, path: str, headers: dict[str, str]) -> int:
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        talk.request("GET", path, headers=headers)
        return talk.getresponse().status
    finally:
        talk.close()


def _stream(port: int, cookie: str, ended: list[float]) -> threading.Thread:
    """Open the board's stream and follow it in a thread until it ends."""
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    talk.request("GET", "/live/board", headers={"Cookie": cookie})
    answer = talk.getresponse()
    if answer.status != 200:
        raise BenchFailed(f"The stream was answered with {answer.status}.")
    answer.readline()  # it flows

    def follow() -> None:
        while answer.readline():
            pass
        ended.append(time.monotonic())
        talk.close()

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    return thread

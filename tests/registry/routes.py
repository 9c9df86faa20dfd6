"""The register of routes: who is let in at each verb of each route (routes.txt), and how to ask."""

import contextlib
import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin

from agencies.actions import Right
from agencies.choices import Scope
from agencies.facts import Actor
from tests.two_worlds.cases import CASES
from tests.two_worlds.framework import Answer, Asker, Case, routes
from tests.two_worlds.test_strangers import address

FILE = Path(__file__).with_name("routes.txt")
EVERY = frozenset(right.value for right in Right)
SCOPES = frozenset(Scope.values)
#: Signing in and out, and the stream, which outlives its request: held by tests of their own.
ASIDE = {
    "accounts/logout/",
    "accounts/login/",
    "accounts/factors/sign-in/",
    "accounts/factors/sign-in/key/",
    "accounts/factors/enrol/",
    "accounts/factors/enrol/key/",
    "accounts/factors/lost/",
    "accounts/factors/told/",
    "live/board",
}


@dataclasses.dataclass(frozen=True)
class Line:
    """Who is let in: any of these sets of rights, and (a token) this scope."""

    verb: str
    route: str
    rights: tuple[frozenset[str], ...] = ()  # () for the public; (frozenset(),) for whoever is known
    scope: str = ""

    def __str__(self) -> str:
        wanted = " | ".join("+".join(sorted(rights)) or "known" for rights in self.rights) or "public"
        return f"{self.verb:<4} /{self.route}  {wanted}" + (f"  {self.scope}" if self.scope else "")

    @property
    def is_closed(self) -> bool:
        """Nobody is let in."""
        return self.rights == (frozenset({"closed"}),)


def lines_read() -> dict[tuple[str, str], Line]:
    """The register."""
    found = {}
    for text in FILE.read_text(encoding="utf-8").splitlines():
        if not text or text.startswith("#"):
            continue
        verb, rest = text.split(maxsplit=1)
        path, wanted, scope = (*rest.split("  "), "")[:3]
        words = [frozenset(part.strip().split("+")) for part in wanted.split("|")]
        rights = () if wanted == "public" else tuple(each - {"known"} for each in words)
        found[verb, path[1:]] = Line(verb, path[1:], rights, scope)
    return found


def targets() -> list[str]:
    """Every route; an act of the admin site is one for each act."""
    acts = {}
    for site in admin.sites.all_sites:
        for model, page in site._registry.items():
            prefix = f"admin/{model._meta.app_label}/{model._meta.model_name}/<uuid:object_id>/<slug:name>/"
            acts[prefix] = [act.name for act in getattr(page, "acts", ())]
    found = []
    for route in routes():
        if route in acts:
            found += [route.replace("<slug:name>", name) for name in acts[route]]
        elif route not in ASIDE:
            found.append(route)
    return sorted(found)


def case_of(verb: str, route: str) -> Case:
    """A request of this verb about something that UKBA may see."""
    method = verb.lower()
    path = address(route)
    alike = [case for case in CASES if case.entitled.lower().startswith("ukba") and case.method == "post"]
    same = [
        c
        for c in alike
        if c.path.strip("/") == path.strip("/") or ("<slug" not in c.route and c.route == route)
    ]
    if method == "post" and same:
        return dataclasses.replace(same[0], readers=())
    return Case(route=route, path=path, method=method, body={} if method == "post" else None)


class Doors:
    """Asks with rights and scopes of one's choosing."""

    def __init__(self, asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
        self._asker, self._monkeypatch = asker, monkeypatch

    @contextlib.contextmanager
    def holding(self, rights: Iterable[str], scopes: Iterable[str]) -> Iterator[None]:
        """Everybody who is known holds these rights and no others; tokens these scopes."""
        held = frozenset(Right(right) for right in rights)
        known = {Actor.OFFICER, Actor.SERVICE}
        with self._monkeypatch.context() as patch:
            patch.setattr(
                "agencies.rules.rights.rights_of", lambda who: held if who.actor in known else frozenset()
            )
            real = _principal_of_token()
            patch.setattr(
                "agencies.authentication.principal_of_token",
                lambda *a, **k: dataclasses.replace(real(*a, **k), scopes=frozenset(scopes)),
            )
            yield

    def answer(
        self,
        verb: str,
        route: str,
        rights: Iterable[str],
        scopes: Iterable[str] = SCOPES,
        who: str | None = None,
        query: str = "",
    ) -> Answer:
        """What somebody of UKBA gets who holds these."""
        if who is None:
            who = "UKBA" if route.startswith("api/") else "ukba.supervisor"
        case = case_of(verb, route)
        if query:
            case = dataclasses.replace(case, path=f"{case.path.partition('?')[0]}?{query}")
        with self.holding(rights, scopes):
            return self._asker.ask(who, case if who else dataclasses.replace(case, badge=False))

    def ask(self, case: Case) -> Answer:
        """What the one entitled to it gets, who holds every right."""
        with self.holding(EVERY, SCOPES):
            return self._asker.ask(case.entitled, case)

    def lets_in(self, *args: Any, **more: Any) -> bool:
        """Whether the door opens; what is behind it may still find fault with the question."""
        return not is_refused(self.answer(*args, **more))

    def found(self, verb: str, route: str) -> Line | None:
        """The line that this door deserves as it is; None when nobody can open it. Alternatives (|) are not found."""
        if self.answer(verb, route, EVERY).status == 405:
            return None
        if not is_refused(self.answer(verb, route, (), (), "")):
            return Line(verb, route)
        if is_refused(self.answer(verb, route, EVERY)):
            return Line(verb, route, (frozenset({"closed"}),))
        wanted = frozenset(r for r in sorted(EVERY) if not self.lets_in(verb, route, EVERY - {r}))
        needed = [s for s in sorted(SCOPES) if not self.lets_in(verb, route, EVERY, SCOPES - {s})]
        return Line(verb, route, (wanted,), *needed[:1])


def _principal_of_token() -> Any:
    from agencies import authentication  # noqa: PLC0415  (patched in tests, so asked for each time)

    return authentication.principal_of_token


def is_refused(answer: Answer) -> bool:
    """403, 401, or sent to the sign-in."""
    location = dict(answer.headers).get("Location", "")
    return answer.status in (401, 403) or (answer.status == 302 and "login" in location)

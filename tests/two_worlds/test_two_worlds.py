"""The hidden thing absent, and present: the same answer, whoever must not see it and whatever they ask."""

import re

import pytest

from tests.two_worlds import cases_api
from tests.two_worlds.framework import Asker, Case, routes
from tests.two_worlds.worlds import CANARY, HIDDEN, common, hidden

pytestmark = pytest.mark.django_db

MODULES = [cases_api]
CASES: list[Case] = [case for module in MODULES for case in module.CASES]
OPEN: dict[str, str] = {route: why for module in MODULES for route, why in module.OPEN.items()}
SPECIAL: dict[str, str] = {route: test for module in MODULES for route, test in module.SPECIAL.items()}


@pytest.fixture
def asker(world, owner, monkeypatch):
    """Everybody's clients, in the world without the hidden things."""
    with owner():
        common(world)
    return Asker(world, monkeypatch)


def test_every_route_has_a_case():
    """A new route fails here until it has a case in tests/two_worlds (or a reason why nothing hidden can show)."""
    known = {case.route for case in CASES} | set(OPEN) | set(SPECIAL)
    assert sorted(set(routes()) - known) == []
    assert sorted(known - set(routes())) == []


def test_every_route_to_one_record_has_a_case_about_a_hidden_one():
    to_one = {case.route for case in CASES if "<" in case.route}
    assert sorted(to_one - {case.route for case in CASES if case.hidden}) == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_hidden_changes_nothing(world, owner, asker, case):
    people = (*case.readers, case.entitled)
    without = {who: asker.ask(who, case) for who in people}
    with owner():
        hidden(world)
    present = {who: asker.ask(who, case) for who in people}
    assert without[case.entitled].body != present[case.entitled].body, (
        "nothing is proved: it changes for nobody"
    )
    for who in case.readers:
        assert without[who] == present[who]
        assert CANARY.encode() not in present[who].body
        assert present[who].status < 500
    first = present[case.readers[0]]
    if case.hidden:
        assert first.status == 404
        assert present[case.entitled].status < 400
    if case.shows:
        assert (first.status, case.shows.encode() in first.body) == (200, True)


def test_no_uid_of_a_hidden_thing_comes_out_of_any_list(world, owner, asker):
    with owner():
        hidden(world)
    names = re.compile("|".join(str(value) for value in HIDDEN.values()).encode())
    found = {}
    for case in CASES:
        if case.method == "get" and not any(str(value) in case.path for value in HIDDEN.values()):
            assert not names.search(
                asker.ask("PAF" if case.readers[0].isupper() else case.readers[0], case).body
            )
            found[case.path] = bool(names.search(asker.ask(case.entitled, case).body))
    assert any(found.values())

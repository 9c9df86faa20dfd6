"""The hidden thing absent, and present: the same answer, whoever must not see it and whatever they ask."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.two_worlds import test_doors
from tests.two_worlds.cases import CASES, OPEN, SPECIAL
from tests.two_worlds.framework import Answer, Asker, Case, difference, routes
from tests.two_worlds.lattice import lattice_make, others
from tests.two_worlds.names import CANARY, HIDDEN
from tests.two_worlds.worlds import common, hidden

pytestmark = pytest.mark.django_db

#: What must not stand in any answer to a reader, the reader's own question apart.
_TRACES = re.compile("|".join([CANARY, *map(str, HIDDEN.values())]).encode())


@pytest.fixture
def asker(world, owner, monkeypatch):
    """Everybody's clients, in the world without the hidden things."""
    with owner():
        common(world)
        lattice_make(world)
    return Asker(world, monkeypatch)


def test_every_route_has_a_case():
    """A new route fails here until it has a case in tests/two_worlds (or a reason why nothing hidden can show)."""
    known = {case.route for case in CASES} | set(OPEN) | set(SPECIAL)
    assert sorted(set(routes()) - known) == []
    assert sorted(known - set(routes())) == []
    assert sorted(set(SPECIAL.values()) - set(vars(test_doors))) == []


def test_every_route_to_one_record_has_a_case_about_a_hidden_one():
    to_one = {case.route for case in CASES if "<" in case.route}
    assert sorted(to_one - {case.route for case in CASES if case.hidden}) == []


FAMILIES = sorted({case.family for case in CASES})


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_hidden_changes_nothing(world, owner, asker, subtests, family):
    cases = [case for case in CASES if case.family == family]
    people = {case: [*case.people, *others(case)] for case in cases}
    _two_worlds(world, owner, asker, subtests, people)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_gate_alone_lets_nothing_change_either(world, owner, asker, subtests, family):
    """The same without the second wall: row-level security lets everything through, only the code decides."""
    people = {case: list(case.people) for case in CASES if case.family == family}
    with owner():
        _two_worlds(world, owner, asker, subtests, people)


def _two_worlds(world, owner, asker, subtests, people) -> None:
    first = next(iter(people))
    for who in {who for each in people.values() for who in each}:
        asker.ask(who, first)  # whatever a process remembers for good is asked for now
    without = {case: {who: asker.ask(who, case) for who in people[case]} for case in people}
    with owner():
        hidden(world)
    for case in people:
        with subtests.test(str(case)):
            held_against_each_other(case, without[case], {who: asker.ask(who, case) for who in people[case]})


def _answered(case: Case, body: bytes) -> bytes:
    """The answer without the reader's own question, and without what the question asked for."""
    listed = [one for value in (case.body or {}).values() if isinstance(value, list) for one in value]
    said = [case.path, *listed, *(value for _, value in parse_qsl(urlsplit(case.path).query))]
    for word in said:
        body = body.replace(word.encode(), b"")
    return body


def held_against_each_other(case: Case, without: dict[str, Answer], present: dict[str, Answer]) -> None:
    """The entitled one's answers differ, nobody else's do, and they are answers worth comparing."""
    proof = difference(without[case.entitled], present[case.entitled])
    assert proof.startswith(("status", "headers", "body")), "nothing is proved: it changes for nobody"
    for who in set(present) - {case.entitled}:
        found = difference(without[who], present[who])
        assert not found, f"{who} {found}"
        assert not _TRACES.search(_answered(case, present[who].body))
        assert present[who].status < 500
    first = present[case.readers[0]]
    assert first.status == case.refused if case.hidden or case.refused != 404 else first.status < 400
    if case.hidden:
        assert present[case.entitled].status < 400
    if case.shows:
        assert case.shows.encode() in first.body

"""Every verb of every route lets in exactly who the register says: no more, and no less."""

import itertools

import pytest

from tests.registry.routes import EVERY, SCOPES, Doors, Line, is_refused, lines_read, targets

pytestmark = pytest.mark.django_db

LINES = lines_read()


def _family(route: str) -> str:
    words = route.split("/")
    return "/".join(words[: {"api": 3, "admin": 3}.get(words[0], 1)])


FAMILIES = sorted({_family(route) for route in targets()})


def test_the_register_names_no_route_that_has_gone():
    gone = sorted({route for _, route in LINES} - set(targets()))
    assert not gone, f"take these out of tests/registry/routes.txt: {gone}"


@pytest.mark.parametrize("family", FAMILIES)
def test_every_verb_of_every_route_is_registered(doors: Doors, family):
    missing = []
    for verb, route in itertools.product(("GET", "POST"), targets()):
        if _family(route) != family or (verb, route) in LINES:
            continue
        if doors.answer(verb, route, EVERY).status != 405:
            missing.append(str(doors.found(verb, route)))
    assert not missing, "read, and paste into tests/registry/routes.txt:\n" + "\n".join(missing)


@pytest.mark.parametrize("family", FAMILIES)
def test_each_route_lets_in_exactly_who_holds_what_it_asks_for(doors: Doors, subtests, family):
    for line in LINES.values():
        if _family(line.route) == family:
            with subtests.test(str(line)):
                _held_to(doors, line)


def _held_to(doors: Doors, line: Line) -> None:
    verb, route = line.verb, line.route
    anonymous = doors.answer(verb, route, (), (), "")
    assert is_refused(anonymous) == (line.rights != ()), "a stranger"
    if not line.rights:
        return
    if line.is_closed:
        assert not doors.lets_in(verb, route, EVERY)
        return
    for rights in line.rights:
        assert doors.lets_in(verb, route, rights), f"these are not enough: {sorted(rights)}"
    for one_of_each in itertools.product(*line.rights):
        left = EVERY - set(one_of_each)
        assert not doors.lets_in(verb, route, left), f"opens without {sorted(one_of_each)}"
    if line.scope:
        assert doors.lets_in(verb, route, EVERY, {line.scope}), "the scope is not enough"
        assert not doors.lets_in(verb, route, EVERY, SCOPES - {line.scope}), f"opens without {line.scope}"
    elif route.startswith("api/"):
        assert doors.lets_in(verb, route, EVERY, ()), "asks for a scope that the register does not name"

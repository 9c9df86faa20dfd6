"""Nothing goes out or comes in that the registers do not name (inventory.py).

After a change that is wanted: JOCC_REGISTER=write bin/jocc test tests/registry, then read the difference.
"""

import csv
import os
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.registry.inventory import REGISTERS, read, write
from tests.registry.routes import EVERY, Doors, targets
from tests.two_worlds.cases import CASES, OPEN
from tests.two_worlds.framework import Case

#: The schema and its page choose format and language as their library does; the door with a secret in its path opens to
#: that secret alone, and is asked in tests/scanning.
_LIBRARYS = {"api/v1/schema/", "api/v1/docs/", "api/v1/deliveries/in/<str:secret>/"}
_KNOWS = "This route knows: "


def _held(name: str, found: set[str]) -> None:
    """The register names exactly this."""
    lines = sorted(found)
    if os.environ.get("JOCC_REGISTER") == "write":
        write(name, lines)
        pytest.fail(f"tests/registry/{name}.txt is written anew: read the difference, and run again without.")
    kept = read(name)
    more, gone = sorted(set(lines) - set(kept)), sorted(set(kept) - set(lines))
    assert not more, f"not registered in tests/registry/{name}.txt:\n" + "\n".join(more)
    assert not gone, f"registered in tests/registry/{name}.txt, but gone:\n" + "\n".join(gone)
    assert kept == lines, f"tests/registry/{name}.txt is not in order, or names something twice"


@pytest.mark.parametrize("name", sorted(REGISTERS))
@pytest.mark.django_db
def test_the_register_names_everything_and_nothing_that_has_gone(name):
    _held(name, set(REGISTERS[name]()))


def test_no_code_of_ours_can_send_a_mail():
    assert read("mails") == []


def test_every_table_of_ours_stands_behind_a_wall():
    assert [line for line in read("managers") if line.endswith("no wall")] == []


@pytest.mark.django_db
def test_every_parameter_of_every_rest_route_is_registered_and_any_other_is_refused(doors: Doors):
    found, deaf = set(), []
    for route in targets():
        if not route.startswith("api/v1/") or route in _LIBRARYS:
            continue
        answer = doors.answer("GET", route, EVERY, query="a-parameter-that-nobody-knows=1")
        if answer.status in (403, 404, 405):
            continue
        text = answer.body.decode()
        if answer.status != 400 or _KNOWS not in text:
            deaf.append(f"{route} ({answer.status})")
            continue
        names = text.partition(_KNOWS)[2].partition(".")[0]
        found |= {f"/{route}  {name}" for name in names.split(", ") if name != "no parameter"}
    assert not deaf, f"these take any parameter without a word: {deaf}"
    _held("parameters", found)


@pytest.mark.django_db
def test_every_column_of_every_file_is_registered(doors: Doors):
    found = set()
    for case in CASES:
        if "export" not in case.path and ".csv" not in case.path:
            continue
        answer = doors.ask(case)
        kind = dict(answer.headers).get("Content-Type", "")
        if answer.status == 200 and kind.startswith("text/csv"):
            heading = next(csv.reader([answer.body.decode("utf-8-sig").splitlines()[0]]))
            found |= {f"/{case.route}  {column}" for column in heading}
    assert found
    _held("exports", found)


# What narrows or orders a list is asked in two worlds.


def _cases(door: str) -> list[Case]:
    """The cases of the REST API, of the administration, or of the pages ("")."""
    return [case for case in CASES if _door(case) == door]


def _door(case: Case) -> str:
    first = case.route.split("/")[0]
    return first if first in {"api", "admin"} else ""


def _asked(cases: list[Case]) -> dict[str, set[str]]:
    """The names of the parameters in the cases' addresses, by route."""
    found: dict[str, set[str]] = {}
    for case in cases:
        query = parse_qsl(urlsplit(case.path).query, keep_blank_values=True)
        found.setdefault(case.route, set()).update(name for name, _ in query)
    return found


def test_every_parameter_of_a_rest_list_is_asked_in_two_worlds():
    asked = _asked(_cases("api"))
    missing = [
        line
        for line in read("parameters")
        for route, name in [line.removeprefix("/").split("  ")]
        if name not in asked.get(route, set()) | {"cursor"}  # a cursor is made by the route itself
        if route not in OPEN
    ]
    assert not missing, "no case in tests/two_worlds narrows by:\n" + "\n".join(missing)


def test_every_filter_of_a_page_is_asked_in_two_worlds():
    asked = set().union(*_asked(_cases("")).values())
    # The law is no secret: its page is one of cases_pages.OPEN.
    lines = [line for line in read("filters") if not line.startswith("RuleFilters ")]
    missing = [line for line in lines if line.split()[1] not in asked]
    assert not missing, "no case in tests/two_worlds narrows by:\n" + "\n".join(missing)


def test_every_filter_and_order_of_an_admin_list_is_asked_in_two_worlds():
    asked = _asked(_cases("admin"))
    missing = []
    for line in read("admin"):
        where, what = line.split("  ")
        kind, name = what.split(" ", 1)
        app, model = where.split()[1].split(".")
        of_list = asked.get(f"admin/{app}/{model}/", set())
        if kind == "list_filter" and not {name, "o"} <= of_list:
            missing.append(line)
    assert not missing, "no case in tests/two_worlds/cases_admin.py narrows by:\n" + "\n".join(missing)

"""How many questions a page puts to the database: a board is asked for by fifty officers at once.

Session, officer, agency and groups cost four for every request; they are counted in.
"""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dashboard.selectors.fresh import everything_forget
from tests.intelligence.conftest import sighting
from tests.making import make_alarm, make_part, make_passage

pytestmark = pytest.mark.django_db


def questions(client, name, **query):
    """How many statements but those that open, close and stamp transactions one request takes."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(reverse(name), query)
    assert answer.status_code in {200, 204}
    ours = ("SELECT", "INSERT", "UPDATE", "WITH", "DELETE")
    texts = [row["sql"].lstrip("( ").upper() for row in captured.captured_queries]
    return sum(text.startswith(ours) and "SET_CONFIG" not in text for text in texts)


@pytest.fixture
def traffic(world, owner, cell):
    """`traffic(n)`: n lorries with several sensors each, alarms, and a hit and a notice among them."""

    def flow(lorries):
        with owner():
            for number in range(lorries):
                when = timezone.now() - dt.timedelta(seconds=20 * number)
                passage = make_passage(("L1-ANPR-F", when), marks=[f"PL-{lorries}-{number}"])
                make_part(passage, "L1-RPM", when)
                make_part(passage, "L1-CO2", when, result="suspect")
                if number % 3 == 0:
                    make_alarm("L1-CO2", when, rule="co2_suspect", passage=passage)
            seen = make_passage(("L1-ANPR-F", timezone.now()), marks=["AB-123-CD"])
        cell.looks(mark=f"AB {lorries:03d} CD")
        cell.stops("paf.analyst", f"EF {lorries:03d} GH", notified_agencies=("UKBA",))
        cell.sees(sighting(f"AB {lorries:03d} CD", passage_uid=seen.uid), sighting(f"EF {lorries:03d} GH"))

    return flow


@pytest.fixture
def remembering(settings):
    """What boards with the same rights show is remembered: for long, so that a slow machine counts the same."""
    everything_forget()
    settings.BOARD_FRESH_S = 60.0
    yield
    everything_forget()


PAGES = [
    "board", "board-lanes", "board-passages", "board-needs", "board-plots", "board-plan", "passage-list",
    "device-list", "alarm-list", "device-wall", "device-wall-part",
]  # fmt: skip


def test_ten_times_the_traffic_costs_no_page_a_question_more(signed_in, traffic):
    client = signed_in("ukba.officer")
    traffic(3)
    for name in PAGES:
        client.get(reverse(name))
    few = {name: questions(client, name) for name in PAGES}
    traffic(30)
    for name in PAGES:
        client.get(reverse(name))  # what is new is recorded as read, once
    many = {name: questions(client, name) for name in PAGES}
    # A longer page may take a second look at the index; never one look for each line.
    assert {name: count for name, count in many.items() if count > few[name] + 1} == {}


def test_the_board_opens_with_few_questions_on_a_running_centre(signed_in, traffic, remembering):
    traffic(20)
    signed_in("ukba.supervisor").get(reverse("board"))
    client = signed_in("ukba.supervisor")
    assert questions(client, "board") <= 20


@pytest.mark.parametrize(
    ("part", "most"), [("board-passages", 7), ("board-lanes", 6), ("board-plots", 6), ("board-plan", 6)]
)
def test_a_part_that_another_officer_with_the_same_rights_has_just_asked_for_costs_next_to_nothing(
    signed_in, traffic, remembering, part, most
):
    traffic(20)
    signed_in("ukba.officer").get(reverse("board"))
    client = signed_in("ukba.officer")
    client.get(reverse(part))
    assert questions(client, part) <= most


def test_what_needs_an_officer_is_read_anew_each_time_and_still_cheap(signed_in, traffic, remembering, owner):
    traffic(20)
    client = signed_in("ukba.officer")
    client.get(reverse("board"))
    assert questions(client, "board-needs") <= 16
    before = len(client.get(reverse("board-needs")).context["part"].cards)
    with owner():
        make_alarm("L1-HB", timezone.now(), rule="heartbeat_suspect")
    assert len(client.get(reverse("board-needs")).context["part"].cards) == before + 1


def test_what_is_remembered_is_never_shared_by_readers_with_different_rights(
    signed_in, traffic, remembering, owner
):
    traffic(5)
    with owner():
        passage = make_passage(("L1-ANPR-F", timezone.now()), marks=["SEEN-BY-ALL"])
        make_part(passage, "L1-HB", timezone.now(), result="suspect", marks=["SEEN-BY-UKBA"])
        make_passage(("L1-HB", timezone.now()), marks=["HIDDEN"])
    texts = {
        who: signed_in(who).get(reverse("board-passages")).content.decode()
        for who in ("ukba.officer", "paf.officer", "ccic.officer", "ukba.auditor", "ukba.officer")
    }
    assert "HIDDEN" in texts["ukba.officer"]
    assert "match" in texts["ukba.officer"]
    assert "HIDDEN" in texts["ukba.auditor"]  # an auditor sees lorries, and no hits
    assert "match" not in texts["ukba.auditor"]
    for other in ("paf.officer", "ccic.officer"):
        assert "SEEN-BY-ALL" in texts[other]
        assert "HIDDEN" not in texts[other]
        assert "cell--suspect" not in texts["ccic.officer"]


def test_a_recall_empties_the_board_although_it_has_just_been_remembered(
    signed_in, world, remembering, owner
):
    with owner():
        make_passage(("L1-CO2", timezone.now()), marks=["ONLY-CO2"])
    client = signed_in("paf.officer")
    assert b"ONLY-CO2" in client.get(reverse("board-passages")).content
    with owner():
        world.device("L1-CO2").grants.filter(group_id=world.group("PAF")).delete()
    assert b"ONLY-CO2" not in client.get(reverse("board-passages")).content

"""The board: lanes, passages, what needs the officer, plots; and its parts as the open page asks for them."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from dashboard.markup import rendered
from dashboard.selectors.lanes import _now as lanes_remembered
from intelligence.models import Notice
from scanning.models import Device, DeviceStatus, Lane
from tests.intelligence.conftest import CANARY, sighting
from tests.making import make_alarm, make_part, make_passage

pytestmark = pytest.mark.django_db

ROLES = ["officer", "analyst", "supervisor", "administrator", "auditor"]
PARTS = ["board-lanes", "board-passages", "board-needs", "board-plots", "board-plan"]


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


def board(client, **query):
    answer = client.get(reverse("board"), query)
    assert answer.status_code == 200
    return answer.context["board"]


def part(client, name, **query):
    rendered.forget()  # what is not rendered anew tells no test what it was rendered from
    answer = client.get(reverse(f"board-{name}"), query)
    return answer, answer.context["part"] if answer.status_code == 200 else None


def kinds(needs):
    return [card.kind for card in needs.cards]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("agency", ["ukba", "paf", "douanes", "ccic"])
def test_every_officer_has_a_board_and_an_empty_one_says_what_would_stand_there(signed_in, agency, role):
    client = signed_in(f"{agency}.{role}")
    answer = client.get(reverse("board"))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count('class="empty"') == 2  # passages and needs; the lanes are there
    assert 'id="live"' in page
    assert client.get(reverse("board"), {"wall": "1"}).status_code == 200
    for name in PARTS:
        assert client.get(reverse(name)).status_code == 200


def test_a_stranger_is_led_to_the_sign_in_and_learns_nothing(client, world):
    for name in ["board", "passage-list", "device-list", "alarm-list", "preferences", *PARTS]:
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))
    login = client.get(reverse("account_login")).content.decode()
    assert "CALAIS" not in login
    assert "data-clock" not in login


def test_lanes_stand_in_the_ports_order_with_the_devices_that_the_reader_may_see(signed_in, world):
    lanes = board(signed_in("ukba.officer")).lanes.lanes
    assert [lane.code for lane in lanes] == ["L1", "L2"]
    assert [device.code for device in lanes[0].devices] == [
        "L1-ANPR-F", "L1-ANPR-R", "L1-RPM", "L1-HB", "L1-CO2",
    ]  # fmt: skip
    (first, *_rest) = board(signed_in("douanes.officer")).lanes.lanes
    assert [device.code for device in first.devices] == ["L1-ANPR-F", "L1-ANPR-R", "L1-RPM"]


def test_a_faulty_and_a_silent_device_are_signed_and_so_is_their_lane(signed_in, world, owner):
    with owner():
        DeviceStatus.objects.filter(device__code="L1-RPM").update(
            last_received_at=timezone.now(), fault="high voltage", fault_since=timezone.now()
        )
        DeviceStatus.objects.filter(device__code="L2-XRAY").update(
            last_received_at=ago(hours=2), silent_since=ago(hours=1)
        )
    first, second = board(signed_in("ukba.officer")).lanes.lanes
    assert {device.code: device.state for device in first.devices}["L1-RPM"] == "fault"
    assert next(device.note for device in first.devices if device.code == "L1-RPM") == "high voltage"
    assert {device.code: device.state for device in second.devices}["L2-XRAY"] == "silent"
    assert (first.tone, second.tone) == ("fault", "fault")


def test_the_lorry_in_the_lane_is_shown_with_its_marks_and_worst_result(signed_in, world, owner):
    with owner():
        passage = make_passage(("L1-ANPR-F", ago(seconds=20)), marks=["AB-123-CD"])
        make_part(passage, "L1-CO2", ago(seconds=5), result="suspect")
    lane = board(signed_in("ukba.officer")).lanes.lanes[0]
    assert [cell.value for cell in lane.vehicle.marks] == ["AB-123-CD"]
    assert lane.vehicle.result == "suspect"
    # Customs do not see the probe: for them the lorry is in the lane, and nothing is suspect.
    assert board(signed_in("douanes.officer")).lanes.lanes[0].vehicle.result == "clear"


def test_a_lane_bears_the_colour_of_the_vehicle_in_it_and_not_of_the_one_before(signed_in, cell, owner):
    cell.looks(mode="stop", notified_agencies=("PAF",))
    cell.sees(sighting(seen_at=ago(minutes=10)))
    with owner():
        lane = Lane.objects.get(code="L1").pk
        Notice.objects.update(last_seen_at=ago(minutes=10), lane_id=lane)
        make_alarm("L1-RPM", ago(minutes=9), rule="radiation_neutron")
        make_passage(("L1-ANPR-F", ago(seconds=20)), marks=["IN-000-NT"])
    assert board(signed_in("paf.officer")).lanes.lanes[0].tone == "quiet"
    with owner():
        Notice.objects.update(last_seen_at=ago(seconds=20))
    lanes_remembered.forget()
    assert board(signed_in("paf.officer")).lanes.lanes[0].tone != "quiet"


def test_passages_stand_newest_first_with_results_in_fixed_columns(signed_in, world, owner):
    with owner():
        make_passage(("L1-ANPR-F", ago(minutes=9)), marks=["OLD-1"])
        make_passage(("L1-ANPR-F", ago(minutes=2)), ("L1-CO2", ago(minutes=1), "suspect"), marks=["NEW-1"])
    passages = board(signed_in("ukba.officer")).passages
    assert [line.marks[0].value for line in passages.lines] == ["NEW-1", "OLD-1"]
    assert [column.kind for column in passages.columns] == ["radiation", "xray", "co2", "heartbeat", "dog"]
    results = {cell.kind: cell.result for cell in passages.lines[0].sensors}
    assert results == {
        "radiation": "none",
        "xray": "none",
        "co2": "suspect",
        "heartbeat": "none",
        "dog": "none",
    }
    assert passages.lines[0].decision.code == "search"
    assert passages.lines[0].tone == "medium"


def test_the_port_operator_sees_lorries_and_no_result_of_a_search(signed_in, world, owner):
    with owner():
        make_passage(("L1-ANPR-F", ago(minutes=2)), ("L1-CO2", ago(minutes=1), "suspect"), marks=["NEW-1"])
    passages = board(signed_in("ccic.officer")).passages
    assert passages.columns == ()
    (line,) = passages.lines
    assert (line.sensors, line.decision, line.tone) == ((), None, "quiet")


def test_the_board_can_be_narrowed_to_a_lane_to_suspects_and_to_hits(signed_in, cell, owner):
    with owner():
        plain = make_passage(("L1-ANPR-F", ago(minutes=4)), marks=["PL-1"])
        bad = make_passage(("L2-DOG", ago(minutes=3), "suspect"), marks=["BAD-1"])
        sought = make_passage(("L1-ANPR-F", ago(minutes=2)), marks=["AB-123-CD"])
    cell.looks()
    cell.sees(sighting(passage_uid=sought.uid))

    def shown(**query):
        return [line.id for line in part(signed_in("ukba.officer"), "passages", **query)[1].lines]

    assert shown() == [str(sought.uid), str(bad.uid), str(plain.uid)]
    assert shown(lane="L2") == [str(bad.uid)]
    assert shown(show="suspect") == [str(bad.uid)]
    assert shown(show="hits") == [str(sought.uid)]
    assert shown(show="hits", lane="L2") == []
    assert part(signed_in("paf.officer"), "passages", show="hits")[1].lines == ()


def test_a_foundthat_has_not_changed_is_not_sent_again(signed_in, world, owner):
    with owner():
        make_passage(("L1-ANPR-F", ago(minutes=4)), marks=["PL-1"])
        make_alarm("L1-RPM", ago(minutes=1))
    client = signed_in("ukba.officer")
    opened = board(client)
    for name in ("lanes", "passages", "needs", "plots"):
        as_of = getattr(opened, name).as_of
        answer, _ = part(client, name, as_of=as_of)
        assert (answer.status_code, answer.content) == (204, b"")
        assert part(client, name, as_of="something-else")[0].status_code == 200


def test_only_new_and_changed_passages_travel_to_an_open_board(signed_in, world, owner):
    with owner():
        old = make_passage(("L1-ANPR-F", ago(minutes=4)), marks=["PL-1"])
        still = make_passage(("L1-ANPR-F", ago(minutes=3)), marks=["PL-2"])
    client = signed_in("ukba.officer")
    as_of = board(client).passages.as_of
    with owner():
        fresh = make_passage(("L1-ANPR-F", ago(minutes=1)), marks=["PL-3"])
        make_part(old, "L1-CO2", ago(minutes=3, seconds=30), result="suspect")
    answer, changed = part(client, "passages", as_of=as_of)
    assert changed.partial
    assert {line.id for line in changed.lines} == {str(fresh.uid), str(old.uid)}
    assert b"data-partial" in answer.content
    assert str(still.uid) not in answer.content.decode()


def test_what_a_page_was_as_of_is_good_for_readers_with_the_same_rights_only(signed_in, world, owner):
    with owner():
        make_passage(("L1-ANPR-F", ago(minutes=4)), ("L1-HB", ago(minutes=3), "suspect"), marks=["PL-1"])
    as_of = board(signed_in("ukba.officer")).passages.as_of
    _, answer = part(signed_in("paf.officer"), "passages", as_of=as_of)
    assert not answer.partial
    assert len(answer.lines) == 1


def test_a_line_that_no_longer_fits_leaves_a_narrowed_board(signed_in, cell, owner):
    with owner():
        sought = make_passage(("L1-ANPR-F", ago(minutes=2)), marks=["AB-123-CD"])
    cell.looks()
    cell.sees(sighting(passage_uid=sought.uid))
    client = signed_in("ukba.officer")
    as_of = part(client, "passages", show="hits")[1].as_of
    (hit,) = cell.hits()
    client.post(
        reverse("need-act", args=["hit", hit.uid]),
        {"act": "reject", "reason": "misread"},
        headers={"HX-Request": "true"},
    )
    _, answer = part(client, "passages", show="hits", as_of=as_of)
    assert not answer.partial
    assert answer.lines == ()


def test_a_page_whose_columns_have_changed_is_told_to_load_anew(signed_in, world):
    client = signed_in("ukba.officer")
    columns = len(board(client).passages.columns)
    assert "HX-Refresh" not in part(client, "passages", columns=columns)[0].headers
    answer, _ = part(client, "passages", columns=columns + 1)
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")


def test_what_presses_most_stands_first(signed_in, cell, owner):
    with owner():
        make_alarm("L1-CO2", ago(seconds=5), rule="co2_suspect", severity="medium")
        make_alarm("L1-HB", ago(seconds=50), rule="heartbeat_suspect", severity="high")
        make_alarm("L1-RPM", ago(seconds=1), rule="device_fault", severity="low")
    cell.stops("paf.analyst", notified_agencies=("UKBA",))
    cell.looks("ukba.analyst", "XY 987 ZZ", priority="high")
    cell.sees(sighting("AB-123-CD"), sighting("XY-987-ZZ"))
    needs = board(signed_in("ukba.officer")).needs
    assert [(card.kind, card.tone) for card in needs.cards] == [
        ("notice", "stop"), ("hit", "high"), ("alarm", "high"), ("alarm", "medium"), ("alarm", "low"),
    ]  # fmt: skip
    assert needs.cards[0].sounds
    assert not any(card.sounds for card in needs.cards[1:])


def test_one_match_is_one_card_for_the_owner(signed_in, cell):
    cell.stops(notified_agencies=("PAF",))
    cell.sees()
    assert kinds(board(signed_in("ukba.officer")).needs) == ["hit"]
    assert kinds(board(signed_in("paf.officer")).needs) == ["notice"]


def test_an_owner_whose_own_front_line_is_told_acts_on_the_notice(signed_in, cell):
    cell.stops(notified_agencies=("PAF", "UKBA"))
    cell.sees()
    assert kinds(board(signed_in("ukba.officer")).needs) == ["notice"]


def test_others_and_the_port_operator_see_neither_hit_nor_notice(signed_in, cell, owner):
    with owner():
        sought = make_passage(("L1-ANPR-F", ago(minutes=2)), marks=["AB-123-CD"])
    cell.looks()
    cell.sees(sighting(passage_uid=sought.uid))
    mine = board(signed_in("ukba.officer"))
    assert (kinds(mine.needs), mine.passages.lines[0].flag) == (["hit"], "match")
    for other in ("paf.officer", "douanes.officer", "ccic.officer", "ccic.supervisor"):
        theirs = board(signed_in(other))
        assert (theirs.needs.cards, theirs.passages.lines[0].flag) == ((), "")


def test_the_reason_of_a_lookout_never_reaches_the_board(signed_in, cell, owner):
    with owner():
        sought = make_passage(("L1-ANPR-F", ago(minutes=2)), marks=["AB-123-CD"])
    cell.stops(notified_agencies=("PAF", "UKBA"))
    cell.looks(mark="AB 123 CD", priority="high")
    cell.sees(sighting(passage_uid=sought.uid))
    for who in ("ukba.officer", "ukba.supervisor", "paf.officer"):
        client = signed_in(who)
        pages = [client.get(reverse("board")), client.get(reverse("board"), {"wall": "1"})]
        pages += [client.get(reverse(name)) for name in PARTS]
        pages += [
            client.get(reverse("passage-list")),
            client.get(reverse("passage-detail", args=[sought.uid])),
        ]
        assert any(b"AB-123-CD" in page.content for page in pages)
        assert not any(CANARY.encode() in page.content for page in pages)


def test_being_shown_a_hit_or_notice_is_recorded_once_with_the_purpose(signed_in, cell, owner):
    with owner():
        sought = make_passage(("L1-ANPR-F", ago(minutes=2)), marks=["AB-123-CD"])
    cell.stops()
    cell.sees(sighting(passage_uid=sought.uid))
    client = signed_in("paf.officer")
    board(client)
    board(client)
    part(client, "needs")
    part(client, "passages")
    (record,) = cell.audit("notice.read")
    assert (record.actor_label, record.purpose) == ("Officer Paf", "Outside any shift / hors vacation")
    board(signed_in("paf.supervisor"))
    assert len(cell.audit("notice.read")) == 2
    assert cell.audit("hit.read") == []


def test_a_sign_on_a_line_is_recorded_even_where_no_card_stands(signed_in, cell, owner):
    with owner():
        sought = make_passage(("L1-ANPR-F", ago(minutes=2)), marks=["AB-123-CD"])
    cell.looks()
    cell.sees(sighting(passage_uid=sought.uid))
    (hit,) = cell.hits()
    part(signed_in("ukba.officer"), "passages")
    (record,) = cell.audit("hit.read")
    assert record.object_uids == [hit.uid]


def test_looking_at_lorries_and_alarms_leaves_no_record(signed_in, world, owner):
    with owner():
        make_passage(("L1-ANPR-F", ago(minutes=4)), marks=["PL-1"])
        make_alarm("L1-RPM", ago(minutes=1))
    board(signed_in("ukba.officer"))
    with owner():
        assert not AuditEvent.objects.filter(actor="officer").exists()


def test_the_wall_shows_the_same_without_acts(signed_in, cell, owner):
    with owner():
        make_alarm("L1-RPM", ago(minutes=1))
    cell.stops(notified_agencies=("PAF", "UKBA"))
    cell.sees()
    client = signed_in("ukba.officer")
    with_acts = client.get(reverse("board")).content.decode()
    wall = client.get(reverse("board"), {"wall": "1"}).content.decode()
    fragment = client.get(reverse("board-needs"), {"wall": "1"}).content.decode()
    assert "data-acts" in with_acts
    for page in (wall, fragment):
        assert page.count('class="need need--') == 2
        assert "data-acts" not in page
    assert f"{reverse('board-needs')}?wall=1" in wall


def test_a_recalled_device_takes_its_passages_off_the_board_at_once(signed_in, world, owner):
    with owner():
        make_passage(("L1-CO2", ago(minutes=1)), marks=["ONLY-CO2"])
    client = signed_in("paf.officer")
    opened = board(client).passages
    assert len(opened.lines) == 1
    with owner():
        probe = Device.objects.get(code="L1-CO2")
        probe.grants.filter(group_id=world.group("PAF")).delete()
    _, answer = part(client, "passages", as_of=opened.as_of)
    assert (answer.partial, answer.lines) == (False, ())


def test_the_page_asks_for_its_own_site_whatever_the_officer_opened_since(signed_in, world):
    page = signed_in("ukba.officer").get(reverse("board")).content.decode()
    assert """hx-vals='{"site": "CALAIS"}'""" in page
    assert f"{reverse('board-plan')}?site=CALAIS" in page


def test_the_plan_names_lanes_and_states_of_what_the_reader_may_see(signed_in, world):
    plan = signed_in("ccic.officer").get(reverse("board-plan")).json()
    labels = {feature["properties"].get("label") for feature in plan["features"]}
    assert {"L1", "L2", "L1-ANPR-F"} <= labels
    assert "L1-HB" not in labels


def test_plots_count_the_day_and_the_port_operator_has_none_of_searches_and_hits(signed_in, cell, owner):
    with owner():
        sought = make_passage(("L1-ANPR-F", timezone.now()), marks=["AB-123-CD"])
        make_alarm("L1-CO2", timezone.now(), rule="co2_suspect", passage=sought)
    cell.looks()
    cell.sees(sighting(passage_uid=sought.uid))
    (hit,) = cell.hits()
    client = signed_in("ukba.officer")
    client.post(
        reverse("need-act", args=["hit", hit.uid]), {"act": "confirm"}, headers={"HX-Request": "true"}
    )
    plots = board(client).plots
    assert {series.code: series.total for series in plots.series} == {"passages": 1, "hits": 1}
    assert [(row.kind, sum(value or 0 for value in row.values)) for row in plots.strip.rows] == [("co2", 1)]
    theirs = board(signed_in("ccic.officer")).plots
    assert ([series.code for series in theirs.series], theirs.strip) == (["passages"], None)


def test_where_no_other_day_is_known_nothing_is_called_unusual(signed_in, world, owner):
    with owner():
        for minute in range(5):
            make_passage(("L1-ANPR-F", ago(seconds=minute)), marks=[f"PL-{minute}"])
    page = signed_in("ukba.officer").get(reverse("board"))
    assert page.context["board"].plots.series[0].unusual == ""
    assert "plot__bar--above" not in page.content.decode()


def test_more_alarms_than_anybody_can_work_through_are_counted_with_a_way_to_the_list(
    signed_in, world, owner
):
    with owner():
        for number in range(45):
            passage = make_passage(("L1-RPM", ago(minutes=number)), marks=[f"PL-{number}"])
            make_alarm("L1-RPM", ago(minutes=number), passage=passage)
    answer = signed_in("ukba.officer").get(reverse("board-needs"))
    found = answer.context["part"]
    assert (len(found.cards), found.more) == (40, 5)
    assert re.search(r'data-key="more"[^>]*><a href="/alarms/"', answer.content.decode())

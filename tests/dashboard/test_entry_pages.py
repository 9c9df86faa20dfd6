"""Entry by hand from the lane: it takes the way of a device, loses nothing typed, and a second press does no harm."""

import datetime as dt
import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from agencies.grants import grants_give
from audit.models import AuditEvent
from dashboard.forms_entry import NumberField
from scanning.choices import DeviceKind
from scanning.models import (
    Alarm,
    Delivery,
    Device,
    DeviceGrant,
    DeviceStatus,
    LawfulUse,
    Passage,
    PassageMark,
    ScanEvent,
)
from scanning.services.ingest import deliveries_process

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def search_team(world, owner):
    """A hand search team of PAF in lane 2, which UKBA sees too; it has no account of its own."""
    with owner():
        near = Device.objects.get(code="L2-DOG")
        team = Device.objects.create(
            originator_id=near.originator_id, code="L2-SEARCH", name_en="Search team", name_fr="Équipe de fouille",
            kind=DeviceKind.SEARCH, site=near.site, lane=near.lane, order=9,
        )  # fmt: skip
        grants_give(DeviceGrant, team, [world.group("UKBA")])
        DeviceStatus.objects.create(device=team)
        for agency in ("UKBA", "PAF", "DOUANES"):
            for technique in ("dog", "co2", "search"):
                LawfulUse.objects.create(
                    agency_group_id=world.group(agency), technique=technique, purpose="persons", verdict="permitted",
                    basis="note 1", valid_from=dt.date(2009, 1, 1),
                )  # fmt: skip


@pytest.fixture
def work(ingest):
    def turn():
        with ingest():
            return deliveries_process()

    return turn


def enter(client, kind, lane="L2", **values):
    address = f"{reverse('entry')}?lane={lane}&kind={kind}"
    return client.post(
        address,
        {"event_id": str(uuid.uuid4()), "passage": "", "mark": "", "purpose": "persons", **values},
        follow=False,
    )


def events(owner):
    with owner():
        return list(ScanEvent.objects.order_by("id"))


@pytest.mark.parametrize("role", ["officer", "analyst", "supervisor"])
@pytest.mark.parametrize("agency", ["ukba", "paf", "douanes"])
def test_each_agency_is_offered_its_lanes_and_what_can_be_entered_there(signed_in, agency, role):
    client = signed_in(f"{agency}.{role}")
    offered = {}
    for lane in client.get(reverse("entry")).context["page"].lanes:
        page = client.get(reverse("entry"), {"lane": lane.code}).context["page"]
        offered[lane.code] = [kind.kind for kind in page.kinds]
    assert (
        offered
        == {
            "ukba": {"L1": ["co2"], "L2": ["dog", "search", "keyboard"]},
            "paf": {"L1": ["co2"], "L2": ["dog", "search", "keyboard"]},
            "douanes": {"L2": ["dog", "keyboard"]},
        }[agency]
    )


def test_without_a_device_for_entry_by_hand_the_page_says_what_to_do(signed_in):
    text = signed_in("ccic.officer").get(reverse("entry")).content.decode()
    assert 'class="empty"' in text
    assert 'class="tiles"' not in text


@pytest.mark.parametrize("who", ["ukba.auditor", "paf.administrator"])
def test_who_does_not_work_in_the_lane_enters_nothing(signed_in, who, owner):
    client = signed_in(who)
    assert client.get(reverse("entry")).status_code == 403
    assert enter(client, "dog", result="clear").status_code == 403
    with owner():
        assert not Delivery.objects.exists()


def test_a_dogs_indication_becomes_an_event_and_an_alarm_as_if_a_device_had_posted_it(
    signed_in, work, owner, world
):
    client = signed_in("ukba.officer")
    answer = enter(client, "dog", result="suspect", indication="bark", location="Rear left", mark="AB 123 CD",
                   country="FR", note="Twice.")  # fmt: skip
    assert answer.status_code == 302
    work()
    (event,) = events(owner)
    assert (event.result, event.mark_raw) == ("suspect", "AB 123 CD")
    with owner():
        assert Alarm.objects.get().rule == "dog_indication"
        delivery = Delivery.objects.get()
        assert delivery.officer_id == world.officer("ukba.officer").pk
        assert (delivery.account_id, delivery.agency_group_id) == (None, world.group("UKBA"))
        sent = json.loads(bytes(delivery.body))
    assert sent["reading"] == {"indication": "bark", "location": "Rear left"}
    assert sent["note"] == "Twice."


def test_a_co2_reading_is_entered_with_the_comma_of_the_officers_language(signed_in, work, owner):
    with translation.override("fr"):
        answer = enter(
            signed_in("paf.officer"), "co2", lane="L1", result="suspect", ppm="2 140,5", threshold_ppm="900"
        )
    assert answer.status_code == 302
    work()
    with owner():
        sent = json.loads(bytes(Delivery.objects.get().body))
    assert sent["reading"] == {"ppm": 2140.5, "threshold_ppm": 900}


def test_a_search_says_its_outcome_and_its_finding(signed_in, work, owner):
    enter(signed_in("paf.officer"), "search", result="suspect", outcome="persons", persons_found="4",
          duration_minutes="25", mark="AB 123 CD")  # fmt: skip
    work()
    with owner():
        alarm = Alarm.objects.get()
        assert (alarm.rule, alarm.severity) == ("search_finding", "high")
        sent = json.loads(bytes(Delivery.objects.get().body))
    assert sent["reading"] == {"outcome": "persons", "persons_found": 4, "duration_minutes": 25}


def test_a_search_without_a_finding_needs_no_further_answer(signed_in, work, owner):
    enter(signed_in("paf.officer"), "search", result="clear", mark="AB 123 CD", persons_found="3")
    work()
    with owner():
        sent = json.loads(bytes(Delivery.objects.get().body))
        assert not Alarm.objects.exists()
    assert sent["reading"] == {"outcome": "nothing"}  # what a finding alone asks for is left out


def test_a_plate_typed_in_is_a_read_of_its_part_of_the_lorry(signed_in, work, owner):
    enter(signed_in("douanes.officer"), "keyboard", mark="QQ 777 ZZ", country="FR", part="trailer")
    work()
    with owner():
        mark = PassageMark.objects.get()
    assert (mark.norm, mark.kind, mark.country) == ("QQ777ZZ", "trailer", "FR")


def test_the_receipt_shows_how_far_the_entry_has_come(signed_in, work, owner, cell):
    client = signed_in("ukba.officer")
    page = client.get(enter(client, "dog", result="clear", mark="AB 123 CD")["Location"])
    receipt = page.context["page"].receipt
    assert receipt.state == "waiting"
    assert f'hx-get="{receipt.url}"' in page.content.decode()
    work()
    part = client.get(receipt.url)
    with owner():
        passage = Passage.objects.get()
    assert part.context["receipt"].state == "done"
    assert reverse("passage-detail", args=[passage.uid]) in part.content.decode()
    assert "hx-get" not in part.content.decode()
    (record,) = cell.audit("entry.by_hand")
    assert str(record.object_uids[0]) == receipt.receipt
    assert record.actor_label == "Officer Ukba"


def test_a_receipt_is_for_the_own_agency(signed_in):
    client = signed_in("ukba.officer")
    enter(client, "dog", result="clear")
    address = client.get(enter(client, "dog", result="clear")["Location"]).context["page"].receipt.url
    assert signed_in("paf.officer").get(address).status_code == 404


def test_the_entry_joins_the_vehicle_that_the_officer_chose(signed_in, work, owner):
    client = signed_in("paf.officer")
    for mark in ("AB 123 CD", "XY 987 ZZ"):
        enter(client, "keyboard", mark=mark, part="tractor")
    work()
    page = client.get(reverse("entry"), {"lane": "L2", "kind": "dog"}).context["page"]
    marks = {vehicle.marks[0].value: vehicle.passage_id for vehicle in page.vehicles}
    assert set(marks) == {"AB 123 CD", "XY 987 ZZ"}
    enter(client, "dog", result="clear", passage=marks["AB 123 CD"])
    work()
    dog = events(owner)[-1]
    with owner():
        assert str(Passage.objects.get(pk=dog.passage_id).uid) == marks["AB 123 CD"]


def test_no_vehicle_is_chosen_unless_the_officer_chooses_one(signed_in, work, owner):
    client = signed_in("paf.officer")
    enter(client, "keyboard", mark="AB 123 CD", part="tractor")
    work()
    address = f"{reverse('entry')}?lane=L2&kind=search"
    asked = client.get(address)
    page = asked.context["page"]
    assert ([vehicle.current for vehicle in page.vehicles], page.another) == ([False], False)
    given = {"event_id": str(uuid.uuid4()), "result": "suspect", "outcome": "goods", "purpose": "persons",
             "note": "tobacco"}  # fmt: skip
    before = len(events(owner))
    refused = client.post(address, given)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["passage"]
    text = refused.content.decode()
    assert 'id="id_passage_error"' in text
    assert 'href="#id_passage"' in text
    assert 'id="id_passage"' in text
    assert "tobacco" in text
    page = refused.context["page"]
    assert ([vehicle.current for vehicle in page.vehicles], page.another) == ([False], False)
    # "Another" without its mark would go to whichever stands in the lane.
    refused = client.post(address, given | {"passage": "", "mark": ""})
    assert list(refused.context["form"].errors) == ["mark"]
    assert refused.context["page"].another
    work()
    assert len(events(owner)) == before
    assert client.post(address, given | {"mark": "XY 987 ZZ"}).status_code == 302


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("typed", "meant"), [("12,5", 12.5), ("12.5", 12.5), ("2 140,25", 2140.25), ("900", 900)]
)
def test_a_number_is_read_with_comma_or_point_in_either_language(language, typed, meant):
    with translation.override(language):
        assert NumberField().clean(typed) == meant


def test_a_comma_that_may_stand_between_thousands_is_refused_and_never_guessed():
    with translation.override("en"), pytest.raises(ValidationError, match="1250"):
        NumberField().clean("1,250")
    with translation.override("fr"):
        assert NumberField().clean("1,250") == 1.25


def test_coming_from_a_passage_its_lane_and_vehicle_are_chosen_already(signed_in, work, owner):
    client = signed_in("paf.officer")
    enter(client, "keyboard", mark="AB 123 CD", part="tractor")
    work()
    with owner():
        uid = str(Passage.objects.get().uid)
    page = client.get(reverse("entry"), {"passage": uid}).context["page"]
    assert (page.lane.code, page.passage) == ("L2", uid)
    form = client.get(reverse("entry"), {"passage": uid, "lane": "L2", "kind": "search"}).context["page"]
    assert [(vehicle.passage_id, vehicle.current) for vehicle in form.vehicles] == [(uid, True)]


def test_a_vehicle_that_cannot_be_told_any_more_must_be_named_by_its_mark(signed_in, work, owner):
    client = signed_in("paf.officer")
    enter(client, "dog", result="clear")
    work()
    with owner():
        uid = Passage.objects.get().uid
        long_ago = timezone.now() - dt.timedelta(minutes=5)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE scanning_passagepart SET last_at = %s", [long_ago])
    answer = enter(client, "search", result="clear", passage=str(uid))
    assert answer.status_code == 422
    assert "mark" in answer.context["form"].errors
    answer = enter(client, "search", result="clear", passage=str(uuid.uuid4()))
    assert "mark" in answer.context["form"].errors


def test_the_button_pressed_twice_makes_one_entry_with_one_receipt(signed_in, work, owner):
    client = signed_in("ukba.officer")
    form = {"event_id": str(uuid.uuid4()), "result": "suspect", "indication": "passive", "mark": "AB 123 CD"}
    first, second = enter(client, "dog", **form), enter(client, "dog", **form)
    assert first["Location"] == second["Location"]
    work()
    third = enter(client, "dog", **form)
    assert third["Location"] == first["Location"]
    assert len(events(owner)) == 1
    with owner():
        assert Delivery.objects.count() == 1
        assert Alarm.objects.get().rule == "dog_indication"


def test_the_same_form_with_something_else_in_it_is_never_dropped_silently(signed_in, work, owner):
    client = signed_in("ukba.officer")
    form = {"event_id": str(uuid.uuid4()), "result": "clear", "mark": "AB 123 CD"}
    first = enter(client, "dog", **form)
    changed = enter(client, "dog", **form | {"result": "suspect", "indication": "bark"})
    assert changed.status_code == 422
    assert first["Location"].rpartition("receipt=")[2] in changed.content.decode()
    again = changed.context["form"]["event_id"].value()
    assert again != form["event_id"]
    assert (
        enter(
            client, "dog", **form | {"event_id": again, "result": "suspect", "indication": "bark"}
        ).status_code
        == 302
    )
    work()
    assert [event.result for event in events(owner)] == ["clear", "suspect"]


@pytest.mark.parametrize(
    ("kind", "lane", "values", "field"),
    [
        ("dog", "L2", {}, "result"),
        ("dog", "L2", {"result": "suspect"}, "indication"),
        ("dog", "L2", {"result": "not_performed"}, "reason"),
        ("dog", "L2", {"result": "clear", "mark": "-"}, "mark"),
        ("co2", "L1", {"result": "suspect"}, "ppm"),
        ("co2", "L1", {"result": "clear", "ppm": "21"}, "ppm"),
        ("co2", "L1", {"result": "clear", "ppm": "many"}, "ppm"),
        ("search", "L2", {"result": "suspect", "persons_found": "2"}, "outcome"),
        (
            "search",
            "L2",
            {"result": "suspect", "outcome": "persons", "persons_found": "2000"},
            "persons_found",
        ),
        ("keyboard", "L2", {}, "mark"),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(signed_in, owner, kind, lane, values, field):
    form_id = str(uuid.uuid4())
    answer = enter(signed_in("ukba.officer"), kind, lane, event_id=form_id, note="Rain, second try", **values)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert f'href="#id_{field}"' in text
    assert "Rain, second try" in text
    assert f'value="{form_id}"' in text
    for name, value in values.items():
        assert answer.context["form"][name].value() == value
    with owner():
        assert not Delivery.objects.exists()


def test_a_lane_or_kind_that_the_officer_may_not_see_is_none(signed_in, owner):
    client = signed_in("douanes.officer")
    for lane, kind in (("L1", "co2"), ("L2", "search"), ("L9", "dog")):
        page = client.get(reverse("entry"), {"lane": lane, "kind": kind}).context["page"]
        assert page.kind is None
        assert enter(client, kind, lane, result="clear", ppm="400").status_code == 200
    with owner():
        assert not Delivery.objects.exists()


def test_the_own_agencys_team_is_taken_where_a_lane_has_two(signed_in, world, owner, work):
    with owner():
        near = Device.objects.get(code="L2-DOG")
        second = Device.objects.create(
            originator_id=world.group("UKBA"), code="L2-DOG-U", name_en="Dog", name_fr="Chien", kind=DeviceKind.DOG,
            site=near.site, lane=near.lane, order=20,
        )  # fmt: skip
        DeviceStatus.objects.create(device=second)
    enter(signed_in("ukba.officer"), "dog", result="clear")
    work()
    assert events(owner)[0].device_id == second.pk


def test_an_entry_bears_our_clock_and_tells_nothing_of_the_devices_own(signed_in, work, owner):
    with owner():
        DeviceStatus.objects.filter(device__code="L1-CO2").update(clock_skew_ms=-60_000)
    before = timezone.now()
    enter(signed_in("ukba.officer"), "co2", lane="L1", result="clear", ppm="420")
    work()
    assert before <= events(owner)[0].event_at <= timezone.now()
    with owner():
        assert DeviceStatus.objects.get(device__code="L1-CO2").clock_skew_ms == -60_000


def test_the_page_is_made_for_the_phone(signed_in, work):
    client = signed_in("paf.officer")
    enter(client, "keyboard", mark="AB 123 CD", part="tractor")
    work()
    text = client.get(reverse("entry"), {"lane": "L2", "kind": "search"}).content.decode()
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in text
    assert 'data-density="roomy"' in text
    assert text.count('class="big-choice') >= 5  # the vehicle, another one, and three results
    assert 'inputmode="numeric"' in text
    assert 'inputmode="decimal"' in text
    assert 'autocapitalize="characters"' in text


def test_what_was_looked_for_is_asked_stands_with_the_event_and_is_proposed_the_next_time(
    signed_in, work, owner
):
    paf = signed_in("paf.officer")
    unsaid = enter(paf, "search", result="clear", mark="AB 123 CD", purpose="")
    assert unsaid.status_code == 422
    assert 'id="id_purpose_error"' in unsaid.content.decode()
    assert enter(paf, "search", result="clear", mark="AB 123 CD").status_code == 302
    work()
    (event,) = events(owner)
    assert event.detail["purpose"] == "persons"
    page = paf.get(reverse("entry"), {"lane": "L2", "kind": "search"}).content.decode()
    assert '<option value="persons" selected>' in page
    with owner():
        passage = Passage.objects.get()
    timeline = paf.get(reverse("passage-detail", args=[passage.uid])).content.decode()
    assert "Personnes cachées" in timeline


def test_a_use_that_no_rule_names_is_entered_with_a_reason_and_recorded(signed_in, owner):
    paf = signed_in("paf.officer")
    refused = enter(paf, "search", result="clear", mark="AB 123 CD", purpose="customs")
    assert refused.status_code == 422
    assert 'id="id_justification_error"' in refused.content.decode()
    given = {
        "result": "clear",
        "mark": "AB 123 CD",
        "purpose": "customs",
        "justification": "ordre du parquet",
    }
    assert enter(paf, "search", **given).status_code == 302
    with owner():
        record = AuditEvent.objects.get(action="entry.by_hand")
    assert record.purpose == "ordre du parquet"
    assert record.detail["lawful_use"] == "unstated"


def test_what_the_law_does_not_permit_is_told_with_its_rule_and_stands_in_the_record_as_such(
    signed_in, owner, world
):
    with owner():
        LawfulUse.objects.create(
            agency_group_id=world.group("PAF"), technique="search", purpose="contraband", verdict="refused",
            condition_fr="Marchandises : la douane.", condition_en="Goods: customs.", basis="note 7",
            valid_from=dt.date(2009, 1, 1),
        )  # fmt: skip
    paf = signed_in("paf.officer")
    given = {"result": "suspect", "outcome": "goods", "mark": "AB 123 CD", "purpose": "contraband"}
    refused = enter(paf, "search", **given)
    assert refused.status_code == 422
    assert "Marchandises : la douane. note 7" in refused.content.decode().replace("\xa0", " ")
    assert enter(paf, "search", **given, justification="flagrant délit").status_code == 302
    with owner():
        record = AuditEvent.objects.get(action="entry.unlawful")
    assert (record.purpose, record.detail["purpose"]) == ("flagrant délit", "contraband")


def test_what_was_not_done_needs_no_law(signed_in):
    paf = signed_in("paf.officer")
    given = {"result": "not_performed", "reason": "équipe ailleurs", "mark": "AB 123 CD", "purpose": ""}
    assert enter(paf, "search", **given).status_code == 302

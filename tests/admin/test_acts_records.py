"""Acts on devices, deliveries, lookouts and the audit record through the administration."""

import csv
import io
import json
import re

import pytest
from django.utils import timezone

from agencies.acting import acting_as
from agencies.models import Compartment, Officer
from intelligence.models import Lookout
from scanning.models import Delivery, Device
from tests.admin.conftest import delivery_of
from tests.admin.doing import recorded, url

pytestmark = pytest.mark.django_db


def test_a_device_is_shared_and_taken_back(sign_in, world, owner):
    with owner():
        device = Device.objects.get(code="L1-HB")
    ukba, audience = sign_in("ukba.supervisor"), url("scanning_device_act", device.uid, "audience")
    paf = world.principal("paf.officer")

    def paf_sees():
        with acting_as(paf):
            return Device.objects.visible_to(paf).filter(code="L1-HB").exists()

    ukba.post(audience, {"agencies": ["PAF"]})
    assert paf_sees()
    page = ukba.get(url("scanning_device_changelist")).content.decode()
    assert re.search(r"L1-HB</a>.*?PAF</td>", page, re.DOTALL)
    ukba.post(audience, {})
    assert not paf_sees()
    assert [r.action for r in recorded(owner, "device.share", "device.recall")] == [
        "device.share",
        "device.recall",
    ]


def test_quarantine_stands_first_and_what_lies_in_it_cannot_act_on_the_screen(sign_in, world, owner):
    with owner():
        evil = delivery_of(world, "UKBA", "L1-RPM", body="<script>alert(1)</script>\x00\u202e".encode())
        done = delivery_of(world, "UKBA", "L1-RPM", body=b"{}", state="done")
        empty, gone = delivery_of(world, "UKBA", body=b""), delivery_of(world, "UKBA", body=b"x")
        Delivery.objects.filter(pk=gone.pk).update(body=None)
    ukba = sign_in("ukba.supervisor")
    page = ukba.get(url("scanning_delivery_changelist")).content.decode()
    assert str(evil.receipt) in page
    assert str(done.receipt) not in page
    assert (
        str(done.receipt) in ukba.get(url("scanning_delivery_changelist"), {"state": "all"}).content.decode()
    )
    page = ukba.get(url("scanning_delivery_change", evil.receipt)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\x00\\u202e" in page
    assert "<script>alert" not in page
    assert "00000000  3c 73 63" in page
    assert "The body was empty." in ukba.get(url("scanning_delivery_change", empty.receipt)).content.decode()
    assert (
        "The bytes have expired" in ukba.get(url("scanning_delivery_change", gone.receipt)).content.decode()
    )
    looked = recorded(owner, "delivery.read")
    assert [r.object_uids for r in looked] == [[evil.receipt], [empty.receipt], [gone.receipt]]


def test_a_delivery_is_replayed_once(sign_in, records, owner):
    ukba, replay = (
        sign_in("ukba.supervisor"),
        url("scanning_delivery_act", records.ukba_delivery.receipt, "replay"),
    )
    assert ukba.post(replay).status_code == 302
    with owner():
        assert Delivery.objects.get(pk=records.ukba_delivery.pk).state == "waiting"
    assert ukba.post(replay).status_code == 403
    assert len(recorded(owner, "delivery.replay")) == 1


def test_deliveries_of_a_device_above_ones_clearance_stay_hidden(sign_in, world, records, owner):
    assert (
        str(records.ukba_delivery.receipt)
        in sign_in("ukba.supervisor").get(url("scanning_delivery_changelist")).content.decode()
    )
    with owner():
        Device.objects.filter(code="L1-RPM").update(classification=10)
        Officer.objects.filter(username="ukba.supervisor").update(clearance=0)
    ukba = sign_in("ukba.supervisor")
    assert (
        str(records.ukba_delivery.receipt)
        not in ukba.get(url("scanning_delivery_changelist")).content.decode()
    )
    assert ukba.get(url("scanning_delivery_change", records.ukba_delivery.receipt)).status_code == 404


def lookout_form(**more):
    day = timezone.localdate()
    return {
        "kind": "plate", "mark_raw": "AB 123 CD", "country": "FR", "action_code": "search", "priority": "high",
        "mode": "stop", "notified": ["PAF"], "desk": "", "instruction": "Open it", "reason": "Because",
        "classification": "0", "expires_at": f"{day + timezone.timedelta(days=30)}T12:00",
        "review_due": str(day + timezone.timedelta(days=20)), "compartment": "",
    } | more  # fmt: skip


def test_a_lookout_is_entered_and_withdrawn(sign_in, world, owner):
    ukba = sign_in("ukba.supervisor")
    answer = ukba.post(url("intelligence_lookout_add"), lookout_form())
    assert answer.status_code == 302
    with owner():
        lookout = Lookout.objects.get(mark_norm="AB123CD")
    assert lookout.originator_id == world.group("UKBA")
    assert lookout.notified_group_ids == [world.group("PAF")]
    assert ukba.get(answer["Location"]).status_code == 200
    withdraw = url("intelligence_lookout_act", lookout.uid, "withdraw")
    assert ukba.post(withdraw, {"reason": ""}).context["form"].errors
    assert ukba.post(withdraw, {"reason": "No longer sought"}).status_code == 302
    with owner():
        lookout.refresh_from_db()
    assert (lookout.state, lookout.withdrawn_reason) == ("withdrawn", "No longer sought")
    assert ukba.post(withdraw, {"reason": "Once more"}).status_code == 403


@pytest.mark.parametrize(
    ("more", "field"),
    [({"mode": "silent"}, "notified"), ({"mode": "refer", "instruction": ""}, "desk"), ({"mark_raw": "--"}, "mark_raw"),
     ({"kind": "container"}, "mark_raw"), ({"classification": "20"}, "classification")],
)  # fmt: skip
def test_a_lookout_that_cannot_stand_is_refused_at_the_field(sign_in, owner, more, field):
    answer = sign_in("ukba.supervisor").post(url("intelligence_lookout_add"), lookout_form(**more))
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    with owner():
        assert not Lookout.objects.exists()


def test_a_lookout_of_a_compartment_belongs_to_its_named_officers(sign_in, world, owner):
    circle = Compartment.objects.get()
    form = lookout_form(compartment=str(circle.uid))
    administrators = sign_in("ukba.supervisor").post(url("intelligence_lookout_add"), form)
    assert "compartment" in administrators.context["adminform"].form.errors
    with owner():
        world.officer("ukba.supervisor").groups.add(circle.group)
    assert sign_in("ukba.supervisor").post(url("intelligence_lookout_add"), form).status_code == 302
    with owner():
        assert Lookout.objects.get().originator_id == circle.group_id


def test_the_record_is_searched_by_request_and_object_and_reading_it_is_recorded(sign_in, world, owner):
    ukba = sign_in("ukba.supervisor")
    uid = world.officer("ukba.officer").uid
    ukba.post(url("agencies_officer_act", uid, "suspend"), headers={"X-Request-ID": "request-of-interest"})
    page = url("audit_auditevent_changelist")
    for text in (str(uid), uid.hex, "request-of-interest"):
        ukba.post(page, {"search": text})
        assert [row.action for row in ukba.get(page).context["cl"].result_list] == ["officer.suspend"]
    ukba.post(page, {"search": "nothing of the kind"})
    assert not ukba.get(page).context["cl"].result_list
    ukba.post(page, {"search": ""})
    assert {row.action for row in ukba.get(page, {"action": "audit.read"}).context["cl"].result_list} == {
        "audit.read"
    }
    assert recorded(owner, "audit.read")[-1].detail == {"shown": 4, "filters": {"action": "audit.read"}}


def test_the_record_shows_the_own_agencys_rows_alone(sign_in, world, records, owner):
    for agency in ("ukba", "paf"):
        sign_in(f"{agency}.supervisor").get(url("intelligence_lookout_changelist"))
    rows = sign_in("paf.auditor").get(url("audit_auditevent_changelist")).context["cl"].result_list
    assert rows
    assert {row.agency_group_id for row in rows} == {world.group("PAF")}


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_the_record_is_exported_for_a_purpose_and_only_the_own_part(sign_in, world, records, owner, form):
    for agency in ("ukba", "paf"):
        sign_in(f"{agency}.supervisor").get(url("intelligence_lookout_changelist"))
    with owner():
        Officer.objects.filter(username="ukba.supervisor").update(first_name="=1+1", last_name="")
    ukba = sign_in("ukba.supervisor")
    ukba.get(url("scanning_delivery_change", records.ukba_delivery.receipt))
    export = url("audit_auditevent_export")
    assert ukba.get(export).status_code == 405
    assert ukba.post(export, {"format": form, "purpose": " "}).status_code == 302
    assert ukba.post(export, {"format": "xlsx", "purpose": "Review"}).status_code == 302
    answer = ukba.post(export, {"format": form, "purpose": "Quarterly review"})
    text = answer.content.decode()
    rows = (
        list(csv.DictReader(io.StringIO(text)))
        if form == "csv"
        else [json.loads(line) for line in text.splitlines()]
    )
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    assert [row["action"] for row in rows] == ["delivery.read", "lookout.read"]
    assert rows[0]["actor_label"] == ("'=1+1" if form == "csv" else "=1+1")
    done = recorded(owner, "export.make")
    assert [(r.purpose, r.detail["rows"], r.agency_group_id) for r in done] == [
        ("Quarterly review", 2, world.group("UKBA"))
    ]
    assert (
        sign_in("ukba.administrator").post(export, {"format": form, "purpose": "Review"}).status_code == 403
    )


def test_an_export_follows_the_filters_of_the_list(sign_in, records):
    ukba = sign_in("ukba.supervisor")
    ukba.get(url("intelligence_lookout_changelist"))
    ukba.get(url("scanning_delivery_change", records.ukba_delivery.receipt))
    export = url("audit_auditevent_export") + "?action=delivery.read"
    rows = ukba.post(export, {"format": "ndjson", "purpose": "Review"}).content.decode().splitlines()
    assert [json.loads(row)["action"] for row in rows] == ["delivery.read"]

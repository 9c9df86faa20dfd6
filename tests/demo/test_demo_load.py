"""The demonstration world: loaded twice it is the same, anywhere else it is refused."""

import io
import json
import stat

import pytest
from django.core.management import CommandError, call_command

from agencies.acting import acting_as
from agencies.authentication import request_sign_in
from agencies.choices import Classification
from agencies.facts import NOBODY
from agencies.models import Agency, DemoMark, Officer, ServiceToken, Shift
from agencies.selectors import principal_of, shift_of
from agencies.services.tokens import token_find
from audit.models import AuditEvent
from intelligence.choices import DisclosureMode, LookoutKind
from intelligence.models import Lookout
from intelligence.rules.marks import is_container_number, normalise
from jocc.demo.equipment import DEVICES
from jocc.demo.lookouts import LOOKOUTS
from jocc.demo.people import AGENCIES, OFFICERS, PASSWORD
from jocc.demo.places import SITES, lane_shape
from scanning.choices import DeviceFormat, DeviceKind
from scanning.models import Device, Lane, Site
from scanning.simulator.port import port_from_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(world, owner, tmp_path):
    """`load()` runs the command as the owner and returns what it printed."""

    def run(file="tokens.json"):
        out = io.StringIO()
        with owner():
            call_command("demo_load", tokens=tmp_path / file, stdout=out)
        return out.getvalue()

    run.file = tmp_path / "tokens.json"
    return run


def counted(owner):
    with owner():
        return {
            model.__name__: model.objects.count()
            for model in (Officer, Device, Lane, Lookout, Shift, ServiceToken, AuditEvent)
        }


def test_a_second_run_changes_nothing_and_keeps_the_tokens(load, owner):
    load()
    first, tokens = counted(owner), load.file.read_text()
    again = load()
    assert counted(owner) == first
    assert load.file.read_text() == tokens
    assert "0 devices added" in again
    assert "0 tokens added" in again


def test_a_second_run_keeps_what_officers_have_changed(load, owner):
    load()
    with owner():
        Officer.objects.filter(username="paf.officer").update(is_active=False)
        Device.objects.filter(code="CAL-L2-CO2").update(is_active=False)
    load()
    with owner():
        assert not Officer.objects.get(username="paf.officer").is_active
        assert not Device.objects.get(code="CAL-L2-CO2").is_active


def test_without_the_file_new_tokens_are_issued_and_the_old_ones_still_hold(load):
    load()
    old = json.loads(load.file.read_text())
    load.file.unlink()
    load()
    new = json.loads(load.file.read_text())
    assert {d["token"] for d in old["devices"]}.isdisjoint(d["token"] for d in new["devices"])
    for token in (old["devices"][0]["token"], new["devices"][0]["token"]):
        assert token_find(token, address="127.0.0.1") is not None


def test_a_damaged_file_is_replaced(load):
    load.file.write_text('{"devices": [{"code": "CAL-L1-RPM"}]}')
    load()
    assert len(json.loads(load.file.read_text())["devices"]) >= len(DEVICES)


def test_any_other_database_is_refused_and_nothing_is_made(load, owner):
    with owner():
        DemoMark.objects.all().delete()
        before = Officer.objects.count()
    with pytest.raises(CommandError, match="not a demonstration database"):
        load()
    with owner():
        assert Officer.objects.count() == before
        assert not Site.objects.filter(code="DOVER").exists()
    assert not load.file.exists()


def test_each_agency_sees_its_devices_and_those_shared_with_it(load):
    load()
    ours = {data.code for data in DEVICES}
    for agency in AGENCIES:
        officer = principal_of(Officer.objects.get(username=f"{agency.code.lower()}.officer"))
        with acting_as(officer):
            seen = set(Device.objects.visible_to(officer).values_list("code", flat=True)) & ours
        assert seen == {data.code for data in DEVICES if agency.code in data.sees}


def test_the_four_agencies_see_different_overlapping_pictures():
    sees = {a.code: {d.code for d in DEVICES if a.code in d.sees} for a in AGENCIES}
    assert len({frozenset(codes) for codes in sees.values()}) == 4
    assert set.intersection(*sees.values())
    assert {d.code for d in DEVICES if d.sees == ("UKBA",) and d.sensitive} == {"CAL-L2-ANPR-C"}
    assert any(d.sees == ("PAF",) for d in DEVICES)


def test_every_kind_and_every_format_of_device_is_there():
    assert {d.kind for d in DEVICES} == set(DeviceKind)
    assert {d.format for d in DEVICES} == set(DeviceFormat)
    assert len({d.code for d in DEVICES}) == len(DEVICES)


def test_the_port_operator_is_no_competent_authority_and_is_named_in_full(load):
    out = load()
    assert not Agency.objects.get(code="CCIC").is_authority
    assert "Calais Chamber of Investment and Commerce" in out
    assert "Chambre de Commerce et d’Industrie de Calais" in out


def test_every_account_is_printed_and_has_the_printed_password(load, owner):
    with owner():
        Officer.objects.filter(username="ccic.analyst").update(username="somebody.else")
    out = load()
    assert PASSWORD in out
    for data in OFFICERS:
        username = f"{data.agency}.{data.role}".lower()
        assert username in out
        assert Officer.objects.get(username=username).is_active
    officer = Officer.objects.get(username="ccic.analyst")
    assert officer.check_password(PASSWORD)
    assert officer.language == "fr"
    assert officer.clearance == Classification.OPEN


def test_somebody_is_on_shift_now_at_each_agency(load):
    load()
    for agency in AGENCIES:
        shift = shift_of(Officer.objects.get(username=f"{agency.code.lower()}.officer"))
        assert shift is not None
        assert shift.desk.agency.code == agency.code
        assert shift.purpose


def test_only_the_named_officers_see_the_compartments_lookouts(load):
    load()
    hidden = {normalise(data.mark) for data in LOOKOUTS if data.owner == "LANTERN"}
    assert hidden
    seen = {}
    for username in ("ukba.analyst", "ukba.officer", "paf.analyst"):
        principal = principal_of(Officer.objects.get(username=username))
        with acting_as(principal):
            seen[username] = hidden & set(
                Lookout.objects.visible_to(principal).values_list("mark_norm", flat=True)
            )
    assert seen == {"ukba.analyst": hidden, "ukba.officer": set(), "paf.analyst": set()}


def test_lookouts_are_entered_by_the_analysts_and_recorded(load, owner):
    load()
    with owner():
        assert Lookout.objects.count() == len(LOOKOUTS)
        assert set(Lookout.objects.values_list("mode", flat=True)) == set(DisclosureMode.values)
        assert AuditEvent.objects.filter(action="lookout.create").count() == len(LOOKOUTS)
        assert set(Lookout.objects.values_list("created_by__role", flat=True)) == {"analyst"}
    for data in LOOKOUTS:
        if data.kind == LookoutKind.CONTAINER:
            assert is_container_number(normalise(data.mark)), data.mark


def test_the_tokens_file_is_for_its_owner_only_and_runs_the_simulator(load):
    load()
    assert stat.S_IMODE(load.file.stat().st_mode) == 0o600
    port = port_from_file(load.file)
    assert len(port.lanes) >= 18
    assert {mark.value for mark in port.marks_to_show} == {data.mark for data in LOOKOUTS}
    content = json.loads(load.file.read_text())
    assert set(content["partners"]) >= {"UKBA", "PAF", "DOUANES", "CCIC"}
    gateway = [d for d in content["devices"] if d["gateway"]]
    assert len({d["token"] for d in gateway}) == 1
    assert len(gateway) == 4


def test_a_partner_token_carries_no_right_of_the_port_operator_to_lookouts(load, rf):
    load()
    partners = json.loads(load.file.read_text())["partners"]
    with acting_as(NOBODY):  # signing in switches who acts; the block puts it back
        signed_in = {code: request_sign_in(rf.get("/"), partners[code]).principal for code in ("PAF", "CCIC")}
    assert signed_in["PAF"].is_authority
    assert not signed_in["CCIC"].is_authority


def test_lanes_lie_at_their_port():
    for site in SITES:
        for order in range(1, len(site.lane_names) + 1):
            for longitude, latitude in lane_shape(site, order):
                assert abs(longitude - site.longitude) < 0.01
                assert abs(latitude - site.latitude) < 0.01

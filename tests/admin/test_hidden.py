"""What another agency keeps to itself changes no page of the admin site: absent and hidden are one.

Each test proves first that the record does show for those who are entitled to it.
"""

import re
import uuid

import pytest
from django.urls import reverse

from agencies.grants import grants_give
from audit.models import AuditEvent
from intelligence.models import LookoutGrant
from scanning.models import Delivery, Device, Lane
from tests.admin.conftest import delivery_of, lookout_of

pytestmark = pytest.mark.django_db

ABSENT = uuid.UUID("00000000-0000-4000-8000-000000000000")
LISTS = [
    "agencies_officer", "agencies_desk", "agencies_shift", "agencies_serviceaccount", "agencies_servicetoken",
    "agencies_compartment", "scanning_device", "scanning_lane", "scanning_delivery", "intelligence_lookout",
]  # fmt: skip


def listed(client, name, **query):
    return client.get(reverse(f"admin:{name}_changelist"), query)


def page_of(client, name, uid, page="change"):
    return client.get(reverse(f"admin:{name}_{page}", args=[uid]))


def stripped(answer):
    """The page without what differs from request to request."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    text = re.sub(r'<p class="clock".*?</p>', "", text, flags=re.DOTALL)
    return re.sub(r'("X-CSRFToken": ")[^"]*', r"\1", text)


def uid_of(record):
    return getattr(record, "receipt", None) or record.uid


@pytest.fixture
def theirs(world, owner, records):
    """One record of PAF behind each list, by the list's name."""
    with owner():
        paf = world.agency("PAF")
        account = paf.service_accounts.get(name="L2-DOG")
        return {
            "agencies_officer": world.officer("paf.officer"),
            "agencies_desk": world.desk("PAF"),
            "agencies_serviceaccount": account,
            "agencies_servicetoken": account.tokens.get(),
            "scanning_device": Device.objects.get(code="L2-DOG"),
            "scanning_delivery": records.paf_delivery,
            "intelligence_lookout": records.paf_lookout,
        }


@pytest.mark.parametrize(
    "name",
    ["agencies_officer", "agencies_desk", "agencies_serviceaccount", "agencies_servicetoken", "scanning_device",
     "scanning_delivery", "intelligence_lookout"],
)  # fmt: skip
def test_a_record_of_another_agency_is_404_on_every_page_of_its_own(sign_in, theirs, name):
    record = theirs[name]
    paf, ukba = sign_in("paf.supervisor"), sign_in("ukba.supervisor")
    assert page_of(paf, name, uid_of(record)).status_code == 200
    for page in ("change", "history"):
        hidden, absent = page_of(ukba, name, uid_of(record), page), page_of(ukba, name, ABSENT, page)
        assert hidden.status_code == absent.status_code == 404
        assert stripped(hidden).replace(str(uid_of(record)), "") == stripped(absent).replace(str(ABSENT), "")
        url = reverse(f"admin:{name}_{page}", args=[uid_of(record)])
        assert ukba.post(url, {}).status_code in (403, 404)


@pytest.mark.parametrize(
    ("name", "act"),
    [("agencies_officer", "suspend"), ("agencies_officer", "password"), ("agencies_serviceaccount", "issue"),
     ("agencies_servicetoken", "revoke"), ("scanning_device", "audience"), ("scanning_delivery", "replay"),
     ("intelligence_lookout", "withdraw")],
)  # fmt: skip
def test_no_act_reaches_a_record_of_another_agency(sign_in, theirs, name, act):
    record = theirs[name]
    url = reverse(f"admin:{name}_act", args=[uid_of(record), act])
    assert sign_in("paf.supervisor").get(url).status_code == 200
    ukba = sign_in("ukba.supervisor")
    assert ukba.get(url).status_code == 404
    assert ukba.post(url, {"reason": "because", "agencies": "UKBA"}).status_code == 404
    absent = reverse(f"admin:{name}_act", args=[ABSENT, act])
    assert ukba.post(absent, {"reason": "because"}).status_code == 404


def world_of_paf(world, agency):
    """One more of everything that `agency` may originate."""
    group, own = world.group(agency), world.agency(agency)
    site = Device.objects.get(code="L2-DOG").site
    own.officers.create(username=f"{agency.lower()}.extra", role="auditor", badge_number="EXTRA")
    desk = own.desks.create(code=f"{agency}-EXTRA", name_en="extra", name_fr="extra")
    desk.shifts.create(
        lead=own.officers.first(), starts_at="2026-11-22T06:00Z", ends_at="2026-11-22T14:00Z", purpose="extra"
    )
    account = own.service_accounts.create(name="extra", kind="gateway", is_active=False)
    account.tokens.create(prefix="jocc_gw_extr", digest=b"x" * 32, expires_at="2030-01-01T00:00Z")
    Device.objects.create(
        originator_id=group, code=f"{agency}-EXTRA", name_en="extra", name_fr="extra", kind="gamma",
        format="openalpr", site=site, account=account, is_active=False,
    )  # fmt: skip
    delivery_of(world, agency, body=b"extra", result={})
    lookout_of(world, agency, "EXTRA 1", kind="container", priority="high", state="withdrawn")


@pytest.mark.parametrize(
    "name", [name for name in LISTS if name not in ("agencies_compartment", "scanning_lane")]
)
def test_lists_counts_and_filters_are_the_same_whether_or_not_others_have_more(
    sign_in, world, owner, records, name
):
    ukba, paf = sign_in("ukba.supervisor"), sign_in("paf.supervisor")
    before, of_paf = stripped(listed(ukba, name)), stripped(listed(paf, name))
    with owner():
        world_of_paf(world, "PAF")
    assert stripped(listed(paf, name)) != of_paf
    assert stripped(listed(ukba, name)) == before


def test_a_compartment_shows_only_for_the_officers_it_names(sign_in, world, owner):
    with owner():
        world.officer("ukba.supervisor").groups.add(
            world.officer("ukba.analyst").groups.get(name="compartment:LANTERN")
        )
    named, not_named, other = (
        sign_in(f"{who}") for who in ("ukba.supervisor", "ukba.administrator", "paf.supervisor")
    )
    assert "LANTERN" in listed(named, "agencies_compartment").content.decode()
    for client in (not_named, other):
        assert "LANTERN" not in listed(client, "agencies_compartment").content.decode()
    with owner():
        circle = world.agency("UKBA").compartments.get()
    assert page_of(named, "agencies_compartment", circle.uid).status_code == 200
    for client in (not_named, other):
        assert page_of(client, "agencies_compartment", circle.uid).status_code == 404


def test_a_compartments_lookout_names_neither_circle_nor_owner_to_those_it_is_shared_with(
    sign_in, world, owner
):
    with owner():
        circle = world.agency("UKBA").compartments.get()
        lookout = lookout_of(world, "UKBA", "CIRCLE 1", originator_id=circle.group_id)
        grants_give(LookoutGrant, lookout, [world.group("PAF")])
        world.officer("ukba.supervisor").groups.add(circle.group)
    assert "UKBA · LANTERN" in listed(sign_in("ukba.supervisor"), "intelligence_lookout").content.decode()
    page = listed(sign_in("paf.supervisor"), "intelligence_lookout").content.decode()
    assert "CIRCLE 1" in page
    assert "LANTERN" not in page


def test_a_shared_lookout_shows_its_reason_to_its_owner_alone(sign_in, records):
    shared = records.shared_lookout
    assert (
        "reason of SHARED 1"
        in page_of(sign_in("paf.supervisor"), "intelligence_lookout", shared.uid).content.decode()
    )
    page = page_of(sign_in("ukba.supervisor"), "intelligence_lookout", shared.uid).content.decode()
    assert "SHARED 1" in page
    assert "reason of" not in page
    assert "Withdraw" not in page


LOOKUPS = (
    {"originator_id": "1"},
    {"account__agency__code": "PAF"},
    {"desk__agency__code__startswith": "P"},
    {"viewers__contains": "1"},
    {"reason__startswith": "r"},
    {"password__startswith": "p"},
    {"uid": str(ABSENT)},
    {"pk__gt": "1"},
    {"_to_field": "id"},
)


@pytest.mark.parametrize("name", [*LISTS, "audit_auditevent"])
def test_no_lookup_is_taken_from_the_address(sign_in, name):
    client = sign_in("ukba.supervisor")
    assert {str(query): listed(client, name, **query).status_code for query in LOOKUPS} == {
        str(query): 400 for query in LOOKUPS
    }


def test_a_filter_for_what_is_hidden_is_as_empty_as_one_for_what_does_not_exist(
    sign_in, world, records, owner
):
    with owner():
        delivery_of(world, "PAF", "L2-KEY", body=b"keys")
    assert (
        "L2-KEY" in listed(sign_in("paf.supervisor"), "scanning_delivery", device="L2-KEY").content.decode()
    )
    ukba = sign_in("ukba.supervisor")
    hidden, absent = (listed(ukba, "scanning_delivery", device=code) for code in ("L2-KEY", "NO-SUCH"))
    assert hidden.status_code == absent.status_code == 200
    assert stripped(hidden).replace("L2-KEY", "") == stripped(absent).replace("NO-SUCH", "")


@pytest.mark.parametrize(
    ("name", "found", "hidden"),
    [("agencies_officer", "ukba.analyst", "paf.analyst"), ("scanning_device", "L1-RPM", "L2-DOG"),
     ("agencies_serviceaccount", "L1-RPM", "L2-DOG")],
)  # fmt: skip
def test_a_search_finds_only_ones_own_and_never_stands_in_an_address(sign_in, name, found, hidden):
    ukba, url = sign_in("ukba.supervisor"), reverse(f"admin:{name}_changelist")
    for text, count in ((found, 1), (hidden, 0), ("no-such-thing", 0)):
        answer = ukba.post(url, {"search": text})
        assert answer.status_code == 302
        assert text not in answer["Location"]
        page = ukba.get(answer["Location"])
        assert len(page.context["cl"].result_list) == count
    assert len(listed(ukba, name, q=found).context["cl"].result_list) == 0  # the session's search stands
    ukba.post(url, {"search": ["no-such-thing", ""]})  # the button that clears comes after the field
    assert len(listed(ukba, name).context["cl"].result_list) > 1


def test_a_bulk_replay_with_the_ids_of_others_replays_only_ones_own(sign_in, records, owner):
    ukba, url = sign_in("ukba.supervisor"), reverse("admin:scanning_delivery_changelist")
    chosen = [records.ukba_delivery.receipt, records.paf_delivery.receipt, ABSENT, "no-uuid", "1"]
    answer = ukba.post(
        url, {"action": "replay_chosen", "index": "0", "select_across": "1", "_selected_action": chosen}
    )
    assert answer.status_code == 302
    with owner():
        states = dict(Delivery.objects.values_list("receipt", "state"))
    assert states[records.ukba_delivery.receipt] == "waiting"
    assert states[records.paf_delivery.receipt] == "quarantined"


def test_a_bulk_act_on_foreign_ids_alone_answers_as_on_no_ids(sign_in, records):
    ukba, url = sign_in("ukba.supervisor"), reverse("admin:scanning_delivery_changelist")
    answers = []
    for chosen in (records.paf_delivery.receipt, ABSENT):
        ukba.post(url, {"action": "replay_chosen", "index": "0", "_selected_action": [chosen]})
        answers.append(stripped(ukba.get(url)))
    assert answers[0] == answers[1]
    assert "0 deliveries" in answers[0]


def test_a_bulk_revocation_leaves_the_tokens_of_others(sign_in, theirs, world, owner):
    ours = world.agency("UKBA").service_accounts.get(name="L1-RPM").tokens.get()
    foreign = theirs["agencies_servicetoken"]
    url = reverse("admin:agencies_servicetoken_changelist")
    data = {"action": "revoke_chosen", "index": "0", "_selected_action": [ours.uid, foreign.uid]}
    assert sign_in("ukba.supervisor").post(url, data).status_code == 302
    ours.refresh_from_db()
    foreign.refresh_from_db()
    assert ours.revoked_at is not None
    assert foreign.revoked_at is None


SHIFT = {"starts_at": "2026-11-22T06:00", "ends_at": "2026-11-22T14:00", "purpose": "watch"}


def test_a_forged_choice_of_anothers_officer_is_refused_like_one_that_does_not_exist(sign_in, world):
    ukba, url = sign_in("ukba.supervisor"), reverse("admin:agencies_shift_add")
    good = SHIFT | {"desk": world.desk("UKBA").uid, "lead": world.officer("ukba.officer").uid}
    for field, hidden in (
        ("lead", world.officer("paf.officer").uid),
        ("desk", world.desk("PAF").uid),
        ("officers", world.officer("paf.officer").uid),
    ):
        answers = []
        for value in (hidden, ABSENT):
            answer = ukba.post(url, good | {field: value})
            assert answer.status_code == 200
            errors = str(answer.context["errors"]).replace(str(value), "")
            answers.append((errors, stripped(answer).replace(str(value), "")))
        assert answers[0] == answers[1]
        assert "not one of the available choices" in answers[0][0]
    assert ukba.post(url, good).status_code == 302


def test_a_forged_lane_is_refused_like_one_that_does_not_exist(sign_in, world, owner):
    with owner():
        lane = Lane.objects.get(code="L2")
        secret = Lane.objects.create(
            originator_id=world.group("PAF"), site=lane.site, code="PAF-L9", name_en="x", name_fr="x"
        )
        device = Device.objects.get(code="L1-RPM")
    url = reverse("admin:scanning_device_change", args=[device.uid])
    good = {
        "name_en": "a", "name_fr": "b", "format": "n42", "site": lane.site.uid, "lane": lane.uid, "order": "1",
        "zone": "Europe/Paris", "rhythm_s": "900", "classification": "0", "is_active": "on",
    }  # fmt: skip
    ukba = sign_in("ukba.supervisor")
    answers = [ukba.post(url, good | {"lane": value}) for value in (secret.uid, ABSENT)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert stripped(answers[0]).replace(str(secret.uid), "") == stripped(answers[1]).replace(str(ABSENT), "")
    assert ukba.post(url, good).status_code == 302


def test_history_is_the_own_agencys_record_alone(sign_in, world, owner, records):
    ukba, paf = sign_in("ukba.supervisor"), sign_in("paf.supervisor")
    shared = records.shared_lookout
    assert page_of(paf, "intelligence_lookout", shared.uid).status_code == 200  # leaves a row in PAF's record
    assert "Paf" in page_of(paf, "intelligence_lookout", shared.uid, "history").content.decode()
    page = page_of(ukba, "intelligence_lookout", shared.uid, "history")
    assert page.status_code == 200
    assert page.context["entries"] == []
    page_of(ukba, "intelligence_lookout", shared.uid)
    assert len(page_of(ukba, "intelligence_lookout", shared.uid, "history").context["entries"]) == 1


def test_the_index_and_the_menu_are_the_same_whatever_others_have(sign_in, world, owner, records):
    ukba = sign_in("ukba.supervisor")
    before = stripped(ukba.get("/admin/"))
    with owner():
        world_of_paf(world, "PAF")
    assert stripped(ukba.get("/admin/")) == before


def test_no_list_names_an_internal_key(sign_in, records):
    delivery = records.ukba_delivery
    page = listed(sign_in("ukba.supervisor"), "scanning_delivery").content.decode()
    assert f'value="{delivery.receipt}"' in page
    assert f'value="{delivery.pk}"' not in page


def test_a_read_of_lookouts_is_recorded_with_what_was_shown(sign_in, records, owner):
    listed(sign_in("ukba.supervisor"), "intelligence_lookout")
    with owner():
        row = AuditEvent.objects.filter(action="lookout.read").latest("id")
    assert set(row.object_uids) == {records.ukba_lookout.uid, records.shared_lookout.uid}
    assert row.purpose

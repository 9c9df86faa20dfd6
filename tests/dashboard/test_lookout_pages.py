"""The watch-list on its pages: owners see all of theirs, others what was shared, and nobody the reason."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Compartment, Shift
from intelligence.models import Lookout
from tests.intelligence.conftest import CANARY, sighting

pytestmark = pytest.mark.django_db

AUTHORITIES = ("ukba", "paf", "douanes")


def form(**more):
    today = timezone.localdate()
    values = {
        "once": "",
        "kind": "plate",
        "mark": "AB 123 CD",
        "country": "FR",
        "action_code": "search",
        "priority": "medium",
        "mode": "silent",
        "reason": CANARY,
        "classification": "0",
        "expires": (today + dt.timedelta(days=30)).isoformat(),
        "review_due": (today + dt.timedelta(days=28)).isoformat(),
    }
    return values | more


def act_on(client, lookout, code, **values):
    return client.post(reverse("lookout-act", args=[lookout.uid]), {"act": code, **values})


@pytest.mark.parametrize("agency", AUTHORITIES)
@pytest.mark.parametrize("role", ["officer", "analyst", "supervisor"])
def test_every_authority_reads_its_watch_list_in_its_language(signed_in, agency, role):
    answer = signed_in(f"{agency}.{role}").get(reverse("lookout-list"))
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == ("en" if agency == "ukba" else "fr")


def test_a_list_without_lookouts_says_how_one_comes_to_stand_there(signed_in):
    text = signed_in("ukba.analyst").get(reverse("lookout-list")).content.decode()
    assert "No lookout is visible to you." in text
    assert reverse("lookout-new") in text
    filtered = signed_in("ukba.analyst").get(reverse("lookout-list"), {"mark": "ZZ"}).content.decode()
    assert "No lookout fits these filters." in filtered


def test_an_officer_without_the_right_is_not_offered_a_new_lookout(signed_in):
    text = signed_in("ukba.officer").get(reverse("lookout-list")).content.decode()
    assert reverse("lookout-new") not in text
    assert signed_in("ukba.officer").get(reverse("lookout-new")).status_code == 403


@pytest.mark.parametrize("role", ["officer", "analyst", "supervisor", "administrator", "auditor"])
@pytest.mark.parametrize("name", ["lookout-list", "lookout-new"])
def test_the_port_operator_has_no_watch_list_whatever_the_role(signed_in, role, name):
    assert signed_in(f"ccic.{role}").get(reverse(name)).status_code == 403


def test_the_owner_reads_the_reason_and_the_reading_is_recorded(signed_in, cell):
    lookout = cell.looks()
    answer = signed_in("ukba.officer").get(reverse("lookout-detail", args=[lookout.uid]))
    assert CANARY in answer.content.decode()
    (record,) = cell.audit("lookout.read")
    assert record.object_uids == [lookout.uid]
    assert "hors vacation" in record.purpose


def test_who_reads_on_shift_reads_for_the_purpose_of_the_shift(signed_in, cell, world, owner):
    lookout = cell.looks()
    with owner():
        now, officer = timezone.now(), world.officer("ukba.officer")
        shift = Shift.objects.create(
            desk=world.desk("UKBA"), lead=officer, starts_at=now - dt.timedelta(hours=1),
            ends_at=now + dt.timedelta(hours=1), purpose="Night shift, outbound freight",
        )  # fmt: skip
    assert shift.pk
    signed_in("ukba.officer").get(reverse("lookout-detail", args=[lookout.uid]))
    assert cell.audit("lookout.read")[0].purpose == "Night shift, outbound freight"


def test_a_hidden_lookout_is_absent_from_list_and_page(signed_in, cell):
    lookout = cell.looks()
    client = signed_in("paf.analyst")
    assert lookout.reference not in client.get(reverse("lookout-list")).content.decode()
    hidden = client.get(reverse("lookout-detail", args=[lookout.uid]))
    assert hidden.status_code == 404
    assert lookout.reference in signed_in("ukba.analyst").get(reverse("lookout-list")).content.decode()


def test_who_it_is_shared_with_reads_everything_but_the_reason_and_who_else_sees_it(signed_in, cell):
    lookout = cell.stops()
    owner_page = signed_in("ukba.analyst")
    shared = act_on(owner_page, lookout, "share", agencies=["DOUANES"], reason="Same carrier")
    assert shared.status_code == 302
    text = signed_in("douanes.officer").get(reverse("lookout-detail", args=[lookout.uid])).content.decode()
    assert lookout.reference in text
    assert CANARY not in text
    assert "Police" not in text  # whom the owner has told
    act_on(owner_page, lookout, "recall", agencies=["DOUANES"], reason="No longer needed")
    recalled = signed_in("douanes.officer").get(reverse("lookout-detail", args=[lookout.uid]))
    assert recalled.status_code == 404


def test_a_reader_it_is_shared_with_is_offered_no_act_and_may_carry_out_none(signed_in, cell):
    lookout = cell.looks()
    act_on(signed_in("ukba.analyst"), lookout, "share", agencies=["PAF"], reason="Same carrier")
    client = signed_in("paf.analyst")
    text = client.get(reverse("lookout-detail", args=[lookout.uid])).content.decode()
    assert reverse("lookout-act", args=[lookout.uid]) not in text
    assert act_on(client, lookout, "withdraw", reason="Not ours").status_code == 403


def test_a_lookout_is_entered_shared_and_shown(signed_in, owner):
    client = signed_in("ukba.analyst")
    answer = client.post(reverse("lookout-new"), form(mode="stop", notified=["PAF"], shared=["DOUANES"],
                                                      instruction="Hold it at the booth."))  # fmt: skip
    assert answer.status_code == 302
    with owner():
        lookout = Lookout.objects.get()
        assert (lookout.mark_norm, lookout.mode, lookout.instruction) == (
            "AB123CD",
            "stop",
            "Hold it at the booth.",
        )
        assert len(lookout.viewers) == 2
    text = client.get(answer["Location"]).content.decode()
    assert "Hold it at the booth." in text
    assert "French customs (DOUANES)" in text


def test_what_a_silent_lookout_does_not_ask_for_is_left_out(signed_in, owner):
    client = signed_in("ukba.analyst")
    client.post(
        reverse("lookout-new"), form(notified=["PAF"], instruction="typed before the choice", desk="PAF-DESK")
    )
    with owner():
        lookout = Lookout.objects.get()
    assert (lookout.notified_group_ids, lookout.instruction, lookout.desk_id) == ([], "", None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"mark": "-"}, "mark"),
        ({"kind": "container", "mark": "CSQU3054384"}, "mark"),
        ({"mode": "stop"}, "notified"),
        ({"mode": "refer", "notified": ["PAF"]}, "desk"),
        ({"reason": ""}, "reason"),
        ({"expires": "2009-01-01"}, "expires"),
        ({"review_due": "2009-01-01"}, "review_due"),
        ({"notified": ["NOBODY"], "mode": "stop"}, "notified"),
        ({"classification": "99"}, "classification"),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(signed_in, owner, wrong, field):
    typed = form(instruction="x", reason=wrong.get("reason", CANARY)) | wrong
    answer = signed_in("ukba.analyst").post(reverse("lookout-new"), typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert f'href="#id_{field}"' in text
    assert f'id="id_{field}_error"' in text
    assert typed["mark"] in text
    assert typed["reason"] in text
    with owner():
        assert not Lookout.objects.exists()


def test_the_same_form_sent_twice_enters_one_lookout(signed_in, owner):
    client = signed_in("ukba.analyst")
    sent = form(once="4c1e2f66-0d1b-4d7e-8a3b-3a0d2a5d8f11")
    client.post(reverse("lookout-new"), sent)
    again = client.post(reverse("lookout-new"), sent)
    assert again.status_code == 302
    with owner():
        assert Lookout.objects.count() == 1


def test_a_form_that_was_refused_can_be_put_right_and_sent_again(signed_in, owner):
    client = signed_in("ukba.analyst")
    sent = form(once="9c1e2f66-0d1b-4d7e-8a3b-3a0d2a5d8f12", review_due="2009-01-01")
    assert client.post(reverse("lookout-new"), sent).status_code == 422
    assert client.post(reverse("lookout-new"), sent | {"review_due": form()["review_due"]}).status_code == 302
    with owner():
        assert Lookout.objects.count() == 1


def test_a_second_lookout_for_the_same_mark_is_entered_only_by_whoever_says_so(signed_in, owner, cell):
    first, client = cell.looks(mark="AB-123-CD"), signed_in("ukba.analyst")
    asked = client.post(reverse("lookout-new"), form(mark="A8 123 CD"))  # folded, as the matcher folds it
    text = asked.content.decode()
    assert asked.status_code == 422
    assert first.reference in text
    assert "Enter this one as well" in text
    assert client.post(reverse("lookout-new"), form(another="on")).status_code == 302
    with owner():
        assert Lookout.objects.count() == 2


def test_another_agencys_lookout_for_the_same_mark_is_never_told_by_a_warning(signed_in, owner, cell):
    hidden = cell.looks("douanes.analyst", mark="AB 123 CD")
    answer = signed_in("ukba.analyst").post(reverse("lookout-new"), form())
    assert answer.status_code == 302
    with owner():
        assert Lookout.objects.exclude(pk=hidden.pk).count() == 1


def test_extending_asks_for_days_and_a_reason_and_keeps_what_was_typed(signed_in, cell):
    lookout, client = cell.looks(), signed_in("ukba.analyst")
    later = (timezone.localdate() + dt.timedelta(days=90)).isoformat()
    refused = act_on(client, lookout, "extend", expires=later, review_due=later, reason="")
    assert refused.status_code == 422
    assert f'value="{later}"' in refused.content.decode()
    done = act_on(
        client, lookout, "extend", expires=later, review_due=later, reason="Still needed, seen twice"
    )
    assert done.status_code == 302
    assert cell.audit("lookout.extend")[0].purpose == "Still needed, seen twice"
    text = client.get(reverse("lookout-detail", args=[lookout.uid])).content.decode()
    assert "Still needed, seen twice" in text


def test_a_withdrawn_lookout_says_why_and_offers_no_further_act(signed_in, cell):
    lookout, client = cell.looks(), signed_in("ukba.analyst")
    assert act_on(client, lookout, "withdraw", reason="Vehicle found").status_code == 302
    text = client.get(reverse("lookout-detail", args=[lookout.uid])).content.decode()
    assert "Vehicle found" in text
    assert reverse("lookout-act", args=[lookout.uid]) not in text
    late = act_on(client, lookout, "withdraw", reason="Once more")
    assert "no longer active" in client.get(late["Location"]).content.decode()


def test_the_owner_sees_the_hits_of_a_lookout_on_its_page(signed_in, cell):
    lookout = cell.looks()
    cell.sees(sighting("AB-123-CD"))
    text = signed_in("ukba.officer").get(reverse("lookout-detail", args=[lookout.uid])).content.decode()
    assert reverse("hit-detail", args=[cell.hits()[0].uid]) in text


def test_a_compartment_is_offered_to_its_members_only(signed_in, world, cell, owner):
    with owner():
        circle = Compartment.objects.get()
    inside = signed_in("ukba.analyst")
    assert "LANTERN" in inside.get(reverse("lookout-new")).content.decode()
    inside.post(reverse("lookout-new"), form(compartment=str(circle.uid)))
    reference = cell.as_owner(lambda: Lookout.objects.get().reference)
    outside = signed_in("ukba.supervisor")
    assert "LANTERN" not in outside.get(reverse("lookout-new")).content.decode()
    assert reference not in outside.get(reverse("lookout-list")).content.decode()
    assert reference in inside.get(reverse("lookout-list")).content.decode()


def test_pages_turn_by_cursors_that_nobody_else_can_use(signed_in, cell):
    for number in range(52):
        cell.looks(mark=f"AB {100 + number} CD")
    client = signed_in("ukba.analyst")
    first = client.get(reverse("lookout-list"))
    older = first.context["page"].older
    second = client.get(reverse("lookout-list") + older)
    assert len(second.context["page"].rows) == 2
    assert second.context["page"].newer
    assert signed_in("ukba.officer").get(reverse("lookout-list") + older).status_code == 400
    assert client.get(reverse("lookout-list"), {"cursor": "x"}).status_code == 400


def test_an_unknown_filter_value_is_refused(signed_in):
    assert signed_in("ukba.analyst").get(reverse("lookout-list"), {"state": "lost"}).status_code == 400

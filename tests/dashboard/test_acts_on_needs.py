"""Acts by one key: the card as it stands then, a plain sentence for who came second, and no act without a right."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scanning.models import Alarm
from tests.intelligence.conftest import CANARY
from tests.making import make_alarm, make_passage

pytestmark = pytest.mark.django_db

LIVE = {"HX-Request": "true"}


def act(client, kind, record, name, *, live=True, **more):
    path = reverse("need-act", args=[kind, record.uid])
    return client.post(path, {"act": name, **more}, headers=LIVE if live else {})


def card(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.context["card"], answer.context["error"]


@pytest.fixture
def alarm(world, owner):
    """A gamma alarm of a lorry at a portal that UKBA, PAF and customs see."""
    with owner():
        passage = make_passage(("L1-RPM", timezone.now()), marks=["AB-123-CD"])
        return make_alarm("L1-RPM", timezone.now(), passage=passage)


def test_an_alarm_is_acknowledged_shown_as_settled_and_can_be_undone(signed_in, alarm, owner):
    client = signed_in("ukba.officer")
    settled, error = card(act(client, "alarm", alarm, "acknowledge"))
    assert (settled.settled, error, settled.mine) == ("Acknowledged by Officer Ukba", "", True)
    assert [each.code for each in settled.acts] == ["undo"]
    with owner():
        assert Alarm.objects.get().acknowledged_at is not None
    open_again, error = card(act(client, "alarm", alarm, "undo"))
    assert (open_again.settled, error) == ("", "")
    assert [each.code for each in open_again.acts] == ["acknowledge", "take"]
    with owner():
        assert Alarm.objects.get().acknowledged_at is None


def test_who_acknowledges_second_is_told_that_somebody_was_faster_and_cannot_undo_it(signed_in, alarm, owner):
    act(signed_in("ukba.officer"), "alarm", alarm, "acknowledge")
    second = signed_in("paf.officer", headers={"Accept-Language": "fr"})
    settled, error = card(act(second, "alarm", alarm, "acknowledge"))
    assert error
    # Of another agency the agency stands, never the officer's name.
    assert "UKBA" in settled.settled
    assert "Officer" not in settled.settled
    assert settled.acts == ()
    _, refused = card(act(second, "alarm", alarm, "undo"))
    assert refused
    with owner():
        assert Alarm.objects.get().acknowledged_by.username == "ukba.officer"


def test_an_acknowledgement_is_past_undoing_after_half_a_minute(signed_in, alarm, owner):
    client = signed_in("ukba.officer")
    act(client, "alarm", alarm, "acknowledge")
    with owner():
        Alarm.objects.update(acknowledged_at=timezone.now() - dt.timedelta(seconds=31))
    settled, error = card(act(client, "alarm", alarm, "undo"))
    assert error
    assert settled.acts == ()


def test_a_notice_is_taken_then_decided_by_the_agency_that_took_it(signed_in, cell):
    cell.stops(notified_agencies=("PAF", "DOUANES"))
    cell.sees()
    (notice,) = cell.notices()
    paf, customs = signed_in("paf.officer"), signed_in("douanes.officer")
    taken, error = card(act(paf, "notice", notice, "take"))
    assert (error, taken.sounds, taken.mine, taken.settled) == ("", False, True, "")
    assert [each.code for each in taken.acts] == ["confirm", "reject"]
    theirs, error = card(act(customs, "notice", notice, "take"))
    assert error
    assert (theirs.owner, theirs.acts) == ("PAF", ())
    _, error = card(act(customs, "notice", notice, "confirm"))
    assert error
    decided, error = card(act(paf, "notice", notice, "confirm"))
    assert error == ""
    assert "Officer Paf" in decided.settled
    assert decided.acts == ()  # there is no way back from a decision, so none is offered


def test_a_rejection_needs_a_reason_and_says_so_on_the_card(signed_in, cell):
    cell.stops()
    cell.sees()
    (notice,) = cell.notices()
    client = signed_in("paf.officer")
    still, error = card(act(client, "notice", notice, "reject"))
    assert error
    assert still.settled == ""
    decided, error = card(act(client, "notice", notice, "reject", reason="misread"))
    assert (error, bool(decided.settled)) == ("", True)


def test_the_owner_confirms_or_rejects_the_match_once(signed_in, cell):
    cell.looks()
    cell.sees()
    (hit,) = cell.hits()
    client = signed_in("ukba.officer")
    opened = client.get(reverse("board-needs")).context["part"].cards[0]
    assert [(each.code, each.shortcut) for each in opened.acts] == [("confirm", "c"), ("reject", "x")]
    assert [reason.code for reason in opened.acts[1].reasons] == [
        "misread", "other_vehicle", "left", "not_identified",
    ]  # fmt: skip
    confirmed, error = card(act(client, "hit", hit, "confirm"))
    assert (error, confirmed.settled) == ("", "Hit confirmed by Officer Ukba")
    again, error = card(act(signed_in("ukba.supervisor"), "hit", hit, "reject", reason="left"))
    assert error == "This match has already been decided or has expired."
    assert again.settled == "Hit confirmed by Officer Ukba"


def test_the_answer_to_an_act_never_carries_the_reason_of_the_lookout(signed_in, cell):
    cell.stops(notified_agencies=("PAF", "UKBA"))
    cell.sees()
    ((hit,), (notice,)) = cell.hits(), cell.notices()
    answers = [
        act(signed_in("paf.officer"), "notice", notice, "take"),
        act(signed_in("ukba.officer"), "hit", hit, "confirm"),
    ]
    assert all(answer.status_code == 200 for answer in answers)
    assert not any(CANARY.encode() in answer.content for answer in answers)


@pytest.mark.parametrize(("kind", "name"), [("hit", "confirm"), ("notice", "take"), ("alarm", "acknowledge")])
def test_what_an_officer_may_not_see_cannot_be_acted_on_nor_found_out(signed_in, cell, owner, kind, name):
    cell.stops()
    cell.sees()
    with owner():
        hidden = make_alarm("L1-HB", timezone.now())  # UKBA's own
    record = {"hit": cell.hits()[0], "notice": cell.notices()[0], "alarm": hidden}[kind]
    absent = type(record)()
    outsider = signed_in("douanes.officer")
    answers = [act(outsider, kind, each, name) for each in (record, absent)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_the_port_operator_may_acknowledge_what_it_sees_and_decide_nothing(signed_in, cell, owner):
    with owner():
        fault = make_alarm("L1-ANPR-F", timezone.now(), rule="device_silent", severity="medium")
    cell.looks()
    cell.sees()
    settled, error = card(act(signed_in("ccic.officer"), "alarm", fault, "acknowledge"))
    assert (bool(settled.settled), error) == (True, "")
    assert act(signed_in("ccic.supervisor"), "hit", cell.hits()[0], "confirm").status_code in {403, 404}


def test_an_auditor_looks_and_does_not_act(signed_in, alarm, owner):
    client = signed_in("ukba.auditor")
    (shown,) = client.get(reverse("board-needs")).context["part"].cards
    assert shown.acts == ()
    answer = act(client, "alarm", alarm, "acknowledge")
    assert answer.status_code == 403
    assert b"<h1>" in answer.content
    with owner():
        assert Alarm.objects.get().acknowledged_at is None


def test_without_scripts_an_act_leads_back_to_where_it_was_asked_with_what_went_wrong(signed_in, alarm):
    first, second = signed_in("ukba.officer"), signed_in("ukba.supervisor")
    answer = act(first, "alarm", alarm, "acknowledge", live=False)
    assert (answer.status_code, answer.url) == (302, reverse("board"))
    answer = second.post(
        reverse("need-act", args=["alarm", alarm.uid]),
        {"act": "acknowledge"},
        headers={"Referer": f"http://testserver{reverse('alarm-list')}"},
        follow=True,
    )
    assert answer.redirect_chain == [(f"http://testserver{reverse('alarm-list')}", 302)]
    assert "Another officer has already acknowledged this alarm." in answer.content.decode()


def test_an_act_never_leads_away_from_the_centre(signed_in, alarm):
    answer = signed_in("ukba.officer").post(
        reverse("need-act", args=["alarm", alarm.uid]),
        {"act": "acknowledge", "next": "https://elsewhere.example/"},
    )
    assert answer.url == reverse("board")


@pytest.mark.parametrize(
    ("kind", "name"), [("alarm", "confirm"), ("hit", "undo"), ("notice", ""), ("alarm", "delete")]
)
def test_acts_that_are_not_offered_are_refused(signed_in, alarm, kind, name):
    assert act(signed_in("ukba.officer"), kind, alarm, name).status_code == 400


def test_there_are_three_kinds_of_needs(signed_in, alarm):
    assert act(signed_in("ukba.officer"), "lookout", alarm, "acknowledge").status_code == 404


def test_a_forged_form_changes_nothing(world, alarm, owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.officer("ukba.officer"), "allauth.account.auth_backends.AuthenticationBackend")
    assert act(client, "alarm", alarm, "acknowledge").status_code == 403
    with owner():
        assert Alarm.objects.get().acknowledged_at is None


def test_the_forms_on_a_card_carry_the_readers_own_token(world, alarm, signed_in, owner):
    other = signed_in("ukba.officer")
    other.get(reverse("board"))  # the markup of the card is remembered now
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        world.officer("ukba.supervisor"), "allauth.account.auth_backends.AuthenticationBackend"
    )
    page = client.get(reverse("board")).content.decode()
    form = page[page.index(f"/needs/alarm/{alarm.uid}/act/") :]
    token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = act(client, "alarm", alarm, "acknowledge", csrfmiddlewaretoken=token)
    assert answer.status_code == 200
    assert "TOKENPLACE" not in page

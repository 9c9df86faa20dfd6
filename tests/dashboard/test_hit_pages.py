"""Hits and notices on their pages: the owner's record, and what the front line is told of it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from intelligence.models import Notice
from intelligence.services.duties import decisions_reflect, notices_escalate
from tests.intelligence.conftest import CANARY, sighting

pytestmark = pytest.mark.django_db


def page(client, record):
    return client.get(reverse("hit-detail", args=[record.uid]))


def decide(client, record, decision, outcome=""):
    return client.post(reverse("hit-detail", args=[record.uid]), {"decision": decision, "outcome": outcome})


@pytest.mark.parametrize("role", ["officer", "analyst", "supervisor"])
@pytest.mark.parametrize("agency", ["ukba", "paf", "douanes"])
def test_every_authority_opens_the_list_and_an_empty_one_says_what_would_stand_there(signed_in, agency, role):
    answer = signed_in(f"{agency}.{role}").get(reverse("hit-list"))
    assert answer.status_code == 200
    assert not answer.context["page"].rows
    assert 'class="empty"' in answer.content.decode()


def test_the_port_operator_sees_notices_meant_for_it_and_no_hits(signed_in, cell):
    cell.stops(notified_agencies=("CCIC",))
    cell.looks(mark="XY 987 ZZ")
    cell.sees(sighting("AB-123-CD"), sighting("XY-987-ZZ"))
    rows = signed_in("ccic.officer").get(reverse("hit-list")).context["page"].rows
    assert [row.kind for row in rows] == ["notice"]
    assert signed_in("ccic.auditor").get(reverse("hit-list")).status_code == 403


def test_owner_and_front_line_each_see_their_own_record_and_the_others_nothing(signed_in, cell):
    cell.stops()
    cell.sees()
    seen = {
        agency: {
            row.kind for row in signed_in(f"{agency}.officer").get(reverse("hit-list")).context["page"].rows
        }
        for agency in ("ukba", "paf", "douanes", "ccic")
    }
    assert seen == {"ukba": {"hit", "notice"}, "paf": {"notice"}, "douanes": set(), "ccic": set()}


def test_a_silent_hit_is_the_owners_alone(signed_in, cell):
    cell.looks()
    cell.sees()
    (hit,) = cell.hits()
    assert page(signed_in("ukba.officer"), hit).status_code == 200
    for agency in ("paf", "douanes", "ccic"):
        assert page(signed_in(f"{agency}.supervisor"), hit).status_code == 404


def test_the_notice_tells_the_action_and_never_the_reason(signed_in, cell):
    cell.stops()
    cell.sees()
    answer = page(signed_in("paf.officer"), cell.notices()[0])
    text = answer.content.decode()
    assert "Hold it at the booth." in text
    assert CANARY not in text
    assert cell.audit("notice.read")[0].actor_label == "Officer Paf"


def test_a_referred_officer_is_given_the_desk_and_its_telephone(signed_in, cell, world, owner):
    with owner():
        desk = world.desk("UKBA")
        desk.phone = "+33 3 21 00 00 01"
        desk.save()
    cell.refers()
    cell.sees()
    text = page(signed_in("paf.officer"), cell.notices()[0]).content.decode()
    assert "Bureau UKBA" in text
    assert "+33 3 21 00 00 01" in text


def test_a_misreading_is_shown_letter_by_letter(signed_in, cell):
    cell.looks(mark="B0ZYX71")
    cell.sees(sighting("BOZYX71"))
    match = page(signed_in("ukba.officer"), cell.hits()[0]).context["page"].card.match
    assert not match.exact
    assert [pair for pair in match.pairs if not pair[2]] == [("O", "0", False)]


def test_the_front_line_takes_a_notice_and_of_two_only_one_has_it(signed_in, cell):
    cell.stops()
    cell.sees()
    (notice,) = cell.notices()
    address = reverse("hit-detail", args=[notice.uid])
    first, second = signed_in("paf.officer"), signed_in("paf.analyst")
    assert first.post(address, {"take": "1"}).status_code == 302
    late = second.post(address, {"take": "1"}, follow=True)
    assert [str(message) for message in late.context["messages"]]
    assert cell.notices()[0].taken_by.username == "paf.officer"
    assert len(cell.audit("notice.take")) == 1


def test_what_the_front_line_decided_and_did_reaches_the_owner(signed_in, cell):
    cell.stops()
    cell.sees()
    (notice,) = cell.notices()
    officer = signed_in("paf.officer")
    assert (
        decide(officer, notice, "confirm", "Held at booth 3, handed to the duty officer.").status_code == 302
    )
    cell.as_worker(decisions_reflect)
    text = page(signed_in("ukba.analyst"), cell.hits()[0]).content.decode()
    assert "Hit confirmed" in text
    assert "Held at booth 3" in text
    assert "PAF" in text


def test_a_decision_needs_an_answer_and_keeps_what_was_typed(signed_in, cell):
    cell.looks()
    cell.sees()
    (hit,) = cell.hits()
    refused = decide(signed_in("ukba.officer"), hit, "", "Seen at the booth")
    assert refused.status_code == 422
    text = refused.content.decode()
    assert 'href="#id_decision"' in text
    assert "Seen at the booth" in text
    assert cell.hits()[0].state == "match"


def test_the_owner_rejects_with_a_reason_and_the_notice_goes_out_with_it(signed_in, cell):
    cell.stops()
    cell.sees()
    (hit,) = cell.hits()
    assert decide(signed_in("ukba.officer"), hit, "misread").status_code == 302
    assert (cell.hits()[0].state, cell.hits()[0].reject_reason) == ("rejected", "misread")
    answer = page(signed_in("paf.officer"), cell.notices()[0])
    assert answer.context["form"] is None
    assert not answer.context["page"].card.acts


def test_a_second_decision_is_refused_in_words(signed_in, cell):
    cell.looks()
    cell.sees()
    (hit,) = cell.hits()
    client = signed_in("ukba.officer")
    decide(client, hit, "confirm")
    again = decide(client, hit, "misread")
    assert "already been decided" in client.get(again["Location"]).content.decode()
    assert cell.hits()[0].state == "confirmed"


def test_another_agency_cannot_decide_on_what_it_cannot_see(signed_in, cell):
    cell.stops()
    cell.sees()
    (hit,), (notice,) = cell.hits(), cell.notices()
    assert decide(signed_in("paf.officer"), hit, "confirm").status_code == 404
    assert decide(signed_in("douanes.officer"), notice, "confirm").status_code == 404
    assert (
        signed_in("douanes.officer").post(reverse("hit-detail", args=[notice.uid]), {"take": "1"}).status_code
        == 404
    )


def test_an_escalation_stands_in_the_story(signed_in, cell):
    cell.stops()
    cell.sees(sighting("AB-123-CD", seen_at=timezone.now() - dt.timedelta(minutes=4)))
    cell.as_owner(_made_earlier)
    cell.as_worker(notices_escalate)
    story = page(signed_in("ukba.analyst"), cell.hits()[0]).context["page"].history
    assert any("Escalated" in entry.what for entry in story)


def _made_earlier():
    Notice.objects.update(created_at=timezone.now() - dt.timedelta(minutes=4))


def test_the_list_is_narrowed_by_kind_state_and_priority(signed_in, cell):
    cell.stops(priority="high")
    cell.looks(mark="XY 987 ZZ", priority="low")
    cell.sees(sighting("AB-123-CD"), sighting("XY-987-ZZ"))
    client = signed_in("ukba.officer")
    decide(client, next(hit for hit in cell.hits() if hit.priority == "low"), "misread")

    def kinds(**given):
        return sorted(row.kind for row in client.get(reverse("hit-list"), given).context["page"].rows)

    assert kinds() == ["hit", "hit", "notice"]
    assert kinds(kind="notice") == ["notice"]
    assert kinds(state="rejected") == ["hit"]
    assert kinds(priority="low") == ["hit"]
    assert kinds(state="taken") == []
    assert client.get(reverse("hit-list"), {"state": "lost"}).status_code == 400


def test_hits_and_notices_turn_together_and_none_is_lost_or_doubled(signed_in, cell):
    start = timezone.now() - dt.timedelta(hours=3)
    for number in range(60):
        mark = f"AB {100 + number} CD"
        (cell.stops if number % 3 == 0 else cell.looks)(mark=mark)
        cell.sees(sighting(mark, seen_at=start + dt.timedelta(minutes=number // 2)))
    client = signed_in("ukba.analyst")
    seen, query, pages = [], "", []
    while True:
        answer = client.get(reverse("hit-list") + query)
        shown = answer.context["page"]
        pages.append([row.id for row in shown.rows])
        seen += [row.id for row in shown.rows]
        if not shown.older:
            break
        query = shown.older
    everything = {str(record.uid) for record in (*cell.hits(), *cell.notices())}
    assert len(seen) == len(set(seen)) == len(everything) == 80
    assert set(seen) == everything
    back = client.get(reverse("hit-list") + shown.newer).context["page"]
    assert [row.id for row in back.rows][-len(pages[-2]) :] == pages[-2][-len(back.rows) :]


def test_the_reading_of_a_list_is_recorded_once_for_each_kind(signed_in, cell):
    cell.stops()
    cell.sees()
    signed_in("ukba.analyst").get(reverse("hit-list"))
    assert [len(record.object_uids) for record in cell.audit("hit.read")] == [1]
    assert [len(record.object_uids) for record in cell.audit("notice.read")] == [1]

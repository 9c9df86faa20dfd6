"""Pages on which an officer splits and merges passages, in both languages, and what the passage tells of it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from scanning.models import PassageMove, ScanEvent
from tests.making import make_passage

pytestmark = pytest.mark.django_db
WHY = "two lorries nose to tail"


def ago(minutes):
    return timezone.now().replace(microsecond=0) - dt.timedelta(minutes=minutes)


@pytest.fixture
def passage(owner):
    with owner():
        return make_passage(
            ("L1-ANPR-F", ago(30)), ("L1-RPM", ago(29)), ("L1-HB", ago(28)), marks=["AB-123-CD"]
        )


@pytest.fixture
def other(owner):
    with owner():
        return make_passage(("L1-ANPR-R", ago(27)), marks=["A8-123-CD"])


def events_of(owner, passage, code, world):
    with owner():
        row = ScanEvent.objects.get(passage_id=passage.pk, device_id=world.device(code).pk)
        return str(row.uid)


def page_of(signed_in, who, passage):
    return signed_in(who).get(reverse("passage-detail", args=[passage.uid])).content.decode()


def test_a_split_from_the_page_to_the_passage_that_tells_of_it_and_its_undoing(
    signed_in, world, owner, passage, carry_out
):
    where = reverse("passage-correct", args=[passage.uid])
    assert where in page_of(signed_in, "paf.officer", passage)
    moving = events_of(owner, passage, "L1-RPM", world)
    asked = {"act": "split", "split-events": [moving], "split-reason": WHY}
    answer = signed_in("paf.officer").post(where, asked)
    assert (answer.status_code, answer["Location"]) == (302, reverse("passage-detail", args=[passage.uid]))
    waiting = page_of(signed_in, "paf.officer", passage)
    assert "data-waiting" in waiting
    assert "En cours d’exécution" in waiting
    carry_out()
    done = page_of(signed_in, "ukba.officer", passage)
    assert "data-waiting" not in done
    assert "Events were split off" in done
    assert WHY in done
    with owner():
        move = PassageMove.objects.get()
    assert reverse("passage-detail", args=[move.target_uid]) in done
    undo = reverse("correction-undo", args=[move.correction])
    assert undo in done
    form = signed_in("ukba.officer").get(undo).content.decode()
    assert WHY in form
    assert signed_in("ukba.officer").post(undo, {"reason": "one lorry"}).status_code == 302
    carry_out()
    again = page_of(signed_in, "ukba.officer", passage)
    assert "A correction was undone" in again
    assert undo not in again


def test_the_nearest_alike_can_be_chosen_and_its_address_leads_on(
    signed_in, owner, passage, other, carry_out
):
    where = reverse("passage-correct", args=[passage.uid])
    form = signed_in("ukba.officer").get(where).content.decode()
    assert f'value="{other.uid}"' in form
    asked = {"act": "merge", "merge-near": str(other.uid), "merge-other": "", "merge-reason": WHY}
    assert signed_in("ukba.officer").post(where, asked).status_code == 302
    carry_out()
    browser = signed_in("paf.officer")
    gone = browser.get(reverse("passage-detail", args=[other.uid]))
    assert (gone.status_code, gone["Location"]) == (302, reverse("passage-detail", args=[passage.uid]))
    told = browser.get(gone["Location"]).content.decode()
    assert "Le passage demandé a été corrigé" in told
    assert "Un autre passage a été repris dans celui-ci" in told


def test_what_is_wrong_is_said_at_its_field_and_what_was_ticked_stays_ticked(
    signed_in, world, owner, passage
):
    where = reverse("passage-correct", args=[passage.uid])
    moving = events_of(owner, passage, "L1-RPM", world)
    answer = signed_in("ukba.officer").post(
        where, {"act": "split", "split-events": [moving], "split-reason": ""}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{moving}" id="pick-2" checked' in page
    answer = signed_in("ukba.officer").post(where, {"act": "merge", "merge-reason": WHY})
    assert answer.status_code == 422
    assert "Choose the passage that is the same vehicle." in answer.content.decode()
    assert signed_in("ukba.officer").post(where, {"act": "burn"}).status_code == 400


def test_a_passage_with_one_event_has_nothing_to_split(signed_in, other):
    page = signed_in("ukba.officer").get(reverse("passage-correct", args=[other.uid])).content.decode()
    assert "nothing to split" in page


def test_an_officer_who_sees_one_event_less_is_not_offered_it(signed_in, world, owner, passage):
    hidden = events_of(owner, passage, "L1-HB", world)
    where = reverse("passage-correct", args=[passage.uid])
    assert hidden not in signed_in("paf.officer").get(where).content.decode()
    assert hidden in signed_in("ukba.officer").get(where).content.decode()


def test_a_second_correction_waits_for_the_first(signed_in, world, owner, passage):
    where = reverse("passage-correct", args=[passage.uid])
    asked = {
        "act": "split",
        "split-events": [events_of(owner, passage, "L1-RPM", world)],
        "split-reason": WHY,
    }
    signed_in("paf.officer").post(where, asked)
    browser = signed_in("ukba.officer")
    browser.post(where, asked)
    assert "is just being corrected" in page_of(lambda _who: browser, "", passage)
    with owner():
        assert PassageMove.objects.count() == 1


def test_the_port_reads_what_was_corrected_and_corrects_nothing(signed_in, world, owner, passage, carry_out):
    asked = {
        "act": "split",
        "split-events": [events_of(owner, passage, "L1-ANPR-F", world)],
        "split-reason": WHY,
    }
    where = reverse("passage-correct", args=[passage.uid])
    signed_in("ukba.officer").post(where, asked)
    carry_out()
    with owner():
        target = PassageMove.objects.get().target_uid
    page = signed_in("ccic.officer").get(reverse("passage-detail", args=[target])).content.decode()
    assert WHY in page
    assert where not in page
    assert signed_in("ccic.officer").get(where).status_code in {403, 404}

"""Pages of access requests."""

import pytest

from intelligence.models import AccessCase
from intelligence.services.access import access_answers_carry, access_requests_route

pytestmark = pytest.mark.django_db

URL = "/access/"


def test_asking_granting_and_reading(cell, signed_in):
    lookout = cell.looks("ukba.analyst")
    asker, owner = signed_in("paf.officer"), signed_in("ukba.supervisor")
    sent = asker.post(URL, {"reference": lookout.reference.lower(), "purpose": "same trailer"}, follow=True)
    assert "son service d’origine a été saisi" in sent.content.decode()
    cell.as_worker(access_requests_route)
    uid = cell.as_owner(lambda: AccessCase.objects.get().uid)
    assert f"/access/cases/{uid}/" in owner.get(URL).content.decode()
    page = owner.get(f"/access/cases/{uid}/").content.decode()
    assert f"PAF asks for {lookout.reference}" in page
    assert owner.post(f"/access/cases/{uid}/", {"answer": "granted", "message": ""}).status_code == 302
    cell.as_worker(access_answers_carry)
    assert "Accordée" in asker.get(URL).content.decode()
    assert asker.get(f"/lookouts/{lookout.uid}/").status_code == 200


def test_absent_and_hidden_get_the_same_sentence(cell, signed_in):
    lookout = cell.looks("ukba.analyst")
    texts = set()
    for reference in (lookout.reference, "UKBA-L-2026-000999"):
        answer = signed_in("paf.officer").post(URL, {"reference": reference, "purpose": "same trailer"})
        texts.add((answer.status_code, answer["Location"]))
    assert texts == {(302, URL)}


def test_an_answer_without_words_is_asked_for_again(cell, signed_in):
    lookout = cell.looks("ukba.analyst")
    signed_in("paf.officer").post(URL, {"reference": lookout.reference, "purpose": "same trailer"})
    cell.as_worker(access_requests_route)
    uid = cell.as_owner(lambda: AccessCase.objects.get().uid)
    owner = signed_in("ukba.analyst")
    for given in ({"answer": "answered"}, {"answer": "silent", "message": "never ever"}, {"answer": "x"}, {}):
        assert owner.post(f"/access/cases/{uid}/", given).status_code == 422
    assert signed_in("paf.analyst").get(f"/access/cases/{uid}/").status_code == 404


@pytest.mark.parametrize("username", ["ccic.officer", "ukba.auditor", "ukba.administrator"])
def test_whoever_may_not_ask_finds_no_page(world, signed_in, username):
    assert signed_in(username).get(URL).status_code == 403


def test_what_is_no_reference_and_a_spent_budget_are_said_at_the_form(cell, signed_in, settings):
    asker = signed_in("ukba.officer")
    assert asker.post(URL, {"reference": "x", "purpose": "same trailer"}).status_code == 422
    settings.ACCESS_BUDGET_OFFICER_PER_HOUR = 0
    assert asker.post(URL, {"reference": "PAF-L-2026-1", "purpose": "same trailer"}).status_code == 429

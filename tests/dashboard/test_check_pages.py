"""A check by hand on its page: a purpose first, the same look for every mark, and only what may be told."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Shift
from intelligence.models import Check
from intelligence.services.checks import checks_answer
from tests.intelligence.conftest import CANARY

pytestmark = pytest.mark.django_db

PURPOSE = "Driver's papers do not fit the load"


def ask(client, mark="AB 123 CD", purpose=PURPOSE):
    return client.post(reverse("check"), {"mark": mark, "purpose": purpose})


@pytest.fixture
def answered(cell, owner):
    """`answered(client, mark)`: the page of a check that the worker has answered and whose second is over."""

    def act(client, mark="AB 123 CD"):
        asked = ask(client, mark)
        assert asked.status_code == 302
        cell.as_worker(checks_answer)
        with owner():
            Check.objects.update(asked_at=timezone.now() - dt.timedelta(seconds=2))
        return client.get(asked["Location"])

    return act


def shape(text):
    """A page without what chance and the clock put there."""
    text = re.sub(r'value="[A-Za-z0-9]{64}"|"X-CSRFToken": "\w+"', "", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<uid>", text)
    text = re.sub(r'<span class="soft">[^<]*60[^<]*</span>', "", text)  # how many checks are left
    return re.sub(r"\d\d:\d\d(:\d\d)?|T\d\d:\d\d:\d\d\.\d+\S*|\d{4}-\d\d-\d\dT[^\"]*", "<time>", text)


@pytest.mark.parametrize("agency", ["ukba", "paf", "douanes"])
@pytest.mark.parametrize("role", ["officer", "analyst", "supervisor"])
def test_officers_of_every_authority_may_check(signed_in, agency, role):
    assert signed_in(f"{agency}.{role}").get(reverse("check")).status_code == 200


@pytest.mark.parametrize("who", ["ccic.officer", "ccic.supervisor", "ukba.auditor", "paf.administrator"])
def test_who_may_not_check_gets_no_page_and_no_check_is_made(signed_in, who, owner):
    client = signed_in(who)
    assert client.get(reverse("check")).status_code == 403
    assert ask(client).status_code == 403
    with owner():
        assert not Check.objects.exists()


@pytest.mark.parametrize(("mark", "purpose", "field"), [("AB 123 CD", "", "purpose"), ("-", PURPOSE, "mark")])
def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(signed_in, mark, purpose, field, owner):
    answer = ask(signed_in("paf.officer"), mark, purpose)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in text
    assert f'value="{mark}"' in text
    with owner():
        assert not Check.objects.exists()


def test_the_small_field_of_the_header_asks_for_the_purpose_first(signed_in, owner):
    answer = signed_in("paf.officer").post(reverse("check"), {"mark": "AB 123 CD", "from": "header"})
    assert answer.status_code == 200
    assert 'value="AB 123 CD"' in answer.content.decode()
    with owner():
        assert not Check.objects.exists()


def test_the_purpose_of_the_shift_is_proposed(signed_in, world, owner):
    with owner():
        now = timezone.now()
        Shift.objects.create(
            desk=world.desk("PAF"), lead=world.officer("paf.officer"), starts_at=now - dt.timedelta(hours=1),
            ends_at=now + dt.timedelta(hours=1), purpose="Sorties fret, nuit",
        )  # fmt: skip
    assert 'value="Sorties fret, nuit"' in signed_in("paf.officer").get(reverse("check")).content.decode()
    assert (
        'value=""'
        not in signed_in("paf.analyst").get(reverse("check")).context["form"]["purpose"].as_widget()
    )


def test_the_page_asks_again_until_the_answer_is_there(signed_in, cell, owner):
    client = signed_in("paf.officer")
    asked = ask(client)
    waiting = client.get(asked["Location"])
    assert f'hx-get="{asked["Location"]}"' in waiting.content.decode()
    assert waiting.context["page"].answer is None
    cell.as_worker(checks_answer)
    assert (
        client.get(asked["Location"]).context["page"].answer is None
    )  # answered, but not before its second is over
    with owner():
        Check.objects.update(asked_at=timezone.now() - dt.timedelta(seconds=2))
    answer = client.get(asked["Location"])
    assert answer.context["page"].answer is not None
    assert "hx-trigger" not in answer.content.decode().split('id="answer"')[1].split(">")[0]


def test_a_silent_lookout_of_another_changes_nothing_on_any_page_of_the_check(signed_in, cell, answered):
    free = signed_in("paf.officer")
    before = shape(answered(free, "AB 123 CD").content.decode())
    cell.looks()
    asked = ask(free, "AB 123 CD")
    cell.as_worker(checks_answer)
    cell.as_owner(lambda: Check.objects.update(asked_at=timezone.now() - dt.timedelta(seconds=2)))
    after = shape(free.get(asked["Location"]).content.decode())
    assert cell.hits()[0].by_check  # for the owner it does change something
    assert after == before


def test_a_notice_answers_with_the_action_the_desk_and_no_reason(signed_in, cell, answered):
    cell.stops()
    answer = answered(signed_in("paf.officer"))
    (finding,) = answer.context["page"].answer.findings
    assert (finding.tone, finding.owner) == ("stop", "UKBA")
    text = answer.content.decode()
    assert "Hold it at the booth." in text
    assert CANARY not in text
    assert cell.audit("notice.read")[-1].purpose == PURPOSE


def test_the_own_agencys_lookout_answers_to_its_own_officers_only(signed_in, cell, answered):
    lookout = cell.looks()
    (finding,) = answered(signed_in("ukba.officer")).context["page"].answer.findings
    assert finding.reference == lookout.reference
    assert cell.audit("lookout.read")[-1].purpose == PURPOSE
    assert answered(signed_in("douanes.officer")).context["page"].answer.findings == ()


def test_another_officers_check_is_nobody_elses_page(signed_in, cell):
    asked = ask(signed_in("paf.officer"))
    assert signed_in("ukba.officer").get(asked["Location"]).status_code == 404
    assert signed_in("paf.analyst").get(asked["Location"]).status_code == 404


def test_a_spent_budget_is_said_and_the_attempt_is_recorded(signed_in, settings, cell):
    settings.CHECK_BUDGET_OFFICER_PER_HOUR = 1
    client = signed_in("paf.officer")
    ask(client)
    refused = ask(client, "XY 987 ZZ")
    assert refused.status_code == 429
    assert 'value="XY 987 ZZ"' in refused.content.decode()
    assert cell.audit("check.make")[-1].detail == {"refused": "budget"}

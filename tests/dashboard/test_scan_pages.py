"""Pages of scan requests and of the lawful-use matrix, in both languages, for both sides."""

import datetime as dt
import re
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from scanning.models import LawfulUse, ScanRequest
from tests.making import make_passage

pytestmark = pytest.mark.django_db
PARIS = zoneinfo.ZoneInfo("Europe/Paris")


@pytest.fixture
def passage(world, owner):
    """A lorry that UKBA sees, and what customs may look for with X-rays."""
    with owner():
        for purpose, verdict in (("contraband", "permitted"), ("persons", "refused")):
            LawfulUse.objects.create(
                agency_group_id=world.group("DOUANES"), technique="xray", purpose=purpose, verdict=verdict,
                condition_en="Goods only.", condition_fr="Marchandises seulement.", basis="note 1",
                valid_from=dt.date(2009, 1, 1),
            )  # fmt: skip
        return make_passage(("L1-HB", timezone.now() - dt.timedelta(minutes=2)), marks=["AB-123-CD"])


def question(**more):
    return {
        "offer": "xray:DOUANES", "purpose": "contraband", "body": "", "note": "behind the front pallet", "within": "30",
        "justification": "",
    } | more  # fmt: skip


def asked(signed_in, passage, **more):
    return signed_in("ukba.officer").post(reverse("scan-new", args=[passage.uid]), question(**more))


def test_an_officer_asks_from_the_passage_and_the_other_agency_answers(signed_in, passage, owner, world):
    page = signed_in("ukba.officer").get(reverse("passage-detail", args=[passage.uid])).content.decode()
    assert reverse("scan-new", args=[passage.uid]) in page
    answer = asked(signed_in, passage)
    assert answer.status_code == 302
    customs = signed_in("douanes.officer")
    listed = customs.get(reverse("scan-list")).content.decode()
    assert "AB-123-CD" in listed
    assert "Demandes de contrôle" in listed
    told = customs.post(answer["Location"], {"act": "done", "result": "clear", "finding": "rien à signaler"})
    assert told.status_code == 302
    for where in (answer["Location"], reverse("scan-list")):
        assert "Traitée" in customs.get(where).content.decode()  # a request is feminine, a delivery is not
    text = signed_in("ukba.officer").get(answer["Location"]).content.decode()
    assert "rien à signaler" in text
    page = signed_in("ukba.officer").get(reverse("passage-detail", args=[passage.uid])).content.decode()
    assert answer["Location"] in page
    assert "rien à signaler" in page.split('class="timeline"')[1].split("</ol>")[0]
    with owner():
        uid, asker = ScanRequest.objects.get().uid, world.group("UKBA")
        read = AuditEvent.objects.filter(action="scan_request.read", object_uids=[uid], agency_group_id=asker)
        assert read.count() == 2  # on the request's own page, and on the passage's


def test_the_law_is_told_at_the_field_and_nothing_typed_is_lost(signed_in, passage, owner):
    refused = asked(signed_in, passage, purpose="persons")
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "Goods only." in text
    assert "behind the front pallet" in text
    with owner():
        assert not ScanRequest.objects.exists()


def test_where_no_rule_stands_the_form_asks_why(signed_in, passage):
    text = asked(signed_in, passage, purpose="weapons").content.decode()
    assert 'id="id_justification_error"' in text
    assert asked(signed_in, passage, purpose="weapons", justification="prefect's order").status_code == 302


def test_accepting_names_a_time_and_refusing_says_why(signed_in, passage):
    where = asked(signed_in, passage)["Location"]
    customs = signed_in("douanes.officer")
    assert customs.post(where, {"act": "accept", "in_minutes": "15", "answer": "hall 8"}).status_code == 302
    assert "hall 8" in signed_in("ukba.officer").get(where).content.decode()
    silent = customs.post(where, {"act": "refuse", "reason": ""})
    assert silent.status_code == 422
    assert customs.post(where, {"act": "refuse", "reason": "panne du générateur"}).status_code == 302
    assert "panne du générateur" in signed_in("ukba.officer").get(where).content.decode()


def test_a_stranger_finds_no_request_and_an_act_that_is_none_is_refused(signed_in, passage):
    where = asked(signed_in, passage)["Location"]
    assert signed_in("paf.supervisor").get(where).status_code == 404
    auditor = signed_in("ukba.auditor").get(where)  # reads, and is offered no act
    assert auditor.status_code == 200
    assert 'name="act"' not in auditor.content.decode()
    assert signed_in("ukba.officer").post(where, {"act": "burn"}).status_code == 400
    assert signed_in("ukba.officer").get(reverse("scan-list"), {"state": "nonsense"}).status_code == 400


def test_lists_say_what_would_stand_in_them(signed_in):
    assert "No scan request yet." in signed_in("ukba.officer").get(reverse("scan-list")).content.decode()
    filtered = signed_in("ukba.officer").get(reverse("scan-list"), {"side": "true"}).content.decode()
    assert "No scan request fits these filters." in filtered
    assert "No rule yet." in signed_in("ukba.officer").get(reverse("law-list")).content.decode()


def test_a_keeper_enters_a_rule_and_everybody_reads_it_in_the_own_language(signed_in, world, owner):
    rule = {
        "technique": "xray", "purpose": "persons", "territory": "FR", "verdict": "refused", "basis": "note 14/2026",
        "condition_en": "Not for people.", "condition_fr": "Pas pour les personnes.",
        "valid_from": timezone.localdate(timezone=PARIS).isoformat(),  # the officer's day, not the machine's
    }  # fmt: skip
    keeper = signed_in("douanes.supervisor")
    assert reverse("law-new") in keeper.get(reverse("law-list")).content.decode()
    assert keeper.post(reverse("law-new"), rule | {"basis": ""}).status_code == 422
    assert keeper.post(reverse("law-new"), rule).status_code == 302
    assert "Not for people." in signed_in("ukba.officer").get(reverse("law-list")).content.decode()
    assert "Pas pour les personnes." in signed_in("paf.officer").get(reverse("law-list")).content.decode()
    assert signed_in("ukba.officer").get(reverse("law-new")).status_code == 403
    none = signed_in("ukba.officer").get(reverse("law-list"), {"agency": "UKBA"}).content.decode()
    assert "No rule fits these filters." in none


def menu_more(client, name):
    """The words of the menu's button, without those for screen readers."""
    text = client.get(reverse(name)).content.decode()
    button = re.search(r'<summary class="menu__button nav__item".*?</summary>', text, re.DOTALL).group()
    button = re.sub(r'<span class="vh">.*?</span>|<svg.*?</svg>', "", button, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", button).split())


def test_a_number_in_the_menu_stands_beside_what_it_counts(signed_in, passage):
    customs = signed_in("douanes.officer")
    assert menu_more(customs, "statistics") == "Statistiques"
    assert asked(signed_in, passage).status_code == 302
    assert menu_more(customs, "statistics") == "Statistiques · Autres 1"
    assert menu_more(customs, "scan-list") == "Demandes de contrôle 1"
    assert menu_more(customs, "board") == "Autres 1"

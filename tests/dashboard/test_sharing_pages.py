"""Pages of originator control: share, see, recall, confirm; and forms that come too late."""

import pytest

from audit.models import AuditEvent
from intelligence.choices import SharedKind
from intelligence.models import Dissemination, Lookout, RecallReceipt
from intelligence.services.audiences import lookout_recall, lookout_share
from intelligence.services.hits import hit_decide

pytestmark = pytest.mark.django_db

REASON = "joint enquiry"


@pytest.fixture
def lookout(cell) -> Lookout:
    return cell.looks("ukba.analyst")


def _act(browser, lookout, act: str, **fields: object):
    return browser.post(f"/lookouts/{lookout.uid}/act/", {"act": act, "reason": REASON} | fields)


def test_share_see_recall_and_confirm_in_the_browser(cell, lookout, signed_in):
    owner, reader, analyst = (signed_in(name) for name in ("ukba.analyst", "paf.officer", "paf.analyst"))
    page = f"/lookouts/{lookout.uid}/"
    assert "Shared with nobody" in owner.get(page).content.decode()
    assert _act(owner, lookout, "share", agencies=["PAF"], until="2001-01-01").status_code == 422
    assert _act(owner, lookout, "share", agencies=["PAF", "DOUANES"]).status_code == 302
    assert lookout.mark_raw in reader.get(page).content.decode()
    seen = owner.get(page).content.decode()
    assert REASON in seen
    assert "once" in seen, "the owner reads that it was read"
    assert _act(owner, lookout, "recall", agencies=["PAF"]).status_code == 302
    assert reader.get(page).status_code == 404
    listed = analyst.get("/recalls/").content.decode()
    receipt = cell.as_owner(RecallReceipt.objects.get)
    assert lookout.reference in listed
    assert lookout.mark_raw not in listed
    assert f"/recalls/{receipt.uid}/confirm/" in listed
    own = reader.get("/recalls/").content.decode()
    assert f"/recalls/{receipt.uid}/confirm/" not in own, "an officer of the lane confirms nothing"
    assert analyst.post(f"/recalls/{receipt.uid}/confirm/").status_code == 302
    assert "Removal confirmed" not in owner.get("/recalls/").content.decode()
    assert cell.as_owner(lambda: RecallReceipt.objects.get().confirmed_at) is not None
    assert f"/recalls/{receipt.uid}/confirm/" not in analyst.get("/recalls/").content.decode()


def test_the_end_of_a_share_is_changed_on_the_page(cell, lookout, signed_in):
    owner = signed_in("ukba.analyst")
    _act(owner, lookout, "share", agencies=["PAF"])
    assert _act(owner, lookout, "until", agencies=["PAF"], until="2001-01-01").status_code == 422
    assert _act(owner, lookout, "until", agencies=["PAF"], until="2098-05-04").status_code == 302
    assert cell.as_owner(lambda: Dissemination.objects.get().expires_at.year) == 2098


def test_recipients_that_may_know_of_each_other_are_named_to_each_other(lookout, signed_in):
    owner, reader = signed_in("ukba.analyst"), signed_in("paf.officer")
    _act(owner, lookout, "share", agencies=["PAF"])
    assert "Qui d’autre l’a reçu" not in reader.get(f"/lookouts/{lookout.uid}/").content.decode()
    _act(owner, lookout, "recall", agencies=["PAF"])
    _act(owner, lookout, "share", agencies=["PAF", "DOUANES"], show_recipients="on")
    page = reader.get(f"/lookouts/{lookout.uid}/").content.decode()
    assert "Qui d’autre l’a reçu" in page
    assert "(DOUANES)" in page


def test_a_tear_line_is_made_on_the_page_and_linked_for_its_owner_alone(cell, lookout, signed_in):
    owner, reader = signed_in("ukba.analyst"), signed_in("paf.officer")
    url = f"/lookouts/{lookout.uid}/tear-line/"
    form = owner.get(url).context["form"]
    assert form["reason"].value() in (None, ""), "the reason is never filled in"
    fields = {
        name: form[name].value() or ""
        for name in ("kind", "mark", "country", "action_code", "priority", "mode", "classification", "expires", "review_due")
    }  # fmt: skip
    assert owner.post(url, fields).status_code == 422
    made = owner.post(url, fields | {"reason": "told by a neighbour", "shared": ["PAF"]})
    assert made.status_code == 302
    twin = cell.as_owner(lambda: Lookout.objects.exclude(pk=lookout.pk).get())
    assert made["Location"] == f"/lookouts/{twin.uid}/"
    assert lookout.reference in owner.get(made["Location"]).content.decode()
    assert twin.reference in owner.get(f"/lookouts/{lookout.uid}/").content.decode()
    shown = reader.get(made["Location"]).content.decode()
    assert twin.mark_raw in shown
    assert lookout.reference not in shown


def test_a_confirmed_hit_is_shared_and_recalled_on_its_page(cell, lookout, signed_in):
    cell.sees()
    (hit,) = cell.hits()
    owner, reader = signed_in("ukba.analyst"), signed_in("paf.officer")
    page, sharing = f"/hits/{hit.uid}/", f"/hits/{hit.uid}/sharing/"
    assert sharing not in owner.get(page).content.decode()
    with cell.acting("ukba.analyst") as analyst:
        hit_decide(acting_officer=analyst, uid=hit.uid, confirmed=True, outcome="two persons in the cab")
    assert sharing in owner.get(page).content.decode()
    fields = {"act": "share", "agencies": ["PAF"], "reason": REASON}
    assert owner.post(sharing, fields | {"reason": ""}).status_code == 422
    assert owner.post(sharing, fields).status_code == 302
    shown = reader.get(page).content.decode()
    assert hit.mark_seen in shown
    assert "two persons" not in shown
    assert lookout.reference not in shown
    assert owner.post(sharing, fields | {"act": "recall"}).status_code == 302
    assert reader.get(page).status_code == 404


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/lookouts/{}/propose/", {"priority": "high", "reason": "seen empty"}),
        ("/lookouts/{}/act/", {"act": "withdraw", "reason": "not ours"}),
        ("/lookouts/{}/tear-line/", {"mark": "X 1"}),
    ],
)
def test_a_form_that_was_open_before_the_recall_is_answered_as_if_nothing_had_been_there(
    cell, lookout, signed_in, path, fields
):
    reader = signed_in("paf.analyst")
    with cell.acting("ukba.analyst") as ukba:
        lookout_share(acting_officer=ukba, uid=lookout.uid, agencies=["PAF"], purpose=REASON)
        lookout_recall(acting_officer=ukba, uid=lookout.uid, agencies=["PAF"], purpose="enquiry closed")
    before = cell.as_owner(lambda: list(Lookout.objects.values()))
    late = reader.post(path.format(lookout.uid), fields)
    never = reader.post(path.format("5ee70000-0000-4000-8000-0000000fffff"), fields)
    assert (late.status_code, never.status_code) == (404, 404)
    strip = lambda answer, uid: answer.content.decode().replace(str(uid), "")  # noqa: E731
    assert len(strip(late, lookout.uid)) == len(strip(never, "5ee70000-0000-4000-8000-0000000fffff"))
    assert cell.as_owner(lambda: list(Lookout.objects.values())) == before
    refused = cell.as_owner(lambda: list(AuditEvent.objects.filter(action="access.refuse")))
    assert len(refused) == 2, "each late form leaves its record"


def test_what_is_shared_stands_in_the_admin_site_for_its_owner_alone(cell, lookout, signed_in):
    with cell.acting("ukba.analyst") as ukba:
        lookout_share(acting_officer=ukba, uid=lookout.uid, agencies=["PAF"], purpose=REASON)
    url = "/admin/intelligence/dissemination/"
    assert lookout.reference in signed_in("ukba.supervisor").get(url).content.decode()
    assert lookout.reference not in signed_in("paf.supervisor").get(url).content.decode()
    assert SharedKind.LOOKOUT in cell.as_owner(lambda: Dissemination.objects.get().subject_kind)


def test_what_is_withdrawn_can_still_be_taken_back_on_the_page(lookout, signed_in):
    owner, reader = signed_in("ukba.analyst"), signed_in("paf.officer")
    _act(owner, lookout, "share", agencies=["PAF"])
    _act(owner, lookout, "withdraw")
    page = f"/lookouts/{lookout.uid}/"
    assert reader.get(page).status_code == 200
    assert [act.code for act, _ in owner.get(page).context["acts"]] == ["recall"]
    assert f"{page}tear-line/" not in owner.get(page).content.decode()
    assert _act(owner, lookout, "recall", agencies=["PAF"]).status_code == 302
    assert reader.get(page).status_code == 404

"""The page and the REST call of as-of answers."""

import datetime as dt
import re
import zoneinfo

import pytest
from django.utils import timezone

from agencies.paging import Turn
from intelligence.selectors.disseminations import recalls_page
from intelligence.services.audiences import lookout_recall, lookout_share
from intelligence.services.consultations import lookout_open
from intelligence.services.disseminations import recall_confirm
from tests.intelligence.conftest import Partner

pytestmark = pytest.mark.django_db

URL = "/as-of/"


def question(record: str, /, **more: str) -> dict[str, str]:
    now = timezone.localtime(timezone.now(), zoneinfo.ZoneInfo("Europe/Paris"))
    return {
        "record": record, "agency": "PAF", "officer": "", "day": now.strftime("%Y-%m-%d"), "time": now.strftime("%H:%M:%S"),
        "purpose": "complaint 14/2026",
    } | more  # fmt: skip


@pytest.fixture
def shared(cell):
    """A lookout of UKBA that PAF reads, entered long enough ago for the seconds of a form."""
    lookout = cell.looks("ukba.analyst")
    with cell.acting("ukba.analyst") as analyst:
        lookout_share(acting_officer=analyst, uid=lookout.uid, agencies=["PAF"], purpose="joint enquiry")
    with cell.acting("paf.officer") as reader:
        lookout_open(acting_officer=reader, uid=lookout.uid, purpose="night shift")
    return lookout


@pytest.fixture
def later(monkeypatch):
    """The clock two minutes on: forms know seconds, history microseconds."""
    real = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: real() + dt.timedelta(minutes=2))


def test_the_answer_is_one_clear_sentence_with_its_reasons(shared, signed_in, later):
    page = signed_in("ukba.supervisor").post(URL, question(shared.reference))
    text = page.content.decode()
    assert page.status_code == 200
    assert f"PAF could see {shared.reference} at" in text
    assert "joint enquiry" in text
    assert "night shift" not in text  # the other agency's purpose is its own


def test_a_french_auditor_reads_it_in_french(shared, signed_in, later):
    page = signed_in("paf.auditor").post(URL, question(shared.reference))
    text = page.content.decode()
    assert f"PAF pouvait voir {shared.reference}" in text
    assert "night shift" in text


def test_the_question_stands_ready_from_the_records_own_page(shared, signed_in):
    browser = signed_in("ukba.supervisor")
    link = f"{URL}?record=lookout:{shared.uid}"
    assert link in browser.get(f"/lookouts/{shared.uid}/").content.decode()
    assert f'value="lookout:{shared.uid}"' in browser.get(link).content.decode()
    assert link not in signed_in("ukba.analyst").get(f"/lookouts/{shared.uid}/").content.decode()


@pytest.mark.parametrize("username", ["ukba.officer", "ukba.analyst", "ukba.administrator", "paf.officer"])
def test_whoever_lacks_the_right_finds_no_page(shared, signed_in, username):
    browser = signed_in(username)
    assert {browser.get(URL).status_code, browser.post(URL, question(shared.reference)).status_code} == {403}


def test_absent_and_hidden_are_the_same_sentence(shared, signed_in, later):
    browser = signed_in("douanes.auditor")
    texts = {
        re.sub(r"[A-Za-z0-9]{64}|datetime=\S+|\d\d:\d\d:\d\d(\.\d+)?", "", page.content.decode()).replace(
            record, ""
        )
        for record in (shared.reference, "UKBA-L-2026-999999")
        for page in [browser.post(URL, question(record))]
    }
    (text,) = texts
    assert "answer-title" not in text


def test_the_answer_can_be_taken_away_and_that_is_recorded(shared, signed_in, later, cell):
    table = signed_in("ukba.auditor").post(URL, question(shared.reference, export="csv"))
    assert table["Content-Type"].startswith("text/csv")
    lines = table.content.decode("utf-8-sig").splitlines()
    assert any("Given to PAF" in line or "Given to,PAF" in line for line in lines)
    (row,) = [row for row in cell.audit("export.make") if row.object_type == "lookout"]
    assert row.purpose == "complaint 14/2026"


@pytest.mark.parametrize(
    ("day", "time", "which", "said"),
    [
        ("2026-10-25", "02:30", "", "this time came twice"),
        ("2026-03-29", "02:30", "", "This time did not exist"),
        ("2026-10-25", "02:30", "second", "could not see"),
        ("9999-12-31", "23:59", "", "Nobody knows yet"),
        ("x", "y", "", "field__error"),
    ],
)
def test_the_two_nights_of_the_year(shared, signed_in, day, time, which, said):
    page = signed_in("ukba.supervisor").post(URL, question(shared.reference, day=day, time=time, which=which))
    assert said in page.content.decode()


@pytest.mark.parametrize("field", ["record", "agency", "day", "time", "purpose"])
@pytest.mark.parametrize("value", ["", "\x00", "x" * 2000, "’; DROP"])
def test_bad_input_is_an_answer_at_the_form(shared, signed_in, field, value):
    page = signed_in("ukba.supervisor").post(URL, question(shared.reference, **{field: value}))
    assert page.status_code in {200, 422}


def test_over_rest(shared, world):
    partner = Partner(world.partner_token("UKBA"))
    answer = partner.get(f"as-of/?record=lookout:{shared.uid}&agency=PAF", **{"X-Purpose": "complaint"})
    body = answer.json()
    assert (answer.status_code, body["seen"], body["ground"], body["owner"]) == (200, True, "grant", "UKBA")
    assert [(one["agency"], one["channel"], one["who"]) for one in body["readings"]] == [("PAF", "page", "")]
    assert body["given"]["why"] == "joint enquiry"
    before = partner.get(
        f"as-of/?record={shared.reference}&agency=PAF&at=2026-05-04T03:12:00%2B02:00",
        **{"X-Purpose": "complaint"},
    )
    assert (before.json()["seen"], before.json()["ground"]) == (False, "not_yet")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("agency=PAF", 400, "bad_parameter"),
        ("record=x", 400, "bad_parameter"),
        ("record={r}&agency=PAF&at=yesterday", 400, "bad_parameter"),
        ("record={r}&agency=PAF&at=2026-05-04T03:12:00", 400, "bad_parameter"),
        ("record={r}&agency=PAF&colour=red", 400, "unknown_parameter"),
        ("record={r}&agency=NONE", 422, "invalid"),
        ("record={r}&agency=PAF&at=2900-01-01T00:00:00Z", 422, "invalid"),
        ("record=lookout:nonsense&agency=PAF", 404, "not_found"),
        ("record=UKBA-L-2026-999999&agency=PAF", 404, "not_found"),
    ],
)
def test_over_rest_every_fault_is_a_problem(shared, world, query, status, code):
    answer = Partner(world.partner_token("UKBA")).get(
        "as-of/?" + query.format(r=shared.reference), **{"X-Purpose": "complaint"}
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_over_rest_a_purpose_is_needed_and_others_accounts_learn_nothing(shared, world):
    path = f"as-of/?record={shared.reference}&agency=PAF"
    assert Partner(world.partner_token("UKBA")).get(path).status_code == 422
    # PAF was given it, but an account asks about its own agency's records only
    assert Partner(world.partner_token("PAF")).get(path, **{"X-Purpose": "complaint"}).status_code == 404


def test_the_story_ends_with_the_confirmation_of_the_recall(shared, signed_in, later, cell):
    with cell.acting("ukba.analyst") as analyst:
        lookout_recall(acting_officer=analyst, uid=shared.uid, agencies=["PAF"], purpose="source at risk")
    text = signed_in("ukba.auditor").post(URL, question(shared.reference)).content.decode()
    assert "Recalled from PAF; the removal is not confirmed yet" in text
    assert "Read 1 time before." in text
    with cell.acting("paf.supervisor") as chief:
        (card,) = recalls_page(chief, Turn(5)).rows
        recall_confirm(acting_officer=chief, uid=card.uid)
    text = signed_in("ukba.auditor").post(URL, question(shared.reference)).content.decode()
    assert "PAF confirmed the removal" in text
    taken = signed_in("ukba.auditor").post(URL, question(shared.reference) | {"export": "csv"})
    assert "PAF confirmed the removal" in b"".join(taken).decode()


def test_the_audit_record_is_searched_by_the_reference_that_people_quote(shared, signed_in):
    text = signed_in("ukba.auditor").get("/audit/", {"object": shared.reference.lower()}).content.decode()
    assert str(shared.uid)[:8] in text
    assert signed_in("douanes.auditor").get("/audit/", {"object": shared.reference}).status_code == 400

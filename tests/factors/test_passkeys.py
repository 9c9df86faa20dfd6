"""Passkeys: added, named, shown as second factor and alone; whatever is wrong with an answer is one refusal."""

import html
import json
import re

import pytest

from audit.models import AuditEvent
from tests.factors.conftest import read_codes
from tests.factors.softkey import SoftKey

pytestmark = pytest.mark.django_db
REFUSED = "This was not accepted."


def options_of(answer):
    """The options that a page carries for its script."""
    found = re.search(r'data-options="([^"]+)"', answer.content.decode())
    assert found, answer.content.decode()[:3000]
    return json.loads(html.unescape(found[1]))


def add(door, key, name="key ring", path="/accounts/factors/key/"):
    """Add the passkey on a page."""
    options = options_of(door.browser.get(path))
    return door.browser.post(path, {"name": name, "credential": key.make(options)})


@pytest.fixture
def keyed(door):
    """`keyed("paf.officer")`: signed in, with a passkey; the door, the key, the recovery codes."""

    def make(username, **kind):
        here, key = door(), SoftKey(**kind)
        here.password(username)
        here.again()
        return here, key, read_codes(add(here, key))

    return make


def at_the_second_step(door, username="paf.officer"):
    here = door()
    assert here.password(username)["Location"] == "/accounts/factors/sign-in/"
    return here, options_of(here.browser.get("/accounts/factors/sign-in/"))


def test_an_officer_adds_a_passkey_and_signs_in_with_it(door, keyed):
    _, key, codes = keyed("paf.officer")
    assert len(codes) == 10
    here, options = at_the_second_step(door)
    assert (
        here.browser.post("/accounts/factors/sign-in/", {"credential": key.show(options)})["Location"] == "/"
    )
    assert here.is_in


def test_a_passkey_alone_signs_in_because_it_proves_its_holder(door, keyed):
    _, key, _ = keyed("paf.officer")
    here = door()
    options = here.browser.get("/accounts/factors/sign-in/key/").json()
    answer = here.browser.post("/accounts/factors/sign-in/key/", {"credential": key.show(options)})
    assert answer["Location"] == "/"
    assert here.is_in


def test_a_passkey_that_asks_for_neither_finger_nor_pin_is_not_taken(door):
    here = door()
    here.password("paf.officer")
    here.again()
    assert add(here, SoftKey(verifies=False)).status_code == 422


def _garbage(key, options):
    right = json.loads(key.show(options))
    cut = json.loads(json.dumps(right))
    cut["response"]["authenticatorData"] = cut["response"]["authenticatorData"][:20]
    other = SoftKey()
    other.id, other.handle = key.id, key.handle
    unverified = SoftKey(verifies=False)
    unverified.id, unverified.handle, unverified._private = key.id, key.handle, key._private
    elsewhere = SoftKey(origin="https://evil.example")
    elsewhere.id, elsewhere.handle, elsewhere._private = key.id, key.handle, key._private
    return [
        "", "null", "[]", "{}", "nonsense", '{"response": {}}', json.dumps(cut), json.dumps(right | {"rawId": "AAAA", "id": "AAAA"}),
        json.dumps(right | {"response": 7}), key.show(options, challenge="AAAA"), other.show(options),
        unverified.show(options), elsewhere.show(options),
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(13))
@pytest.mark.parametrize("alone", [False, True])
def test_whatever_is_wrong_with_a_passkeys_answer_is_refused_and_recorded(door, keyed, owner, alone, number):
    _, key, _ = keyed("paf.officer")
    if alone:
        here, path = door(), "/accounts/factors/sign-in/key/"
        options = here.browser.get(path).json()
    else:
        path = "/accounts/factors/sign-in/"
        here, options = at_the_second_step(door)
    answer = here.browser.post(path, {"credential": _garbage(key, options)[number]}, follow=True)
    assert answer.status_code == 200
    assert not here.is_in
    with owner():
        assert AuditEvent.objects.filter(action="officer.sign_in_fail").count() == 1


@pytest.mark.parametrize("alone", [False, True])
def test_where_the_door_is_locked_a_right_passkey_is_not_taken_either(door, keyed, alone):
    _, key, _ = keyed("paf.officer")
    here, path = door(), "/accounts/factors/sign-in/key/"
    if not alone:
        path, (here, options) = "/accounts/factors/sign-in/", at_the_second_step(door)
    for _ in range(5):
        here.browser.post(path, {"credential": json.dumps({"response": {"userHandle": key.handle}})})
    if alone:
        options = here.browser.get(path).json()
    here.browser.post(path, {"credential": key.show(options)})
    assert not here.is_in


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"response": {"attestationObject": "AAAA", "clientDataJSON": "AAAA"}}']
)
def test_what_no_passkey_has_made_is_not_added(door, rows, body):
    here = door()
    here.password("paf.officer")
    here.again()
    here.browser.get("/accounts/factors/key/")
    assert here.browser.post("/accounts/factors/key/", {"name": "key", "credential": body}).status_code == 422
    assert rows() == []


def test_an_answer_counts_for_one_challenge_only(door, keyed):
    _, key, _ = keyed("paf.officer")
    here, options = at_the_second_step(door)
    said = key.show(options)
    assert here.browser.post("/accounts/factors/sign-in/", {"credential": said}).status_code == 302
    other, _ = at_the_second_step(door)
    assert REFUSED in other.browser.post("/accounts/factors/sign-in/", {"credential": said}).content.decode()
    assert not other.is_in


def test_a_copy_of_a_key_that_counts_is_found_out(door, keyed):
    _, key, _ = keyed("paf.officer", counter=1)
    key.counter = 7
    here, options = at_the_second_step(door)
    assert (
        here.browser.post("/accounts/factors/sign-in/", {"credential": key.show(options)}).status_code == 302
    )
    key.counter = 3  # the twin has signed less often
    other, options = at_the_second_step(door)
    assert (
        other.browser.post("/accounts/factors/sign-in/", {"credential": key.show(options)}).status_code == 200
    )
    assert not other.is_in


def test_a_passkey_is_named_renamed_and_removed_by_its_officer_alone(door, keyed, rows, owner):
    here, _, _ = keyed("paf.officer")
    other, _, _ = keyed("paf.supervisor")
    uid = rows()[0].data["uid"]
    assert other.browser.post(f"/accounts/factors/{uid}/rename/", {"name": "mine"}).status_code == 404
    assert here.browser.post(f"/accounts/factors/{uid}/rename/", {"name": ""}).status_code == 422
    assert here.browser.post(f"/accounts/factors/{uid}/rename/", {"name": "the safe"}).status_code == 302
    assert "the safe" in here.browser.get("/accounts/factors/").content.decode()
    here.browser.post(f"/accounts/factors/{uid}/remove/")
    assert "the safe" not in here.browser.get("/accounts/factors/").content.decode()
    with owner():
        acts = AuditEvent.objects.filter(action__startswith="factor.").order_by("id")
        assert [act.action for act in acts] == ["factor.add", "factor.add", "factor.rename", "factor.remove"]


def test_a_removed_passkey_signs_nobody_in(door, keyed, rows):
    here, key, _ = keyed("paf.officer")
    waiting = door()
    options = waiting.browser.get("/accounts/factors/sign-in/key/").json()
    here.browser.post(f"/accounts/factors/{rows()[0].data['uid']}/remove/")
    waiting.browser.post("/accounts/factors/sign-in/key/", {"credential": key.show(options)})
    assert not waiting.is_in


def test_a_suspended_officers_passkey_signs_nobody_in(door, keyed, owner, world):
    _, key, _ = keyed("paf.officer")
    with owner():
        type(world.officer("paf.officer")).objects.filter(username="paf.officer").update(is_active=False)
    here = door()
    options = here.browser.get("/accounts/factors/sign-in/key/").json()
    here.browser.post("/accounts/factors/sign-in/key/", {"credential": key.show(options)})
    assert not here.is_in


def test_the_first_factor_may_be_a_passkey_where_one_is_required(door, required):
    here, key = door(), SoftKey()
    here.password("paf.officer")
    done = add(here, key, path="/accounts/factors/enrol/key/")
    assert len(read_codes(done)) == 10
    assert here.is_in


def test_a_passkey_proves_its_officer_again_before_something_grave(door, keyed):
    _, key, _ = keyed("paf.officer")
    here, options = at_the_second_step(door)
    here.browser.post("/accounts/factors/sign-in/", {"credential": key.show(options)})
    path = "/accounts/factors/again/key/"
    unfit = key.show(options_of(here.browser.get(path)), challenge="AAAA")
    assert here.browser.post(path, {"credential": unfit}).status_code == 200
    assert here.browser.get("/accounts/factors/codes/").status_code == 302
    asked = options_of(here.browser.get(path))
    assert here.browser.post(path, {"credential": key.show(asked)}).status_code == 302
    assert here.browser.get("/accounts/factors/codes/").status_code == 200

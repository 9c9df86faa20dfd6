"""What is kept of a second factor: sealed secrets, removals that end sessions and outlive a restore, the own page."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken
from django.contrib.auth import get_user_model
from django.db import connection

from agencies.acting import acting_as
from agencies.models import RightEnd, SignIn
from agencies.services.signins import digest_of, signin_end
from audit.models import AuditEvent
from jocc.upkeep.ends import ends_carry_out
from tests.factors.conftest import read_codes

pytestmark = pytest.mark.django_db


def test_secrets_are_sealed_with_the_centres_key_in_the_database_and_in_the_session(
    enrolled, door, rows, settings
):
    _, phone, codes = enrolled("paf.officer")
    app, recovery = rows()
    assert phone.secret not in str(app.data)
    assert not any(code.replace(" ", "") in str(recovery.data) for code in codes)
    assert decrypt(app.data["secret"]) == phone.secret
    here = door()
    here.password("ukba.officer")
    here.again()
    waiting = here.phone_at("/accounts/factors/app/")
    assert waiting.secret not in str(dict(here.browser.session))
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-" * 6
    with pytest.raises(InvalidToken):
        decrypt(app.data["secret"])
    settings.SECRET_KEY_FALLBACKS = [former]
    assert decrypt(app.data["secret"]) == phone.secret


def test_a_factor_under_a_lost_key_is_refused_like_a_wrong_code(enrolled, door, rows, owner):
    _, phone, _ = enrolled("paf.officer")
    with owner():
        for row in Authenticator.objects.all():
            row.data = {
                name: "lost" if name in {"secret", "seed"} else value for name, value in row.data.items()
            }
            row.save()
    other = door()
    other.password("paf.officer")
    assert other.show(phone.code()).status_code == 200


def test_factors_change_only_after_one_was_shown_again(enrolled, door, clock):
    _, phone, _ = enrolled("paf.officer")
    other = door()
    other.password("paf.officer")
    other.show(phone.code())
    clock["now"] += 60
    asked = other.browser.get("/accounts/factors/codes/")
    assert asked["Location"] == "/accounts/factors/again/?next=%2Faccounts%2Ffactors%2Fcodes%2F"
    assert other.browser.post("/accounts/factors/codes/").status_code == 302
    # the password is not enough any more
    assert other.browser.get("/accounts/again/")["Location"].startswith("/accounts/factors/again/")
    assert other.again("000000").status_code == 200
    assert other.again(phone.code()).status_code == 302
    assert len(read_codes(other.browser.post("/accounts/factors/codes/"))) == 10


def test_new_recovery_codes_make_the_former_ones_worthless(enrolled, door):
    here, _, codes = enrolled("paf.officer")
    fresh = read_codes(here.browser.post("/accounts/factors/codes/"))
    assert not set(fresh) & set(codes)
    other = door()
    other.password("paf.officer")
    assert other.show(codes[0]).status_code == 200
    assert other.show(fresh[0]).status_code == 302


def _uid_of_app(rows):
    return next(row.data["uid"] for row in rows() if row.type == "totp")


def test_removing_a_factor_ends_the_other_sessions_and_is_recorded(enrolled, door, rows, owner):
    here, phone, _ = enrolled("paf.officer")
    other = door()
    other.password("paf.officer")
    other.show(phone.code())
    assert other.is_in
    assert (
        here.browser.post(f"/accounts/factors/{_uid_of_app(rows)}/remove/")["Location"]
        == "/accounts/factors/"
    )
    assert here.is_in
    assert not other.is_in
    assert rows() == []
    with owner():
        assert SignIn.objects.filter(ended_at__isnull=True).count() == 1, (
            "what has ended is not listed as open"
        )
        assert AuditEvent.objects.filter(action="factor.remove").count() == 1
    last = door()
    assert last.password("paf.officer")["Location"] == "/"


def test_the_last_factor_stays_where_one_is_required(enrolled, rows, settings):
    here, _, _ = enrolled("paf.officer")
    settings.SECOND_FACTOR_REQUIRED = True
    answer = here.browser.post(f"/accounts/factors/{_uid_of_app(rows)}/remove/")
    assert answer.status_code == 422
    assert len(rows()) == 2


def test_nobody_reaches_anothers_factor(enrolled, rows):
    enrolled("paf.officer")
    uid = _uid_of_app(rows)
    other, _, _ = enrolled("paf.supervisor")
    for method in ("get", "post"):
        assert getattr(other.browser, method)(f"/accounts/factors/{uid}/remove/").status_code == 404
    assert len(rows()) == 4


def test_the_own_page_names_factors_and_counts_unused_codes(enrolled, door):
    _, _, codes = enrolled("ukba.officer")
    other = door()
    other.password("ukba.officer")
    other.show(codes[0])
    page = other.browser.get("/accounts/factors/").content.decode()
    assert "Authenticator app" in page
    assert "9 of 10 are unused" in page
    assert not any(code in page for code in codes)


def test_a_restore_revives_neither_a_removed_factor_nor_a_used_code(enrolled, door, rows, owner):
    here, _, codes = enrolled("paf.officer")
    before = rows()
    other = door()
    other.password("paf.officer")
    other.show(codes[0])
    with owner():
        entries = [{"kind": end.kind, "subject": end.subject} for end in RightEnd.objects.filter(kind="code")]
        assert len(entries) == 1
        # The backup comes back, in which the code was not used yet.
        Authenticator.objects.filter(type="recovery_codes").update(data=before[1].data)
        with connection.cursor() as cursor:
            assert ends_carry_out(cursor, entries) == {"code": 1}
    assert rows()[1].data["used_mask"] == 1
    here.browser.post(f"/accounts/factors/{_uid_of_app(rows)}/remove/")
    with owner():
        entries = [
            {"kind": end.kind, "subject": end.subject} for end in RightEnd.objects.filter(kind="factor")
        ]
        Authenticator.objects.bulk_create(before)
        officers = get_user_model().objects.filter(username="paf.officer")
        officers.update(factored_at=before[0].created_at)
        with connection.cursor() as cursor:
            assert ends_carry_out(cursor, entries) == {"factor": 2}
        assert officers.get().factored_at is None
    assert rows() == []


def test_supervisors_see_whether_a_factor_exists_and_not_which(enrolled, door):
    enrolled("paf.officer")
    here = door()
    here.password("paf.supervisor")
    page = here.browser.get("/admin/agencies/officer/").content.decode()
    assert page.count("depuis le") == 1
    assert "totp" not in page


def test_a_session_that_went_on_after_a_factor_was_added_is_still_signed_out_from_afar(
    world, enrolled, owner
):
    """Adding a factor gives the session another key: the list must go on to find it."""
    here, _, _ = enrolled("paf.officer")
    with owner():
        listed = SignIn.objects.get(ended_at__isnull=True)
    assert listed.digest == digest_of(here.browser.session.session_key)
    administrator = world.principal("paf.administrator")
    with acting_as(administrator):
        signin_end(acting_officer=administrator, uid=listed.uid)
    assert not here.is_in

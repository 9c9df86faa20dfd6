"""What an officer chooses follows the officer; before sign-in the browser's language counts."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from agencies.acting import acting_as
from agencies.models import Officer
from agencies.services.preferences import preferences_change

pytestmark = pytest.mark.django_db

CHOSEN = {"language": "fr", "theme": "dark", "density": "roomy", "zone": "Europe/London", "shortcuts": "on"}


def stored(owner, username="ukba.officer"):
    with owner():
        return Officer.objects.get(username=username)


def test_an_officer_chooses_language_appearance_spacing_and_zone(signed_in, cell, owner):
    client = signed_in("ukba.officer")
    assert client.get(reverse("preferences")).status_code == 200
    answer = client.post(reverse("preferences"), CHOSEN)
    assert (answer.status_code, answer.url) == (302, reverse("preferences"))
    officer = stored(owner)
    assert (officer.language, officer.theme, officer.density, officer.zone) == (
        "fr",
        "dark",
        "roomy",
        "Europe/London",
    )
    (record,) = cell.audit("setting.change")
    assert record.object_uids == [officer.uid]
    page = client.get(reverse("board")).content.decode()
    assert '<html lang="fr" data-theme="dark" data-density="roomy"' in page
    assert 'data-zone="Europe/London"' in page


def test_choosing_what_stands_already_leaves_no_record(signed_in, cell):
    client = signed_in("ukba.officer")
    client.post(reverse("preferences"), CHOSEN)
    client.post(reverse("preferences"), CHOSEN)
    assert len(cell.audit("setting.change")) == 1


@pytest.mark.parametrize(
    "wrong", [{"language": "de"}, {"theme": "pink"}, {"zone": "Europe/Atlantis"}, {"density": ""}]
)
def test_a_choice_that_is_not_offered_is_named_at_its_field_and_nothing_is_lost(signed_in, owner, wrong):
    answer = signed_in("ukba.officer").post(reverse("preferences"), CHOSEN | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(wrong)
    assert stored(owner).theme == "system"


def test_the_header_changes_one_thing_at_a_time(signed_in, owner):
    client = signed_in("ukba.officer")
    answer = client.post(reverse("preferences"), {"theme": "dark"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.post(reverse("preferences"), {"density": "roomy", "next": "/alarms/"}).url == "/alarms/"
    officer = stored(owner)
    assert (officer.theme, officer.density, officer.language) == ("dark", "roomy", "en")
    for nonsense in ({"theme": "pink"}, {}, {"password": "x"}):
        assert client.post(reverse("preferences"), nonsense).status_code == 400


def test_single_keys_can_be_switched_off_for_the_sitting(signed_in):
    client = signed_in("ukba.officer")
    assert "data-shortcuts" not in client.get(reverse("board")).content.decode()
    client.post(reverse("preferences"), {key: value for key, value in CHOSEN.items() if key != "shortcuts"})
    assert 'data-shortcuts="off"' in client.get(reverse("board")).content.decode()


def test_each_officer_is_spoken_to_in_the_own_language_whatever_the_browser_says(signed_in):
    english = signed_in("ukba.officer", headers={"Accept-Language": "fr"}).get(reverse("board"))
    french = signed_in("paf.officer", headers={"Accept-Language": "en"}).get(reverse("board"))
    assert (english.headers["Content-Language"], french.headers["Content-Language"]) == ("en", "fr")
    assert '<html lang="en"' in english.content.decode()
    assert '<html lang="fr"' in french.content.decode()


def test_the_language_can_be_changed_with_one_press_and_stays_changed(signed_in, owner):
    client = signed_in("ukba.officer")
    assert client.post(reverse("language"), {"language": "fr", "next": "/alarms/"}).url == "/alarms/"
    assert stored(owner).language == "fr"
    assert client.get(reverse("board")).headers["Content-Language"] == "fr"
    assert client.post(reverse("language"), {"language": "de"}).status_code == 400
    assert client.get(reverse("language")).status_code == 405


def test_before_sign_in_the_language_is_the_browsers_and_can_be_changed(client, world):
    login = reverse("account_login")
    assert client.get(login, headers={"Accept-Language": "fr-FR"}).headers["Content-Language"] == "fr"
    assert client.get(login).headers["Content-Language"] == "en"
    answer = client.post(reverse("language"), {"language": "fr", "next": f"{login}?next=/alarms/"})
    assert answer.url == f"{login}?next=/alarms/"
    assert client.get(login).headers["Content-Language"] == "fr"
    assert client.post(reverse("language"), {"language": "en", "next": "//elsewhere.example"}).url == login


def test_an_officer_works_at_one_of_the_sites_and_only_there(signed_in, world):
    client = signed_in("ukba.officer")
    assert client.post(reverse("set-site"), {"site": "CALAIS"}).url == reverse("board")
    assert client.post(reverse("set-site"), {"site": "ATLANTIS"}).status_code == 400
    assert client.get(reverse("set-site")).status_code == 405


def test_nobody_changes_anothers_preferences(world):
    principal = world.principal("ukba.officer")
    with acting_as(principal):
        changed = preferences_change(acting_officer=principal, theme="dark")
        assert changed.username == "ukba.officer"
        with pytest.raises(ValidationError):
            preferences_change(acting_officer=principal, zone="Nowhere")
        with pytest.raises(ValidationError):
            preferences_change(acting_officer=principal, role="supervisor")
    assert set(Officer.objects.exclude(username="ukba.officer").values_list("theme", flat=True)) == {"system"}

"""Pages of pictures: beside their event on the passage, in the viewer, and added by hand."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from scanning.models import Device, Image, ImageKeep, ImageNote, ScanEvent
from scanning.rules.pictures import picture_read
from scanning.services.blobs import _missed, blob_remove, blobs_put
from scanning.services.picture_rows import picture_row
from tests.making import make_passage
from tests.scanning.pictures import bomb, gps_jpeg, jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def passage(owner):
    """A lorry that customs' X-ray and everybody's camera have seen."""
    with owner():
        now = timezone.now()
        return make_passage(
            ("L1-ANPR-F", now - dt.timedelta(minutes=4)),
            ("L2-XRAY", now - dt.timedelta(minutes=2), "suspect"),
            marks=["AB-123-CD"],
        )


@pytest.fixture
def image(passage, owner):
    """An X-ray picture of it, which UKBA sees and PAF does not."""
    with owner():
        device = Device.objects.get(code="L2-XRAY")
        event = ScanEvent.objects.get(device_id=device.pk)
        picture = picture_read(gps_jpeg(), max_bytes=10**6, max_pixels=10**6)
        blobs_put([picture])
        row = picture_row(
            picture, device_id=device.pk, event_key=event.event_key, event_at=event.event_at, view="xray"
        )
        row.save()
        return row


def page_of(client, passage):
    return client.get(reverse("passage-detail", args=[passage.uid])).content.decode()


def test_a_passage_shows_its_pictures_beside_their_event(signed_in, passage, image):
    page = page_of(signed_in("ukba.officer"), passage)
    assert reverse("image-detail", args=[image.uid]) in page
    assert reverse("image-preview", args=[image.uid]) in page
    assert 'alt="Picture of L2-XRAY: X-ray"' in page


def test_a_picture_of_a_device_that_is_not_seen_is_as_absent(signed_in, passage, image):
    paf = signed_in("paf.officer")
    assert "/images/" not in page_of(paf, passage)
    for name in ("image-detail", "image-content", "image-preview"):
        hidden = paf.get(reverse(name, args=[image.uid]))
        absent = paf.get(reverse(name, args=["00000000-0000-4000-8000-000000000000"]))
        assert (hidden.status_code, absent.status_code) == (404, 404)


def test_the_port_operator_sees_the_passage_without_pictures(signed_in, passage, image, owner):
    with owner():
        device = Device.objects.get(code="L1-ANPR-F")
        event = ScanEvent.objects.get(device_id=device.pk)
        Image.objects.update(device_id=device.pk, event_key=event.event_key)
    operator = signed_in("ccic.officer")
    assert "/images/" not in page_of(operator, passage)
    assert operator.get(reverse("image-detail", args=[image.uid])).status_code == 403


def test_the_bytes_come_as_they_are_under_headers_that_let_nothing_run(signed_in, image):
    answer = signed_in("ukba.officer").get(reverse("image-content", args=[image.uid]))
    assert answer.content == gps_jpeg()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert str(image.uid) in answer["Content-Disposition"]


def test_a_preview_tells_nothing_of_where_it_was_taken(signed_in, image):
    answer = signed_in("ukba.officer").get(reverse("image-preview", args=[image.uid]))
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert b"SECRET-MAKER" not in answer.content
    assert b"Exif" not in answer.content


@pytest.fixture
def lost(image):
    """Its file has gone from the store."""
    blob_remove(image.sha256)
    yield image
    _missed.clear()


@pytest.mark.parametrize("name", ["image-content", "image-preview"])
def test_a_picture_whose_file_is_gone_says_so_and_whom_to_tell(signed_in, lost, owner, caplog, name):
    address = reverse(name, args=[lost.uid])
    answer = signed_in("ukba.officer").get(address)
    assert answer.status_code == 410
    assert "Tell your supervisor" in answer.content.decode()
    assert [record.levelname for record in caplog.records if lost.sha256 in record.getMessage()] == ["ERROR"]
    assert "Prévenez votre chef de salle" in signed_in("douanes.officer").get(address).content.decode()
    with owner():
        # Nothing was shown, so nothing was read.
        assert not AuditEvent.objects.filter(action="image.read", object_uids=[lost.uid]).exists()


def test_that_a_file_is_gone_is_told_to_nobody_who_may_not_see_the_picture(signed_in, lost):
    for name in ("image-detail", "image-content", "image-preview"):
        assert signed_in("paf.officer").get(reverse(name, args=[lost.uid])).status_code == 404


def test_the_page_of_a_picture_without_its_file_still_tells_what_is_known(signed_in, lost):
    answer = signed_in("ukba.officer").get(reverse("image-detail", args=[lost.uid]))
    assert answer.status_code == 200
    assert "The file of this picture is missing" in answer.content.decode()
    assert lost.sha256 in answer.content.decode()


def test_the_page_of_health_counts_missing_files_of_pictures_that_its_reader_may_see(signed_in, lost):
    def counted(who):
        page = signed_in(who).get(reverse("health")).context["page"]
        return next((check.value, check.tone) for check in page.checks if check.code == "pictures")

    ukba = signed_in("ukba.officer")
    assert counted("ukba.officer") == ("0", "quiet")
    ukba.get(reverse("image-content", args=[lost.uid]))
    assert counted("ukba.officer") == ("1", "high")
    assert counted("paf.officer") == ("0", "quiet")
    # Brought back from the backup, it is counted no longer once somebody has looked at it.
    blobs_put([picture_read(gps_jpeg(), max_bytes=10**6, max_pixels=10**6)])
    assert ukba.get(reverse("image-content", args=[lost.uid])).content == gps_jpeg()
    assert counted("ukba.officer") == ("0", "quiet")


def test_every_look_at_a_picture_is_recorded(signed_in, image, owner, world):
    client = signed_in("ukba.officer")
    for name in ("image-detail", "image-content", "image-preview"):
        client.get(reverse(name, args=[image.uid]))
    with owner():
        read = AuditEvent.objects.filter(action="image.read", object_uids=[image.uid])
        assert read.filter(agency_group_id=world.group("UKBA")).count() == 3


def act(client, image, name, **fields):
    values = {"act": name} | {f"{name}-{field}": value for field, value in fields.items()}
    return client.post(reverse("image-detail", args=[image.uid]), values)


def test_an_officer_marks_a_part_and_others_read_it(signed_in, image, owner):
    client = signed_in("ukba.officer")
    told = act(client, image, "note", text="a hollow space", left="10", top="20.5", width="30", height="5")
    assert told.status_code == 302
    page = signed_in("douanes.officer").get(told["Location"]).content.decode()
    assert "a hollow space" in page
    assert '<rect x="4.80" y="13.12" width="14.40" height="3.20"' in page
    with owner():
        assert ImageNote.objects.get().officer.username == "ukba.officer"


@pytest.mark.parametrize(
    "part",
    [{"left": "90", "top": "0", "width": "20", "height": "5"}, {"left": "10"}, {"left": "-1", "top": "0"}],
)
def test_a_part_outside_of_the_picture_is_refused_and_the_words_are_kept(signed_in, image, part, owner):
    told = act(signed_in("ukba.officer"), image, "note", text="over the edge", **part)
    assert told.status_code == 422
    assert "over the edge" in told.content.decode()
    with owner():
        assert not ImageNote.objects.exists()


def test_a_note_is_withdrawn_by_its_author_and_stays_readable(signed_in, image, owner):
    client = signed_in("ukba.officer")
    act(client, image, "note", text="a hollow space")
    with owner():
        note = ImageNote.objects.get()
    values = {"act": "withdraw", "note": str(note.uid), "withdraw-reason": "a shadow"}
    address = reverse("image-detail", args=[image.uid])
    assert signed_in("douanes.officer").post(address, values).status_code == 404
    assert client.post(address, values).status_code == 302
    page = client.get(address).content.decode()
    assert "a hollow space" in page
    assert "a shadow" in page


def test_keeping_as_evidence_is_the_own_agencys_affair(signed_in, image, owner):
    client = signed_in("ukba.officer")
    assert act(client, image, "keep", reason="").status_code == 422
    assert act(client, image, "keep", reason="case 12/26").status_code == 302
    assert "case 12/26" in client.get(reverse("image-detail", args=[image.uid])).content.decode()
    other = signed_in("douanes.officer").get(reverse("image-detail", args=[image.uid])).content.decode()
    assert "case 12/26" not in other
    assert "Conservée par votre service" not in other
    assert act(client, image, "release", reason="closed").status_code == 302
    with owner():
        assert ImageKeep.objects.get().release_reason == "closed"


def test_releasing_what_is_past_its_time_leads_back_to_the_passages(signed_in, image, owner):
    client = signed_in("ukba.officer")
    act(client, image, "keep", reason="case 12/26")
    with owner():
        Image.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))
    told = act(client, image, "release", reason="closed")
    assert told["Location"] == reverse("passage-list")
    assert client.get(reverse("image-detail", args=[image.uid])).status_code == 404


def test_an_unknown_act_is_refused(signed_in, image):
    assert act(signed_in("ukba.officer"), image, "burn").status_code == 400


def added(client, passage, event, content, **more):
    values = {
        "event": str(event.uid),
        "view": "other",
        "picture": SimpleUploadedFile("../../x.svg", content, "image/svg+xml"),
    }
    return client.post(reverse("image-new", args=[passage.uid]), values | more)


def test_an_officer_adds_a_picture_to_an_event_of_the_own_agencys_device(signed_in, passage, owner):
    client = signed_in("douanes.officer")
    assert reverse("image-new", args=[passage.uid]) in page_of(client, passage)
    with owner():
        event = ScanEvent.objects.get(device_id=Device.objects.get(code="L2-XRAY").pk)
    assert client.get(reverse("image-new", args=[passage.uid])).status_code == 200
    assert added(client, passage, event, jpeg()).status_code == 302
    with owner():
        row = Image.objects.get()
        assert row.added_by.username == "douanes.officer"
        assert AuditEvent.objects.filter(action="image.add", object_uids=[row.uid]).count() == 1
    page = signed_in("ukba.officer").get(reverse("image-detail", args=[row.uid])).content.decode()
    assert "another agency’s officer" in page


def test_a_file_that_is_no_picture_is_refused_at_its_field(signed_in, passage, owner):
    client = signed_in("douanes.officer")
    with owner():
        event = ScanEvent.objects.get(device_id=Device.objects.get(code="L2-XRAY").pk)
    for content in (b"", b"<svg onload=alert(1)>", bomb(), jpeg()[:50]):
        assert added(client, passage, event, content).status_code == 422
    with owner():
        assert not Image.objects.exists()


def test_nobody_adds_a_picture_to_another_agencys_event(signed_in, passage, owner):
    client = signed_in("douanes.officer")
    with owner():
        event = ScanEvent.objects.get(device_id=Device.objects.get(code="L1-ANPR-F").pk)
    assert added(client, passage, event, jpeg()).status_code == 422  # it is not among those offered
    assert reverse("image-new", args=[passage.uid]) not in page_of(signed_in("ukba.officer"), passage)
    assert signed_in("ukba.officer").get(reverse("image-new", args=[passage.uid])).status_code == 404

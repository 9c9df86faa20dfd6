"""Pictures beside their events: how they arrive, who sees them, when they go."""

import datetime as dt
import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from rest_framework.test import APIClient

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.rules.rights import RightMissing
from audit.models import AuditEvent
from scanning.choices import DeviceFormat
from scanning.models import Delivery, Device, Image, ImageKeep, Passage, ScanEvent
from scanning.rules.refusals import KeptAlready, NotKept
from scanning.selectors.images import Region, image_keeps, image_notes, image_seen, images_of_passage
from scanning.selectors.passages import passage_seen
from scanning.services.blobs import _missed, blob_name, blob_read, blob_remove, preview_name
from scanning.services.image_acts import image_annotate, image_keep, image_release, note_withdraw
from scanning.services.image_expiry import images_expire, orphans_sweep
from tests.scanning.pictures import bomb, jpeg, multipart, png

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 4, 10, tzinfo=dt.UTC)
HIKVISION = b"""<?xml version="1.0"?><EventNotificationAlert><dateTime>2026-11-22T04:10:03+01:00</dateTime>
<eventType>ANPR</eventType><ANPR><country>0</country><licensePlate>AB123CD</licensePlate>
<confidenceLevel>97</confidenceLevel></ANPR><UUID>u-1</UUID></EventNotificationAlert>"""


@pytest.fixture
def send(world):
    """`send("L2-XRAY", "e1", content)` posts a picture as that device."""

    def post_picture(device, event_id, content, view="xray", content_type="image/jpeg"):
        client = APIClient(headers={"Authorization": f"Token {world.tokens[device]}"})
        path = f"/api/v1/deliveries/images/?event_id={event_id}&view={view}"
        return client.generic("POST", path, content, content_type=content_type)

    return post_picture


@pytest.fixture
def scanned(post, work, event):
    """An X-ray has seen a lorry as event e1."""
    post("L2-XRAY", event("e1", "AB-123-CD", at=timezone.now().isoformat()))
    work()


@pytest.fixture
def pictured(scanned, send, owner):
    """A picture of it, as a row."""
    answer = send("L2-XRAY", "e1", jpeg())
    assert answer.status_code == 201, answer.content
    with owner():
        return Image.objects.get()


@pytest.fixture
def as_hikvision(owner):
    with owner():
        Device.objects.filter(code="L1-ANPR-F").update(format=DeviceFormat.HIKVISION)


def rows(owner):
    with owner():
        return list(Image.objects.order_by("id"))


def stored(name):
    return storages["images"].exists(name)


def test_a_cameras_pictures_are_stored_beside_its_event(world, post, work, owner, as_hikvision):
    scene, plate = jpeg("blue"), jpeg("green")
    post("L1-ANPR-F", *multipart(
        ("anpr.xml", "text/xml", HIKVISION), ("detectionPicture.jpg", "image/jpeg", scene),
        ("licensePlatePicture.jpg", "application/octet-stream", plate),
    ))  # fmt: skip
    work()
    first, second = rows(owner)
    assert (first.view, second.view) == ("scene", "plate")
    assert first.event_key == "u-1"
    assert blob_read(first.sha256) == scene
    assert second.sha256 == hashlib.sha256(plate).hexdigest()
    with owner():
        assert ScanEvent.objects.get().event_at == first.event_at


@pytest.mark.parametrize("bad", [bomb(), b"<svg/>", jpeg()[:60], jpeg() + b"PK\x03\x04 more"], ids=len)
def test_a_bad_picture_in_a_good_delivery_costs_the_picture_alone(
    world, post, work, owner, as_hikvision, bad
):
    answer = post("L1-ANPR-F", *multipart(
        ("anpr.xml", "text/xml", HIKVISION), ("bad.jpg", "image/jpeg", bad), ("good.jpg", "image/jpeg", jpeg()),
    ))  # fmt: skip
    work()
    with owner():
        assert ScanEvent.objects.count() == 1
        delivery = Delivery.objects.get(receipt=answer.json()["receipt"])
    assert delivery.state == "done"
    assert [item["outcome"] for item in delivery.result["items"]] == ["picture_refused"]
    assert delivery.result["items"][0]["code"].startswith("picture_")
    assert len(rows(owner)) == 1


def test_a_delivery_without_pictures_stores_none_and_asks_nothing(post, work, event, owner):
    post("L1-ANPR-F", event("e1", "AB-123-CD"))
    work()
    assert rows(owner) == []


def test_a_device_adds_a_picture_to_its_event_and_the_same_again_is_the_same(scanned, send, owner):
    first, again = send("L2-XRAY", "e1", png()), send("L2-XRAY", "e1", png())
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["state"], again.json()["state"]) == ("accepted", "repeated")
    assert first.json()["image"] == again.json()["image"]
    assert len(rows(owner)) == 1


def test_the_same_picture_of_two_events_is_stored_once_and_goes_with_the_last(
    scanned, send, post, work, event, owner, ingest
):
    post("L2-XRAY", event("e2", "AB-123-CD", at=timezone.now().isoformat()))
    work()
    send("L2-XRAY", "e1", jpeg("pink"))
    send("L2-XRAY", "e2", jpeg("pink"))
    first, second = rows(owner)
    assert first.sha256 == second.sha256
    for row, left in ((first, True), (second, False)):
        with owner():
            Image.objects.filter(pk=row.pk).update(expires_at=timezone.now() - dt.timedelta(hours=1))
        with ingest():
            assert images_expire() == 1
        assert stored(blob_name(row.sha256)) is left
        assert stored(preview_name(row.sha256)) is left


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "picture_empty"),
        (b"<svg/>", 415, "picture_wrong_type"),
        (bomb(), 413, "picture_too_many_pixels"),
        (jpeg()[:-30], 422, "picture_damaged"),
        (jpeg() + b"#!/bin/sh", 422, "picture_more_behind"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_no_picture_is_refused_with_its_reason(scanned, send, owner, content, status, code):
    answer = send("L2-XRAY", "e1", content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert rows(owner) == []


def test_a_picture_with_too_many_bytes_is_refused(scanned, send, settings):
    settings.IMAGE_MAX_BYTES = 100
    assert send("L2-XRAY", "e1", jpeg()).status_code == 413


def test_an_event_has_so_many_pictures_and_no_more(scanned, send, settings):
    settings.IMAGES_PER_EVENT = 1
    assert send("L2-XRAY", "e1", jpeg("red")).status_code == 201
    assert send("L2-XRAY", "e1", jpeg("blue")).json()["code"] == "picture_too_many"


def test_no_device_adds_a_picture_to_another_devices_event(scanned, send):
    absent, hidden = send("L1-HB", "nothing", jpeg()), send("L1-HB", "e1", jpeg())
    assert (absent.status_code, hidden.status_code) == (404, 404)
    assert absent.json() == hidden.json()


def test_a_picture_is_seen_by_whoever_sees_its_device(world, pictured):
    for username, sees in (("douanes.officer", True), ("ukba.officer", True), ("paf.officer", False)):
        with acting_as(world.principal(username)) as principal:
            if sees:
                assert image_seen(principal, pictured.uid).sha256 == pictured.sha256
            else:
                with pytest.raises(NotVisible):
                    image_seen(principal, pictured.uid)


def test_a_passage_shows_each_agency_the_pictures_of_its_devices_alone(
    world, pictured, post, work, event, owner
):
    with owner():
        passage = Passage.objects.get()
    with acting_as(world.principal("douanes.officer")) as principal:
        assert [each.uid for each in images_of_passage(principal, passage_seen(principal, passage.uid))] == [
            pictured.uid
        ]


def test_the_port_operator_looks_at_no_picture_not_even_of_its_own_camera(
    world, post, work, owner, as_hikvision
):
    post("L1-ANPR-F", *multipart(("a.xml", "text/xml", HIKVISION), ("d.jpg", "image/jpeg", jpeg())))
    work()
    (image,) = rows(owner)
    with acting_as(world.principal("ccic.officer")) as principal, pytest.raises(RightMissing):
        image_seen(principal, image.uid)


@pytest.mark.parametrize("part", ["content", "preview"])
def test_a_picture_whose_file_is_gone_is_a_problem_with_a_code(world, pictured, part):
    client = APIClient(headers={"Authorization": f"Token {world.partner_token('UKBA')}"})
    path = f"/api/v1/images/{pictured.uid}/{part}/"
    assert client.get(path).status_code == 200
    blob_remove(pictured.sha256)
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (410, "application/problem+json")
    assert answer.json()["code"] == "picture_missing"
    assert "Tell your supervisor" in answer.json()["detail"]
    _missed.clear()


def test_an_expired_picture_is_gone_at_once_and_deleted_soon(world, pictured, owner, ingest):
    with owner():
        Image.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    with acting_as(world.principal("ukba.officer")) as principal, pytest.raises(NotVisible):
        image_seen(principal, pictured.uid)
    with ingest():
        assert images_expire() == 0  # somebody may be about to keep it
    with owner():
        Image.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=10))
    with ingest():
        assert images_expire() == 1
    assert not stored(blob_name(pictured.sha256))
    with owner():
        assert AuditEvent.objects.filter(action="image.expire").count() == 1


def test_a_picture_kept_as_evidence_stays_for_its_keeper_alone_until_it_is_released(
    world, pictured, owner, ingest
):
    with acting_as(world.principal("ukba.officer")) as ukba:
        image_keep(acting_officer=ukba, uid=pictured.uid, reason="case 12/26")
        with pytest.raises(KeptAlready):
            image_keep(acting_officer=ukba, uid=pictured.uid, reason="again")
    with acting_as(world.principal("douanes.officer")) as douanes:
        assert image_keeps(douanes, image_seen(douanes, pictured.uid)) == ()
    with owner():
        Image.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))
    with ingest():
        assert images_expire() == 0
    with acting_as(world.principal("douanes.officer")) as douanes, pytest.raises(NotVisible):
        image_seen(douanes, pictured.uid)
    with acting_as(world.principal("ukba.officer")) as ukba:
        assert image_keeps(ukba, image_seen(ukba, pictured.uid))[0].reason == "case 12/26"
        image_release(acting_officer=ukba, uid=pictured.uid, reason="closed")
        with pytest.raises(NotVisible):
            image_release(acting_officer=ukba, uid=pictured.uid, reason="closed")
    with ingest():
        assert images_expire() == 1
    assert not stored(blob_name(pictured.sha256))
    with owner():
        assert not ImageKeep.objects.exists()


def test_what_is_not_kept_cannot_be_released(world, pictured):
    with acting_as(world.principal("ukba.officer")) as ukba, pytest.raises(NotKept):
        image_release(acting_officer=ukba, uid=pictured.uid, reason="nothing to release")


def test_the_sweep_removes_files_without_a_row_and_no_others(world, pictured, ingest, monkeypatch):
    monkeypatch.setattr("scanning.services.image_expiry.ORPHAN_AFTER", dt.timedelta(seconds=-5))
    content = jpeg("purple", size=(33, 21))
    orphan = hashlib.sha256(content).hexdigest()
    storages["images"].save(blob_name(orphan), ContentFile(content))
    with ingest():
        assert orphans_sweep(orphan[:2]) >= 1
        orphans_sweep(pictured.sha256[:2])
    assert not stored(blob_name(orphan))
    assert stored(blob_name(pictured.sha256))


def test_a_row_never_stands_without_its_bytes(scanned, send, owner, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError("no space left")

    monkeypatch.setattr("scanning.services.blobs.storages", {"images": type("Full", (), {
        "exists": lambda *_: False, "save": full})()})  # fmt: skip
    with pytest.raises(OSError, match="no space"):
        send("L2-XRAY", "e1", jpeg())
    assert rows(owner) == []


def test_notes_are_seen_by_all_who_see_the_picture_and_withdrawn_by_their_author(world, pictured):
    with acting_as(world.principal("ukba.officer")) as ukba:
        note = image_annotate(
            acting_officer=ukba, uid=pictured.uid, text="a hollow space", region=Region(0.1, 0.2, 0.3, 0.4)
        )
    with acting_as(world.principal("douanes.officer")) as douanes:
        (seen,) = image_notes(douanes, image_seen(douanes, pictured.uid))
        assert (seen.text, seen.agency, seen.officer, seen.is_own) == ("a hollow space", "UKBA", "", False)
        with pytest.raises(NotVisible):
            note_withdraw(acting_officer=douanes, uid=pictured.uid, note=note.uid, reason="not ours")
    with acting_as(world.principal("ukba.officer")) as ukba:
        note_withdraw(acting_officer=ukba, uid=pictured.uid, note=note.uid, reason="a shadow only")
        (seen,) = image_notes(ukba, image_seen(ukba, pictured.uid))
        assert seen.withdrawn_because == "a shadow only"
        with pytest.raises(NotVisible):
            note_withdraw(acting_officer=ukba, uid=pictured.uid, note=note.uid, reason="twice")

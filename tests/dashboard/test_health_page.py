"""The health page: what the centre watches about itself, in words, and nothing of what others may not learn."""

import datetime as dt
import time
import uuid
from collections import namedtuple

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from redis import Redis
from redis.exceptions import ConnectionError as RedisAway

from agencies import heartbeats as signs
from dashboard.selectors import health as measured
from scanning.choices import DeviceFormat
from scanning.models import Delivery, DeviceStatus

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def alive(monkeypatch):
    """`alive("worker", seconds)`: when it was last heard; all just now, under names that no other test uses."""
    names = {name: f"test:{uuid.uuid4()}:{name}" for name in ("worker", "scheduler", "sealer")}
    monkeypatch.setattr(signs, "ALIVE", names)
    redis = Redis.from_url(settings.REDIS_URL)
    # The page gives the broker one second to answer; on a busy machine a test must not fail for that.
    monkeypatch.setattr(signs, "_redis", lambda: redis)

    def heard(name, seconds=0):
        redis.set(names[name], str(time.time() - seconds), ex=60)

    heard("worker")
    heard("scheduler")
    heard("sealer")
    yield heard
    redis.delete(*names.values())
    redis.close()


@pytest.fixture
def inbox(world, owner):
    """`inbox("PAF", state="waiting", age=90)` puts a delivery of that agency into the inbox."""

    def put(agency, *, state, age=0, device=None):
        with owner():
            return Delivery.objects.create(
                received_at=timezone.now() - dt.timedelta(seconds=age), agency_group_id=world.group(agency),
                device_id=world.device(device).pk if device else None, format=DeviceFormat.NATIVE,
                content_type="application/json", body=b"{}", body_sha256=b"x" * 32, state=state,
            )  # fmt: skip

    return put


def look(client):
    answer = client.get(reverse("health"))
    assert answer.status_code == 200
    return answer.context["page"]


def checks(client):
    return {check.code: check for check in look(client).checks}


@pytest.mark.parametrize("role", ["officer", "analyst", "supervisor", "administrator", "auditor"])
@pytest.mark.parametrize("agency", ["ukba", "paf", "douanes", "ccic"])
def test_everybody_may_see_how_the_centre_does(signed_in, agency, role):
    assert signed_in(f"{agency}.{role}").get(reverse("health")).status_code == 200


def test_a_well_centre_says_so_and_the_page_refreshes_itself(signed_in):
    answer = signed_in("ukba.officer").get(reverse("health"))
    page = answer.context["page"]
    assert (page.tone, page.verdict) == ("quiet", "All is well")
    assert all(beat.alive for beat in page.beats)
    assert f'hx-get="{reverse("health")}" hx-trigger="every 10s"' in answer.content.decode()


def test_a_delivery_that_waits_is_the_own_agencys_business(signed_in, inbox):
    inbox("PAF", state="waiting", age=90)
    assert checks(signed_in("paf.officer"))["undone"].tone == "high"
    assert checks(signed_in("ukba.officer"))["undone"].tone == "quiet"


def test_quarantine_is_counted_for_its_agency_and_leads_supervisors_to_it(signed_in, inbox):
    for _ in range(3):
        inbox("UKBA", state="quarantined")
    chief, officer = checks(signed_in("ukba.supervisor")), checks(signed_in("ukba.officer"))
    assert (chief["quarantine"].value, chief["quarantine"].tone) == ("3", "medium")
    assert chief["quarantine"].url.startswith(reverse("admin:index"))
    assert officer["quarantine"].url == ""
    assert checks(signed_in("douanes.officer"))["quarantine"].value == "0"


def test_clocks_and_silence_are_told_of_visible_devices_only(signed_in, owner):
    with owner():
        DeviceStatus.objects.filter(device__code="L1-HB").update(clock_skew_ms=-62_000)
        DeviceStatus.objects.filter(device__code="L1-CO2").update(
            silent_since=timezone.now(), last_received_at=timezone.now()
        )
    own = look(signed_in("ukba.officer"))
    assert [(row.code, row.skew_seconds, row.note) for row in own.skews] == [("L1-HB", 62.0, "ahead")]
    assert {check.code: check.value for check in own.checks}["silent"] == "1"
    other = look(signed_in("douanes.officer"))
    assert other.skews == ()
    assert {check.code: check.value for check in other.checks}["silent"] == "0"


def test_a_worker_that_is_not_heard_is_said(signed_in, alive):
    alive("worker", 120)
    page = look(signed_in("ukba.officer"))
    assert {beat.name: beat.alive for beat in page.beats} == {
        "worker": False,
        "scheduler": True,
        "sealer": True,
    }
    assert page.tone == "high"


def test_without_the_broker_the_page_stands_and_says_so(signed_in, monkeypatch):
    class Away:
        def mget(self, *_):
            raise RedisAway

    monkeypatch.setattr(signs, "_redis", Away)
    page = look(signed_in("ukba.officer"))
    assert {check.code: check.tone for check in page.checks}["broker"] == "high"
    assert not any(beat.alive for beat in page.beats)


@pytest.mark.parametrize(("free", "tone"), [(50, "quiet"), (10, "medium"), (2, "high")])
def test_a_disk_that_fills_is_said_in_time(signed_in, monkeypatch, free, tone):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(measured.shutil, "disk_usage", lambda _: usage(100 * 1024**3, 0, free * 1024**3))
    disk = checks(signed_in("ukba.officer"))["disk"]
    assert (disk.tone, disk.value) == (tone, f"{free} % free")


def test_the_databases_disk_is_watched_where_it_is_known(signed_in, settings, monkeypatch, tmp_path):
    settings.DATABASE_DIR = str(tmp_path / "not" / "made" / "yet")
    monkeypatch.setattr(measured, "_same_disk", lambda *_: False)
    titles = [check.title for check in look(signed_in("ukba.officer")).checks if check.code == "disk"]
    assert titles == ["Disk of files", "Disk of the database"]


def test_bells_that_fail_now_are_said(signed_in, monkeypatch):
    monkeypatch.setattr(measured.bells, "resting_until", time.monotonic() + 60)
    monkeypatch.setattr(measured.bells, "failed", 7)
    bell = checks(signed_in("ukba.officer"))["bells"]
    assert (bell.tone, bell.value) == ("medium", "7")

"""The canary of whatever is hidden leaves by no side door either: log, mail, Redis, outbox, queue, files, others' records.

Everything is asked and done by those entitled to it, with what follows a commit carried out.
"""

import json
import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from redis import Redis

from audit.models import AuditEvent, Change
from intelligence.services.checks import checks_answer
from intelligence.services.duties import decisions_reflect, lookouts_expire, matches_expire, notices_escalate
from jocc.celery import app
from scanning.services.ingest import deliveries_process
from tests.two_worlds.framework import Asker, Case
from tests.two_worlds.names import CANARY
from tests.two_worlds.test_two_worlds import CASES
from tests.two_worlds.worlds import common, hidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker(world, owner, monkeypatch):
    with owner():
        common(world)
        hidden(world)
    return Asker(world, monkeypatch)


@pytest.fixture
def sent(monkeypatch):
    """Every message to the workers, as it would go to the broker."""
    messages: list[str] = []
    monkeypatch.setattr(
        app,
        "send_task",
        lambda name, args=(), kwargs=None, **more: messages.append(repr((name, args, kwargs, more))),
    )
    return messages


def _sent_by(asker: Asker, case: Case) -> None:
    client = asker.client(case.entitled)
    if case.method == "get":
        client.get(case.path)
        return
    body = (case.body or {}) | ({"officer": f"{case.entitled[0].upper()}-officer"} if case.badge else {})
    if case.path.startswith("/api/"):
        client.post(case.path, json.dumps(body), content_type="application/json")
    else:
        client.post(case.path, body)


def test_no_canary_leaves_by_a_side_door(
    world, owner, ingest, asker, sent, caplog, django_capture_on_commit_callbacks
):
    caplog.set_level(logging.DEBUG)
    for noisy in ("django.db.backends", "factory", "faker"):  # statements are logged nowhere but under a test
        logging.getLogger(noisy).setLevel(logging.INFO)
    with owner():
        before = Change.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        for case in CASES:
            if case.entitled.lower().startswith("ukba"):
                _sent_by(asker, case)
        with ingest():
            for duty in (
                deliveries_process,
                checks_answer,
                decisions_reflect,
                matches_expire,
                notices_escalate,
                lookouts_expire,
            ):
                duty()
    assert CANARY not in caplog.text
    assert [message.subject for message in mail.outbox if CANARY in str(message.message())] == []
    assert sent
    assert [text for text in sent if CANARY in text] == []
    with owner():
        outbox = list(Change.objects.values_list())
        others = AuditEvent.objects.exclude(agency_group_id=world.group("UKBA")).exclude(agency_group_id=None)
        told = [str(row) for row in others.values_list("detail", "purpose", "actor_label", "object_type")]
    assert len(outbox) > before, "nothing happened, so nothing is proved"
    assert [row for row in outbox if CANARY in str(row)] == []
    assert [row for row in told if CANARY in row] == []


def test_no_canary_lies_in_redis_or_in_a_folder(world, asker):
    for case in CASES:
        if case.method == "get" and case.entitled.lower().startswith("ukba"):
            _sent_by(asker, case)
    broker = Redis.from_url(settings.REDIS_URL)
    keys = list(broker.scan_iter(count=1000))
    assert keys, "the pages keep nothing at all in Redis: then this test proves nothing"
    found = []
    for key in keys:
        if CANARY.encode() in key or CANARY.encode() in (broker.dump(key) or b""):
            found.append(key)
    broker.close()
    assert found == []
    for root in (settings.MEDIA_ROOT, settings.STATIC_ROOT):
        for path in Path(root).rglob("*"):
            assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path

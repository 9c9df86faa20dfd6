"""The baseline: what a newcomer would build, one Celery task for each event, through the ORM.

It is kept honest: one transaction for each event, every lookup by an index, the same role and walls as the
centre's own workers. It stores less than the centre does (no alarms, no device status, no nudges). Its
workers are started with `-I jocc.bench.newcomer`.
"""

import datetime as dt
import hashlib
import time
from collections.abc import Sequence
from typing import Any

from celery import current_app, shared_task
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from kombu import Exchange, Queue

from agencies.acting import acting_as
from agencies.facts import INGEST
from audit.actions import AuditAction
from audit.services.records import audit_record
from intelligence.models import Hit, Lookout
from intelligence.rules.marks import fold, normalise
from jocc.bench.ground import Ground
from jocc.bench.ledger import count
from jocc.bench.posting import Stopwatch
from jocc.bench.processes import Process, worker_started
from jocc.bench.report import BenchFailed
from scanning.models import DeliveryKey, Device, Passage, PassageMark, PassagePart, ScanEvent

QUEUE = "newcomer"
TASK = "bench.event_take"
_VISIT = dt.timedelta(hours=3)
_IN_LANE = dt.timedelta(minutes=3)
_WARM_UP = 20
_PATIENCE_S = 240.0
_TAKEN = "SELECT count(*) FROM scanning_scanevent WHERE delivery_id = 0"


@shared_task(name=TASK, ignore_result=True)
def event_take(code: str, event: dict[str, Any]) -> None:
    """Take one event: device, event, passage by mark or lane, watch-list, audit record."""
    with acting_as(INGEST), transaction.atomic():
        device = Device.objects.select_related("site", "lane").get(code=code)
        digest = hashlib.sha256(repr(event).encode()).digest()
        _key, new = DeliveryKey.objects.get_or_create(
            device_id=device.pk,
            event_key=event["event_id"],
            defaults={"sha256": digest, "receipt": "00000000-0000-0000-0000-000000000000"},
        )
        if not new:
            return
        at = parse_datetime(event["at"])
        if at is None:
            raise ValueError(event["at"])
        marks = event.get("marks", [])
        passage = _passage(device, at, marks)
        ScanEvent.objects.create(
            received_at=timezone.now(),
            device_id=device.pk,
            lane_id=device.lane_id,
            passage_id=passage.pk,
            delivery_id=0,
            event_key=event["event_id"],
            type="detection",
            result=event["result"],
            event_at=at,
            device_at=at,
            confidence=event.get("confidence"),
            mark_raw=marks[0]["value"] if marks else "",
            detail={"reading": event["reading"]} if "reading" in event else {},
        )
        for mark in marks:
            _watch_list_ask(device, passage, at, mark)
        audit_record(
            acting_party=INGEST,
            action=AuditAction.DELIVERY_ACCEPT,
            object_type="event",
            agency_group=device.originator_id,
        )


def _passage(device: Device, at: dt.datetime, marks: list[dict[str, Any]]) -> Passage:
    folded = [fold(normalise(mark["value"])) for mark in marks]
    known: PassageMark | PassagePart | None = None
    if folded:
        known = PassageMark.objects.filter(
            folded__in=folded, site_id=device.site_id, last_at__range=(at - _VISIT, at + _VISIT)
        ).first()
    if known is None and not any(mark["kind"] == "tractor" for mark in marks):
        in_lane = PassagePart.objects.filter(lane_id=device.lane_id, last_at__range=(at - _IN_LANE, at))
        known = in_lane.exclude(device_id=device.pk).order_by("-last_at").first()
    if known is None:
        passage = Passage.objects.create(site_id=device.site_id, first_at=at, last_at=at)
    else:
        passage = Passage.objects.get(pk=known.passage_id)
        passage.last_at = max(passage.last_at, at)
        passage.save(update_fields=["last_at"])
    part, is_new = PassagePart.objects.get_or_create(
        passage_id=passage.pk,
        device_id=device.pk,
        defaults={"lane_id": device.lane_id, "first_at": at, "last_at": at, "result": "clear"},
    )
    if not is_new:
        part.last_at = max(part.last_at, at)
        part.save(update_fields=["last_at"])
    for mark, key in zip(marks, folded, strict=True):
        PassageMark.objects.get_or_create(
            passage_id=passage.pk,
            device_id=device.pk,
            norm=normalise(mark["value"]),
            defaults={
                "site_id": device.site_id,
                "kind": mark["kind"],
                "raw": mark["value"],
                "folded": key,
                "country": mark.get("country", ""),
                "confidence": mark.get("confidence"),
                "first_at": at,
                "last_at": at,
            },
        )
    return passage


def _watch_list_ask(device: Device, passage: Passage, at: dt.datetime, mark: dict[str, Any]) -> None:
    key = fold(normalise(mark["value"]))
    for lookout in Lookout.objects.filter(mark_folded=key, state="active", expires_at__gt=timezone.now()):
        Hit.objects.get_or_create(
            lookout=lookout,
            passage_uid=passage.uid,
            defaults={
                "originator_id": lookout.originator_id,
                "priority": lookout.priority,
                "mark_seen": mark["value"],
                "mark_sought": lookout.mark_raw,
                "strength": "exact",
                "device_id": device.pk,
                "lane_id": device.lane_id,
                "place": device.site.code,
                "seen_at": at,
                "last_seen_at": at,
            },
        )


def newcomer_measure(ground: Ground, events: Sequence[tuple[str, dict[str, Any]]], workers: int) -> float:
    """Seconds from the first task sent until all events stand in the database.

    The workers are warm before the clock starts, and no HTTP request is asked of this baseline.
    """
    extra = ("-Q", QUEUE, "-I", "jocc.bench.newcomer")
    started = [worker_started(ground, n, *extra) for n in range(1, workers + 1)]
    try:
        with current_app.connection_for_write(ground.redis_url) as broker:
            # A task sent before its queue is known to the broker would be lost.
            Queue(QUEUE, Exchange(QUEUE, type="direct"), QUEUE).bind(broker.default_channel).declare()
            _send(broker, events[:_WARM_UP])
            _wait(broker, _WARM_UP, started)
            watch = Stopwatch()
            _send(broker, events[_WARM_UP:])
            _wait(broker, len(events), started)
            return watch.seconds
    finally:
        for process in started:
            process.stop()


def _send(broker: Any, events: Sequence[tuple[str, dict[str, Any]]]) -> None:
    for code, event in events:
        current_app.send_task(TASK, args=[code, event], queue=QUEUE, connection=broker)


def _wait(broker: Any, expected: int, workers: Sequence[Process]) -> None:
    """Ask the broker first: counting in the database all the time would slow down what is measured."""
    until = time.monotonic() + _PATIENCE_S
    while broker.default_channel.client.llen(QUEUE) or count(_TAKEN) < expected:
        for worker in workers:
            worker.require_alive()
        if time.monotonic() > until:
            words = "\n".join(worker.last_words() for worker in workers)
            raise BenchFailed(f"The baseline's workers took {count(_TAKEN)} of {expected} events:\n{words}")
        time.sleep(0.02)

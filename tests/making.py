"""Rows as the worker would write them, for tests of reading: made past the walls, inside `with owner():`."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from agencies.models import Officer
from intelligence.models import Lookout
from intelligence.rules.marks import fold, normalise
from scanning.choices import AlarmRule, EventType, MarkKind, Result, Severity
from scanning.models import Alarm, AlarmNote, Delivery, Device, Passage, PassageMark, PassagePart, ScanEvent

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def at(minutes: float) -> dt.datetime:
    """So many minutes after noon."""
    return NOON + dt.timedelta(minutes=minutes)


def make_part(
    passage: Passage,
    code: str,
    when: dt.datetime,
    *,
    result: str = Result.CLEAR,
    marks: Iterable[str] = (),
    detail: dict[str, Any] | None = None,
) -> PassagePart:
    """What one device contributed to a passage: its part, its marks and one event."""
    device = Device.objects.get(code=code)
    part = PassagePart.objects.create(
        passage_id=passage.pk,
        device_id=device.pk,
        lane_id=device.lane_id,
        first_at=when,
        last_at=when,
        result=result,
    )
    for raw in marks:
        PassageMark.objects.create(
            passage_id=passage.pk, device_id=device.pk, site_id=device.site_id, kind=MarkKind.TRACTOR, raw=raw,
            norm=normalise(raw), folded=fold(normalise(raw)), country="FR", confidence=0.9, first_at=when, last_at=when,
        )  # fmt: skip
    ScanEvent.objects.create(
        received_at=when, device_id=device.pk, lane_id=device.lane_id, passage_id=passage.pk, delivery_id=1,
        event_key=f"{passage.uid}-{code}", type=EventType.DETECTION, result=result, event_at=when, device_at=when,
        mark_raw=next(iter(marks), ""), detail=detail or {},
    )  # fmt: skip
    Passage.objects.filter(pk=passage.pk, last_at__lt=when).update(last_at=when)
    return part


def make_passage(
    *parts: tuple[str, dt.datetime] | tuple[str, dt.datetime, str],
    marks: Iterable[str] = (),
    uid: uuid.UUID | None = None,
) -> Passage:
    """A passage of (device's code, time[, result]); the marks are read by the first device."""
    first = min(part[1] for part in parts)
    site = Device.objects.get(code=parts[0][0]).site_id
    passage = Passage.objects.create(uid=uid or uuid.uuid4(), site_id=site, first_at=first, last_at=first)
    for index, part in enumerate(parts):
        result = part[2] if len(part) == 3 else Result.CLEAR
        make_part(passage, part[0], part[1], result=result, marks=marks if index == 0 else ())
    return passage


def make_alarm(
    code: str,
    when: dt.datetime,
    *,
    rule: str = AlarmRule.RADIATION_GAMMA,
    severity: str = Severity.HIGH,
    passage: Passage | None = None,
    uid: uuid.UUID | None = None,
) -> Alarm:
    """An alarm that stands, raised by the device."""
    device = Device.objects.get(code=code)
    return Alarm.objects.create(
        uid=uid or uuid.uuid4(), device_id=device.pk, lane_id=device.lane_id,
        passage_id=passage.pk if passage else None, rule=rule, severity=severity, raised_at=when, last_at=when,
    )  # fmt: skip


def make_note(
    alarm: Alarm, officer: Officer, when: dt.datetime, *, act: str = "comment", text: str = ""
) -> AlarmNote:
    """An act on an alarm, as its service leaves it."""
    return AlarmNote.objects.create(
        alarm_id=alarm.pk, device_id=alarm.device_id, at=when, act=act, officer=officer, agency_id=officer.agency_id,
        text=text,
    )  # fmt: skip


def make_delivery(
    code: str, when: dt.datetime, *, state: str = "done", receipt: uuid.UUID | None = None, **more: Any
) -> Delivery:
    """A delivery as its device's account posted it."""
    device = Device.objects.select_related("account").get(code=code)
    values = {
        "receipt": receipt or uuid.uuid4(), "received_at": when, "agency_group_id": device.originator_id,
        "account_id": device.account_id, "device_id": device.pk, "site_id": device.site_id, "format": device.format,
        "content_type": "application/json", "body": b"{}", "body_sha256": bytes(32), "state": state,
        "result": {"events": 1, "repeated": 0, "conflicts": 0, "problems": 0, "items": []},
    }  # fmt: skip
    return Delivery.objects.create(**(values | more))


def make_lookout(originator_id: int, *, mark: str = "AB-123-CD", **more: Any) -> Lookout:
    """A silent lookout as its owner would have entered it."""
    norm = normalise(mark)
    values = {
        "reference": f"X-L-2026-{uuid.uuid4().hex[:6]}", "mark_raw": mark, "mark_norm": norm, "mark_folded": fold(norm),
        "action_code": "stop", "mode": "silent", "reason": "reason", "priority": "high",
        "expires_at": dt.datetime.now(dt.UTC) + dt.timedelta(days=9),
        "review_due": (dt.datetime.now(dt.UTC) + dt.timedelta(days=8)).date(),
    }  # fmt: skip
    return Lookout.objects.create(originator_id=originator_id, **(values | more))

"""What tests of corrections have in common: a reason, times, events by their keys, and the ledger that must always hold."""

import datetime as dt

from django.utils import timezone

from scanning.models import PassageMark, PassagePart, ScanEvent

WHY = "the camera shows two lorries nose to tail"


def ago(minutes: float) -> dt.datetime:
    """So many minutes ago, on the second."""
    return timezone.now().replace(microsecond=0) - dt.timedelta(minutes=minutes)


def events_by_key(owner, *keys):
    with owner():
        return [
            str(uid) for uid in ScanEvent.objects.filter(event_key__in=keys).values_list("uid", flat=True)
        ]


def ledger(owner):
    """Every part counts just the events that its passage has of its device, and begins and ends with them."""
    with owner():
        for part in PassagePart.objects.all():
            events = ScanEvent.objects.filter(passage_id=part.passage_id, device_id=part.device_id)
            times = sorted(events.values_list("event_at", flat=True))
            assert (part.events, part.first_at, part.last_at) == (len(times), times[0], times[-1])
        with_parts = set(PassagePart.objects.values_list("passage_id", "device_id"))
        for mark in PassageMark.objects.all():
            assert (mark.passage_id, mark.device_id) in with_parts
        placed = set(
            ScanEvent.objects.filter(passage_id__isnull=False)
            .values_list("passage_id", "device_id")
            .distinct()
        )
        assert placed == with_parts

"""What may follow what in the case of an outage, and within which times."""

import datetime as dt

from scanning.choices_care import OutageKind, OutageStage

#: Stages that an officer of the owner sets while the case is open.
WORKING = (OutageStage.TAKEN, OutageStage.WAITING, OutageStage.REPAIR)
WORKING_CHOICES = [(stage.value, stage.label) for stage in WORKING]
#: Cases that nobody has to do anything about.
DONE = (OutageStage.CLOSED, OutageStage.CANCELLED)
#: The clock ends what it began; the rest is ended by hand.
BY_CLOCK = (OutageKind.FAULT, OutageKind.SILENT)
#: What is reported began so long ago at most: before that it is an entry in the device's care.
OLDEST = dt.timedelta(days=31)
#: Downtime is planned so far ahead, and for so long, at most.
FURTHEST = dt.timedelta(days=366)
LONGEST = dt.timedelta(days=92)


def is_under_way(begins_at: dt.datetime, ends_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the device is out (or limited) at this moment."""
    return begins_at <= now and (ends_at is None or ends_at > now)

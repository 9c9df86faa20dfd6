"""A device's clock against ours."""

import datetime as dt

#: A device's clock may run ahead by this much before its times are corrected.
TOLERANCE = dt.timedelta(seconds=2)
#: An event that reaches us later than this is late: it is recorded, but nothing sounds for it.
LATE_AFTER = dt.timedelta(minutes=5)


def event_time(device_at: dt.datetime, received_at: dt.datetime, skew_ms: int | None) -> dt.datetime:
    """The time we believe: the device's own, put back when its clock is known, or seen, to run ahead.

    A clock that runs behind cannot be told from a delivery that took long, so it is shown (the device's
    skew) and not corrected. No event lies in the future of its receipt.
    """
    if skew_ms is not None and skew_ms < -TOLERANCE.total_seconds() * 1000:
        device_at += dt.timedelta(milliseconds=skew_ms)
    return min(device_at, received_at)


def skew_update(known_ms: int | None, newest_device_at: dt.datetime, received_at: dt.datetime) -> int:
    """The device's skew in milliseconds (receipt minus device time), smoothed; negative means ahead.

    The newest event of a delivery waited least, so it tells most about the clock.
    """
    seen = int((received_at - newest_device_at).total_seconds() * 1000)
    seen = max(-2_000_000_000, min(2_000_000_000, seen))
    return seen if known_ms is None else int(known_ms * 0.8 + seen * 0.2)


def is_late(event_at: dt.datetime, received_at: dt.datetime) -> bool:
    """Whether the event reached us too late to act on it in the lane."""
    return received_at - event_at > LATE_AFTER

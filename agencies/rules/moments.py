"""A day and a time of a clock on the wall become one moment: not every one exists, and some exist twice."""

import datetime as dt


class NoSuchTime(ValueError):
    """The clocks were put forward past this time."""


class TwiceThatNight(ValueError):
    """The clocks were put back: this time came twice, and nobody has said which is meant."""


def moment_of(day: dt.date, time: dt.time, zone: dt.tzinfo, *, second: bool | None = None) -> dt.datetime:
    """The moment in UTC; `second` chooses between the two when the time came twice that night."""
    earlier = dt.datetime.combine(day, time.replace(fold=0), zone)
    later = earlier.replace(fold=1)
    if earlier.utcoffset() == later.utcoffset():
        return earlier.astimezone(dt.UTC)
    if earlier.astimezone(dt.UTC) > later.astimezone(dt.UTC):  # a gap: the offset grows
        raise NoSuchTime
    if second is None:
        raise TwiceThatNight
    return (later if second else earlier).astimezone(dt.UTC)


def time_came_twice(day: dt.date, time: dt.time, zone: dt.tzinfo) -> bool:
    """Whether this time came twice that night."""
    try:
        moment_of(day, time, zone)
    except TwiceThatNight:
        return True
    except NoSuchTime:
        return False
    return False

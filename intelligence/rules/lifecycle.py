"""What may follow what: who may take or decide, what sounds, and from when an answer is shown."""

import datetime as dt

from intelligence.choices import DisclosureMode, NoticeState

#: An answer is never shown earlier than this after the question, however fast it was found, so that the time
#: does not tell whether somebody looks for the mark.
CHECK_SHOWN_AFTER = dt.timedelta(seconds=1)

#: A notice in one of these states still needs somebody.
NOTICE_WAITS = (NoticeState.OPEN, NoticeState.TAKEN)


def notice_sounds(mode: str, state: str, is_late: bool) -> bool:
    """Whether the notice sounds: a stop that nobody has taken, seen just now and not in a backlog."""
    return mode == DisclosureMode.STOP and state == NoticeState.OPEN and not is_late


def check_shows(asked_at: dt.datetime, answered_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the answer of a check may be shown by now."""
    return answered_at is not None and now >= asked_at + CHECK_SHOWN_AFTER


def check_shown_at(asked_at: dt.datetime, answered_at: dt.datetime | None) -> dt.datetime | None:
    """When the answer could be read first: what the worker needed is not told."""
    return max(answered_at, asked_at + CHECK_SHOWN_AFTER) if answered_at is not None else None


def review_is_overdue(review_due: dt.date, today: dt.date) -> bool:
    """Whether the day of review has passed."""
    return review_due < today

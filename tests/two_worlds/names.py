"""What the two worlds call things: public ids of what is seen and of what is hidden, and the word that must never show."""

import datetime as dt
import uuid

from tests.making import NOON, at


def uid(number: int) -> uuid.UUID:
    """A fixed uid of version 4."""
    return uuid.UUID(f"5ee70000-0000-4000-8000-{number:012x}")


#: Seen by PAF (and, as far as it goes, CCIC): the lists are never empty.
SEEN = {
    name: uid(number)
    for number, name in enumerate(
        (
            "passage",
            "later",
            "alarm",
            "delivery",
            "lookout",
            "hit",
            "notice",
            "check",
            "shift",
            "circle",
            "circle_hit",
            "countersign",
            "image",
        ),
        start=1,
    )
}
#: UKBA's own.
HIDDEN = {
    name: uid(number)
    for number, name in enumerate(
        (
            "device", "lane", "passage", "alarm", "on_visible", "delivery", "lookout", "hit", "notice_hit", "notice",
            "check", "account", "token", "officer", "shift", "compartment", "stop", "typed", "typed_delivery", "desk",
            "eyes", "eyes_hit", "asked", "case", "proposal", "record",
            "countersign", "countersign_eyes", "share", "receipt", "tear", "twin", "told_hit", "signin", "lockout",
            "scan", "find", "outage", "over", "planned", "care", "image", "image_note", "image_free",
            "correction", "event",
        ),
        start=100,
    )
}  # fmt: skip
MARK = "AB-123-CD"
#: The database's own clock is the real one: what is to be seen must not expire by it.
FAR = NOON + dt.timedelta(days=36_500)
#: Half a minute before the requests: later than anything that the readers see.
LATE = at(29.5)
#: Stands in whatever of the hidden things has a text: it must never come out to a reader.
CANARY = "canary-9c41"

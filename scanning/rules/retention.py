"""How long a picture is kept, by what made it."""

import datetime as dt

from scanning.choices import View

#: Made by imaging systems, not by cameras: what was hidden in the load shows in them.
IMAGING = frozenset({View.XRAY.value, View.GAMMA.value, View.PMMW.value})


def picture_expiry(
    view: str, received_at: dt.datetime, *, camera_days: int, imaging_days: int
) -> dt.datetime:
    """When a picture of this view expires that came at this time."""
    return received_at + dt.timedelta(days=imaging_days if view in IMAGING else camera_days)

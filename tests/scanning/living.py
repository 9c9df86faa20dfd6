"""What tests of the life of devices share: the device, moments, and what one agency reads."""

import datetime as dt

from django.utils import timezone

from agencies.paging import Turn
from scanning.selectors.outages import (
    outage_get,
    outage_notes,
    outages_page,
)

#: UKBA's, and PAF sees it.
PROBE = "L1-CO2"


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


def ahead(**span):
    return timezone.now() + dt.timedelta(**span)


def only(acting, username="ukba.officer"):
    with acting(username) as principal:
        (card,) = outages_page(principal, Turn(limit=10)).rows
        return card


def story(acting, username, uid):
    with acting(username) as principal:
        return outage_notes(principal, outage_get(principal, uid))

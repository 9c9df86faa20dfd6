"""Until when something holds that an officer chooses by a word: an hour, four, the end of the shift."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from agencies.facts import Principal
from agencies.selectors import shift_of
from intelligence.selectors.parties import officer_acting

#: The word for the end of the officer's own shift, and for a moment that is chosen.
SHIFT, CHOSEN = "shift", "chosen"
#: How long in minutes, by what the officer chooses.
SPANS = {"60": 60, "240": 240}


def silence_end(principal: Principal, span: str, chosen: str) -> dt.datetime:
    """The moment that the officer means; ValidationError when there is no such one."""
    if span in SPANS:
        return timezone.now() + dt.timedelta(minutes=SPANS[span])
    end = _end_of_shift(principal) if span == SHIFT else _read(chosen)
    if end is None:
        message = _("You are on no shift: choose another end.") if span == SHIFT else _("Choose an end.")
        raise ValidationError({"until": ValidationError(message, code="invalid")})
    return end


def _end_of_shift(principal: Principal) -> dt.datetime | None:
    officer = officer_acting(principal)
    shift = shift_of(officer) if officer is not None else None
    return shift.ends_at if shift is not None else None


def _read(chosen: str) -> dt.datetime | None:
    """A moment as the browser's control writes it, in the officer's zone."""
    try:
        found = parse_datetime(chosen)
    except ValueError:
        return None
    if found is None or not 1970 <= found.year <= 9000:
        return None
    return found if found.tzinfo is not None else timezone.make_aware(found)

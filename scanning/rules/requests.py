"""How long a scan request stands, and what may follow on what. Pure."""

import datetime as dt

from django.utils import timezone

from scanning.choices import RequestState, Result

#: What a vehicle waits for at most; a lorry that is to be kept longer is a matter of holding it, not of a scan.
LONGEST = dt.timedelta(hours=12)
#: What the form proposes.
USUAL = dt.timedelta(minutes=30)

#: From which states an act may be carried out.
ACCEPTABLE = frozenset({RequestState.ASKED})
REFUSABLE = frozenset({RequestState.ASKED, RequestState.ACCEPTED})
DOABLE = frozenset({RequestState.ASKED, RequestState.ACCEPTED})
CANCELLABLE = frozenset({RequestState.ASKED, RequestState.ACCEPTED})

#: What a scan can end in.
RESULTS = (Result.CLEAR, Result.SUSPECT, Result.INDETERMINATE, Result.NOT_PERFORMED)
RESULT_CHOICES = [(each.value, each.label) for each in RESULTS]


def request_state(stored: str, needed_by: dt.datetime) -> RequestState:
    """Where the request stands now: an unanswered one has lapsed from its hour on, whether or not that was written down."""
    state = RequestState(stored)
    if state == RequestState.ASKED and needed_by <= timezone.now():
        return RequestState.LAPSED
    return state

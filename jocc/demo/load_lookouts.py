"""Entering the demonstration's watch-list as each agency's analyst would; what stands already is kept."""

import datetime as dt

from django.utils import timezone

from agencies.acting import acting_as
from agencies.choices import Classification
from agencies.facts import Principal
from agencies.models import Compartment, Officer
from agencies.selectors import principal_of
from intelligence.facts import LookoutDraft
from intelligence.models import Lookout
from intelligence.rules.marks import normalise
from intelligence.services.audiences import lookout_share
from intelligence.services.lookouts import lookout_create
from jocc.demo.lookouts import LOOKOUTS, LookoutData
from jocc.demo.people import COMPARTMENT

REVIEW = dt.timedelta(days=28)
LIFE = dt.timedelta(days=85)


def lookouts_load(groups: dict[str, int]) -> int:
    """Enter the missing lookouts; returns how many were entered."""
    known = set(Lookout.objects.values_list("originator_id", "mark_norm"))
    missing = [data for data in LOOKOUTS if (groups[data.owner], normalise(data.mark)) not in known]
    analysts: dict[str, Principal] = {}
    for data in missing:
        agency = COMPARTMENT[0] if data.owner == COMPARTMENT[1] else data.owner
        if agency not in analysts:
            analysts[agency] = principal_of(Officer.objects.get(username=f"{agency}.analyst".lower()))
        with acting_as(analysts[agency]):
            _enter(analysts[agency], data)
    return len(missing)


def _enter(analyst: Principal, data: LookoutData) -> None:
    now = timezone.now()
    circle = Compartment.objects.get(name=data.owner) if data.owner == COMPARTMENT[1] else None
    lookout = lookout_create(
        acting_officer=analyst,
        draft=LookoutDraft(
            mark=data.mark,
            kind=data.kind,
            country=data.country,
            action_code=data.action,
            mode=data.mode,
            notified_agencies=data.told,
            desk=data.desk,
            priority=data.priority,
            reason=data.reason,
            instruction=data.instruction,
            classification=Classification.SENSITIVE if data.sensitive else Classification.OPEN,
            expires_at=now + LIFE,
            review_due=(now + REVIEW).date(),
            compartment=str(circle.uid) if circle else "",
        ),
    )
    if data.shared:
        lookout_share(
            acting_officer=analyst, uid=lookout.uid, agencies=data.shared, purpose="Joint controls at Calais"
        )

"""Loading the watch-list of the demonstration; what stands already is kept."""

import datetime as dt

from django.utils import timezone

from agencies.choices import Classification
from agencies.grants import grants_give
from agencies.models import Desk, Officer
from agencies.services.references import reference_next
from intelligence.models import Lookout, LookoutGrant
from intelligence.rules.marks import fold, normalise
from jocc.demo.lookouts import LOOKOUTS, LookoutData
from jocc.demo.people import COMPARTMENT

REVIEW = dt.timedelta(days=28)
LIFE = dt.timedelta(days=180)


def lookouts_load(groups: dict[str, int]) -> int:
    """Enter the missing lookouts as each agency's analyst; returns how many were entered."""
    known = set(Lookout.objects.values_list("originator_id", "mark_norm"))
    analysts = {o.username.partition(".")[0].upper(): o for o in Officer.objects.filter(username__endswith=".analyst")}
    desks = {desk.code: desk for desk in Desk.objects.all()}
    made = 0
    for data in LOOKOUTS:
        if (groups[data.owner], normalise(data.mark)) in known:
            continue
        agency = COMPARTMENT[0] if data.owner == COMPARTMENT[1] else data.owner
        lookout = _lookout(data, groups, analysts[agency], desks)
        grants_give(LookoutGrant, lookout, [groups[a] for a in data.shared])
        made += 1
    return made


def _lookout(data: LookoutData, groups: dict[str, int], officer: Officer, desks: dict[str, Desk]) -> Lookout:
    now = timezone.now()
    norm = normalise(data.mark)
    return Lookout.objects.create(
        originator_id=groups[data.owner],
        reference=reference_next(group_id=groups[data.owner], series="L", year=now.year),
        classification=Classification.SENSITIVE if data.sensitive else Classification.OPEN,
        expires_at=now + LIFE,
        kind=data.kind,
        mark_raw=data.mark,
        mark_norm=norm,
        mark_folded=fold(norm),
        country=data.country,
        action_code=data.action,
        mode=data.mode,
        notified_group_ids=sorted(groups[a] for a in data.told),
        desk=desks[data.desk] if data.desk else None,
        priority=data.priority,
        reason=data.reason,
        instruction=data.instruction,
        review_due=(now + REVIEW).date(),
        created_by=officer,
    )

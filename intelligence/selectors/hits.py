"""Hits, for the owner of the lookout."""

import datetime as dt
import uuid
from typing import Any

from django.db import models

from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Page, Turn, queryset_page
from agencies.rules.rights import may, require
from intelligence.choices import ActionCode, DisclosureMode, HitState, NoticeState
from intelligence.facts import HitCard
from intelligence.models import Hit, Lookout, Notice
from intelligence.selectors.parties import parties
from intelligence.selectors.seen import seen_part


def hits_page(
    principal: Principal,
    turn: Turn,
    *,
    state: str = "",
    priority: str = "",
    lookout_uid: uuid.UUID | None = None,
    passage_uid: uuid.UUID | None = None,
    late: bool | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> Page[HitCard]:
    """One page of the principal's hits, newest first. Raises RightMissing; the caller records the reading."""
    require(principal, Right.HIT_VIEW)
    given = {
        "state": state or None,
        "priority": priority or None,
        "lookout__uid": lookout_uid,
        "passage_uid": passage_uid,
        "is_late": late,
        "seen_at__gte": since,
        "seen_at__lt": until,
    }
    wanted = Hit.objects.visible_to(principal).filter(**{k: v for k, v in given.items() if v is not None})
    page = queryset_page(_with_parts(wanted, principal), turn, at="seen_at")
    return Page(tuple(hit_card(row, principal) for row in page.rows), page.older, page.newer)


def hits_waiting(principal: Principal, *, limit: int = 50) -> tuple[HitCard, ...]:
    """The newest matches that the principal's own officers have not verified; () without the right."""
    if not may(principal, Right.HIT_VIEW):
        return ()
    wanted = Hit.objects.visible_to(principal).filter(state=HitState.MATCH).order_by("-seen_at", "-id")
    return tuple(hit_card(row, principal) for row in _with_parts(wanted, principal)[:limit])


def hit_get(principal: Principal, uid: uuid.UUID | str) -> HitCard:
    """One hit; raises RightMissing or NotVisible. Use hit_open where a person reads it."""
    require(principal, Right.HIT_VIEW)
    hit = Hit.objects.get_visible(principal, uid)
    for part in _parts(principal):
        models.prefetch_related_objects([hit], part)
    return hit_card(hit, principal)


def hit_card(hit: Hit, reader: Principal) -> HitCard:
    """The hit as this reader, who may see it, is shown it."""
    lookout: Lookout | None = getattr(hit, "lookout", None)  # not there for whoever may not see it
    notice: Notice | None = getattr(hit, "notice", None)
    waits = hit.state == HitState.MATCH
    part = seen_part(hit, reader)
    if not part["is_own"]:
        part["outcome"] = ""  # what was found and done is told by the owner, not by the share
    return HitCard(
        **part,
        state=HitState(hit.state),
        lookout_uid=lookout.uid if lookout else None,
        lookout_reference=lookout.reference if lookout else "",
        mode=DisclosureMode(lookout.mode) if lookout else None,
        action_code=ActionCode(lookout.action_code) if lookout else None,
        country_sought=lookout.country if lookout else "",
        notice_uid=notice.uid if notice else None,
        notice_state=NoticeState(notice.state) if notice else None,
        checked_by=parties().code(hit.checked_by_group_id),
        may_decide=waits and hit.originator_id in reader.groups and may(reader, Right.HIT_DECIDE),
        version=f"{hit.state}.{hit.sightings}.{hit.strength}.{hit.lane_id}.{notice.state if notice else ''}",
    )


def _with_parts(hits: models.QuerySet[Hit], principal: Principal) -> models.QuerySet[Hit]:
    for part in _parts(principal):
        hits = hits.prefetch_related(part)
    return hits


def _parts(principal: Principal) -> "tuple[models.Prefetch[Any], ...]":
    # Read apart: joins would take the newest-first index away from the planner.
    return (
        models.Prefetch("lookout", Lookout.objects.visible_to(principal).defer("reason")),
        models.Prefetch("notice", Notice.objects.visible_to(principal)),
        models.Prefetch("decided_by__agency"),
    )

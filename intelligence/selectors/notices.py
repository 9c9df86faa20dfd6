"""Notices, for the front line."""

import datetime as dt
import uuid

from django.db import models

from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Page, Turn, queryset_page
from agencies.rules.rights import may, require
from intelligence.choices import ActionCode, DisclosureMode, NoticeState
from intelligence.facts import NoticeCard
from intelligence.models import Notice
from intelligence.rules.lifecycle import NOTICE_WAITS, notice_sounds
from intelligence.selectors.parties import desk_card, officer_names
from intelligence.selectors.seen import seen_part


def notices_page(
    principal: Principal,
    turn: Turn,
    *,
    state: str = "",
    mode: str = "",
    priority: str = "",
    passage_uid: uuid.UUID | None = None,
    late: bool | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> Page[NoticeCard]:
    """One page of the notices that the principal may see, newest first. Raises RightMissing."""
    require(principal, Right.NOTICE_VIEW)
    given = {
        "state": state or None,
        "mode": mode or None,
        "priority": priority or None,
        "passage_uid": passage_uid,
        "is_late": late,
        "seen_at__gte": since,
        "seen_at__lt": until,
    }
    wanted = Notice.objects.visible_to(principal).filter(**{k: v for k, v in given.items() if v is not None})
    page = queryset_page(_with_parts(wanted), turn, at="seen_at")
    return Page(tuple(notice_card(row, principal) for row in page.rows), page.older, page.newer)


def notices_waiting(principal: Principal, *, limit: int = 50) -> tuple[NoticeCard, ...]:
    """The newest notices that nobody has decided on, those that sound first; () without the right."""
    if not may(principal, Right.NOTICE_VIEW):
        return ()
    wanted = Notice.objects.visible_to(principal).filter(state__in=NOTICE_WAITS).order_by("-seen_at", "-id")
    cards = [notice_card(row, principal) for row in _with_parts(wanted)[:limit]]
    return tuple(sorted(cards, key=lambda card: not card.sounds))


def notice_get(principal: Principal, uid: uuid.UUID | str) -> NoticeCard:
    """One notice; raises RightMissing or NotVisible. Use notice_open where a person reads it."""
    require(principal, Right.NOTICE_VIEW)
    return notice_card(Notice.objects.get_visible(principal, uid), principal)


def notice_card(notice: Notice, reader: Principal) -> NoticeCard:
    """The notice as this reader, who may see it, is shown it."""
    taken_by, taken_agency = officer_names(notice.taken_by, reader)
    acts = may(reader, Right.NOTICE_ACT)
    mine = notice.taken_by_id is None or taken_agency == reader.agency_code
    return NoticeCard(
        **seen_part(notice, reader),
        state=NoticeState(notice.state),
        mode=DisclosureMode(notice.mode),
        action_code=ActionCode(notice.action_code),
        instruction=notice.instruction,
        desk=desk_card(notice.desk),
        sounds=notice_sounds(notice.mode, notice.state, notice.is_late),
        escalated_at=notice.escalated_at,
        escalations=notice.escalations,
        taken_by=taken_by,
        taken_agency=taken_agency,
        taken_at=notice.taken_at,
        may_take=acts and notice.state == NoticeState.OPEN,
        may_decide=acts and notice.state in NOTICE_WAITS and mine,
        version=f"{notice.state}.{notice.sightings}.{notice.strength}.{notice.lane_id}.{notice.escalations}",
    )


def _with_parts(notices: models.QuerySet[Notice]) -> models.QuerySet[Notice]:
    return notices.prefetch_related("desk__agency", "taken_by__agency", "decided_by__agency")

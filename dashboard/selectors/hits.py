"""The pages of hits and notices: the owner's records and the front line's, in one list by time."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Page, Place, Turn
from agencies.rules.rights import RightMissing, may
from dashboard.countries import country_name
from dashboard.facts.acts import Detail
from dashboard.facts.needs import HistoryEntry, HitPage, HitRow
from dashboard.selectors.cards import desk_name, hit_need, match_of, notice_need
from dashboard.selectors.lines import lane_short
from dashboard.selectors.marks import mark_cell
from dashboard.selectors.places import equipment_now
from intelligence.choices import DisclosureMode, HitState, NoticeState
from intelligence.facts import DeskCard, HitCard, NoticeCard, SeenCard
from intelligence.selectors.hits import hits_page
from intelligence.selectors.notices import notices_page
from scanning.selectors.passages import passages_by_uid

#: What the list calls a state, and the states of hits and of notices that it stands for (None: there is none).
STATES: dict[str, tuple[str | None, str | None]] = {
    "": ("", ""),
    "waiting": (HitState.MATCH.value, NoticeState.OPEN.value),
    "taken": (None, NoticeState.TAKEN.value),
    "confirmed": (HitState.CONFIRMED.value, NoticeState.CONFIRMED.value),
    "rejected": (HitState.REJECTED.value, NoticeState.REJECTED.value),
    "expired": (HitState.EXPIRED.value, NoticeState.EXPIRED.value),
}
_FIRST, _LAST = -1, 2**62

Card = HitCard | NoticeCard


@dataclasses.dataclass(frozen=True, slots=True)
class HitWish:
    """What to narrow the list to; `kind` is hit, notice or "" for both, `state` a key of STATES."""

    kind: str = ""
    state: str = ""
    priority: str = ""


def hits_and_notices(principal: Principal, turn: Turn, wish: HitWish) -> Page[Card]:
    """One page of the hits and notices that the officer may see, newest first; the caller records the reading.

    The two lists are turned together, by time alone: records of one and the same moment stand on one page.
    Raises RightMissing when the officer may see neither.
    """
    hit_state, notice_state = STATES[wish.state]
    sources: list[Callable[[Turn], Page[Any]]] = []
    if may(principal, Right.HIT_VIEW) and wish.kind != "notice" and hit_state is not None:
        sources.append(lambda turn: hits_page(principal, turn, state=hit_state or "", priority=wish.priority))
    if may(principal, Right.NOTICE_VIEW) and wish.kind != "hit" and notice_state is not None:
        sources.append(
            lambda turn: notices_page(principal, turn, state=notice_state or "", priority=wish.priority)
        )
    if not (may(principal, Right.HIT_VIEW) or may(principal, Right.NOTICE_VIEW)):
        raise RightMissing(Right.NOTICE_VIEW.value)
    return _merged([source(_by_time(turn)) for source in sources], turn)


def _by_time(turn: Turn) -> Turn:
    """The same turn past everything of its moment, whatever its number."""
    if turn.after is not None:
        return Turn(turn.limit, after=Place(turn.after.at, _FIRST))
    if turn.before is not None:
        return Turn(turn.limit, before=Place(turn.before.at, _LAST))
    return turn


def _merged(pages: list[Page[Card]], turn: Turn) -> Page[Card]:
    upwards = turn.before is not None
    rows = sorted((row for page in pages for row in page.rows), key=_order, reverse=not upwards)
    # No source may be read past the moment at which another one was cut.
    edges = [page.newer if upwards else page.older for page in pages]
    cut = _cut(rows, turn.limit, [edge.at for edge in edges if edge is not None], upwards)
    kept, more = rows[:cut], cut < len(rows) or any(edges)
    if upwards:
        kept.reverse()
    if not kept:
        return Page()
    older, newer = Place(kept[-1].seen_at, 0), Place(kept[0].seen_at, 0)
    if upwards:
        return Page(tuple(kept), older=older, newer=newer if more else None)
    return Page(tuple(kept), older=older if more else None, newer=newer if turn.after is not None else None)


def _order(card: Card) -> tuple[dt.datetime, bool, str]:
    """By time; at the same moment the hit above its notice, in either direction of turning."""
    return card.seen_at, isinstance(card, HitCard), str(card.uid)


def _cut(rows: list[Card], limit: int, edges: list[dt.datetime], upwards: bool) -> int:
    """How many rows make the page: about `limit`, never parting two of one moment."""
    end = len(rows)
    if edges:
        nearest = min(edges) if upwards else max(edges)
        end = sum(1 for row in rows if (row.seen_at <= nearest if upwards else row.seen_at >= nearest))
    if end <= limit:
        return end
    last = rows[limit - 1].seen_at
    return next((place for place in range(limit, end) if rows[place].seen_at != last), end)


def row_of(card: Card, principal: Principal) -> HitRow:
    """One line of the list."""
    return hit_row(card, principal) if isinstance(card, HitCard) else notice_row(card, principal)


def hit_row(card: HitCard, principal: Principal) -> HitRow:
    """The owner's hit on one line."""
    return HitRow(
        kind="hit",
        id=str(card.uid),
        url=reverse("hit-detail", args=[card.uid]),
        tone=card.priority.value,
        action=str(card.action_code.label) if card.action_code else _("Match"),
        state=str(card.state.label),
        lookout=card.lookout_reference,
        lookout_url=reverse("lookout-detail", args=[card.lookout_uid]) if card.lookout_uid else "",
        **_seen(card, principal),
    )


def notice_row(card: NoticeCard, principal: Principal) -> HitRow:
    """The front line's notice on one line."""
    is_stop = card.mode == DisclosureMode.STOP
    waits = card.state in {NoticeState.OPEN, NoticeState.TAKEN}
    return HitRow(
        kind="notice",
        id=str(card.uid),
        url=reverse("hit-detail", args=[card.uid]),
        tone="stop" if is_stop and waits else card.priority.value,
        action=str(card.action_code.label),
        state=str(card.state.label),
        **_seen(card, principal),
    )


def _seen(card: SeenCard, principal: Principal) -> dict[str, Any]:
    equipment = equipment_now(principal)
    lane = equipment.lane(card.lane_id)
    site = equipment.sites.get(lane.site_id) if lane else None
    return {
        "raised": card.seen_at,
        "marks": (mark_cell(card.mark_seen, country=card.country_seen, confidence=card.mark_confidence),),
        "lane": lane_short(lane.code) if lane else "",
        "site": site.name if site else card.place,
        "owner": card.owner,
        "strength": match_of(card).strength,
        "late": card.is_late,
    }


def hit_page(principal: Principal, card: HitCard, notice: NoticeCard | None) -> HitPage:
    """One hit with its story; `notice` is what the front line was told of it."""
    details = [
        Detail(_("lookout"), card.lookout_reference, url=_lookout_url(card), mono=True),
        *_seen_details(card),
        Detail(_("country looked for"), country_name(card.country_sought)),
        Detail(_("found by a check of"), card.checked_by),
        Detail(_("what was done"), card.outcome),
    ]
    need = hit_need(card, equipment_now(principal))
    return HitPage(
        card=dataclasses.replace(
            need, details=tuple(detail for detail in details if detail.value or detail.at)
        ),
        reference=card.reference,
        history=_hit_story(card, notice),
        passage_url=_passage_url(principal, card),
        lookout_url=_lookout_url(card),
        explanation=_("Compare the marks letter by letter before you confirm. Reject what you cannot verify.")
        if card.may_decide
        else "",
    )


def notice_page(principal: Principal, card: NoticeCard) -> HitPage:
    """One notice with its story: what to do or whom to call, never why."""
    details = [
        Detail(_("instruction"), card.instruction),
        Detail(_("desk"), desk_text(card.desk)),
        *_seen_details(card),
        Detail(_("owner"), card.owner),
        Detail(_("what was done"), card.outcome),
    ]
    need = notice_need(card, equipment_now(principal))
    return HitPage(
        card=dataclasses.replace(
            need, text="", details=tuple(detail for detail in details if detail.value or detail.at)
        ),
        reference=card.reference,
        history=tuple(_notice_story(card)),
        passage_url=_passage_url(principal, card),
        explanation=_notice_explanation(card),
    )


def desk_text(desk: DeskCard | None) -> str:
    """The desk that the front line is referred to, with its agency and telephone; "" for none."""
    return " · ".join(filter(None, (f"{desk_name(desk)} ({desk.agency})", desk.phone))) if desk else ""


def _notice_explanation(card: NoticeCard) -> str:
    if not (card.may_take or card.may_decide):
        return ""
    if card.mode == DisclosureMode.REFER:
        return _(
            "Call the desk with the vehicle before you. No reason is shown here, and none may be guessed."
        )
    if card.may_take:
        return _("Take it, go to the vehicle, compare the mark on the plate, then say whether it is the one.")
    return _("Go to the vehicle, compare the mark on the plate, then say whether it is the one.")


def _lookout_url(card: HitCard) -> str:
    return reverse("lookout-detail", args=[card.lookout_uid]) if card.lookout_uid else ""


def _passage_url(principal: Principal, card: SeenCard) -> str:
    """The passage's page, if the reader sees any part of it."""
    if card.passage_uid is None or card.passage_uid not in passages_by_uid(principal, [card.passage_uid]):
        return ""
    return reverse("passage-detail", args=[card.passage_uid])


def _seen_details(card: SeenCard) -> list[Detail]:
    share = "" if card.mark_confidence is None else f"{round(card.mark_confidence * 100)} %"
    return [
        Detail(_("looked for"), card.mark_sought, mono=True),
        Detail(_("read as"), card.mark_seen, mono=True),
        Detail(_("confidence of the reading"), share),
        Detail(_("match"), match_of(card).strength),
        Detail(_("priority"), str(card.priority.label)),
        Detail(_("where"), card.place),
        Detail(_("first seen"), "", at=card.seen_at),
        *([Detail(_("last seen"), "", at=card.last_seen_at)] if card.sightings > 1 else []),
    ]


def _hit_story(card: HitCard, notice: NoticeCard | None) -> tuple[HistoryEntry, ...]:
    entries = [HistoryEntry(card.created_at, _("the system"), _("Match found"), match_of(card).strength)]
    if notice is not None:
        entries += _notice_story(notice)
    if card.decided_at is not None and not (notice and notice.decided_at == card.decided_at):
        entries.append(_decision(card))
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _notice_story(card: NoticeCard) -> list[HistoryEntry]:
    entries = [HistoryEntry(card.created_at, _("the system"), _("Notice to the front line"))]
    if card.escalated_at is not None:
        entries.append(HistoryEntry(card.escalated_at, _("the system"), _("Escalated: nobody had taken it")))
    if card.taken_at is not None:
        entries.append(
            HistoryEntry(card.taken_at, card.taken_by or card.taken_agency, pgettext("notice", "Taken"))
        )
    if card.decided_at is not None:
        entries.append(_decision(card))
    return sorted(entries, key=lambda entry: entry.at)


def _decision(card: Card) -> HistoryEntry:
    at = card.decided_at or card.last_seen_at
    reasons = [str(card.reject_reason.label) if card.reject_reason else "", card.outcome]
    return HistoryEntry(
        at, card.decided_by or card.decided_agency, str(card.state.label), " · ".join(filter(None, reasons))
    )

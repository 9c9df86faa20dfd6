"""What needs an officer now: hits and notices of the agency wherever they are, alarms of the site.

Read anew at each asking and never remembered: what has been taken, decided or recalled must be gone at once.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from agencies.acting import memory
from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may
from dashboard.facts.needs import NeedCard, NeedsPart
from dashboard.facts.passages import MarkCell
from dashboard.markup import digest
from dashboard.selectors.cards import alarm_need, hit_need, notice_need
from dashboard.selectors.flags import tone_of
from dashboard.selectors.marks import mark_cells
from dashboard.selectors.places import equipment_now
from intelligence.choices import HitState
from intelligence.facts import HitCard, NoticeCard
from intelligence.models import Hit, Lookout, Notice
from intelligence.rules.lifecycle import NOTICE_WAITS
from intelligence.selectors.hits import hit_card, hit_get
from intelligence.selectors.notices import notice_card, notice_get
from scanning.models import Alarm, PassageMark
from scanning.selectors.alarms import alarm_seen, alarms_waiting, pressing_first, silenced_now
from scanning.selectors.seen import AlarmSeen, Equipment, MarkSeen, SiteSeen

#: So many of each kind are on the board; more would be a flood that nobody can work through there.
MOST = 40
#: Counts beside the navigation end here, and say so: one more is counted.
MOST_COUNTED = 99
_PRESSING = {"stop": 0, "high": 1, "medium": 2, "low": 3}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for the officer, and how pressing it is: what the navigation shows."""

    alarms: int = 0
    alarm_tone: str = "quiet"
    hits: int = 0
    hit_tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class Needs:
    """The part of the board, and the records whose reading is to be recorded."""

    part: NeedsPart
    read: tuple[HitCard | NoticeCard, ...]


def needs_now(principal: Principal, site: SiteSeen | None) -> Needs:
    """Everything that waits for this officer, the most pressing first."""
    equipment, here = equipment_now(principal), site.id if site else None
    hits, notices = _divided(principal, _hits(principal), _notices(principal))
    alarms, more = _alarms(principal, site)
    marks = alarm_marks(principal, alarms, equipment)
    cards = [
        *(notice_need(card, equipment, principal, here=here) for card in notices),
        *(hit_need(card, equipment, here=here) for card in hits),
        *(alarm_need(alarm, equipment, principal, marks.get(alarm.passage_id or 0, ())) for alarm in alarms),
    ]
    ordered = tuple(sorted(cards, key=_pressing))
    as_of = digest([(card.kind, card.id, card.version, card.mine) for card in ordered], more)
    _remember(principal, ordered, more)
    return Needs(NeedsPart(cards=ordered, as_of=as_of, more=more), (*hits, *notices))


def waiting_now(principal: Principal, site: SiteSeen | None) -> Waiting:
    """How much waits for the officer; on the board it has been found already."""
    notes = memory.get()
    if notes is not None and "waiting" in notes and notes.get("principal") is principal:
        known: Waiting = notes["waiting"]
        return known
    alarms = _alarm_tones(principal, site)
    others = _hit_tones(principal)
    return Waiting(len(alarms), _most_pressing(alarms), len(others), _most_pressing(others))


def need_now(
    principal: Principal, kind: str, uid: uuid.UUID, site: SiteSeen | None
) -> tuple[NeedCard, HitCard | NoticeCard | None]:
    """One card as it stands now, and the record that was read for it; NotVisible or RightMissing."""
    equipment, here = equipment_now(principal), site.id if site else None
    if kind == "hit":
        hit = hit_get(principal, uid)
        return hit_need(hit, equipment, here=here), hit
    if kind == "notice":
        notice = notice_get(principal, uid)
        return notice_need(notice, equipment, principal, here=here), notice
    alarm = alarm_seen(principal, uid)
    marks = alarm_marks(principal, [alarm], equipment)
    return alarm_need(alarm, equipment, principal, marks.get(alarm.passage_id or 0, ())), None


def alarm_marks(
    principal: Principal, alarms: Iterable[AlarmSeen], equipment: Equipment
) -> dict[int, tuple[MarkCell, ...]]:
    """What stands on the plates of the vehicles that these alarms are about, by passage (internal id)."""
    passages = {alarm.passage_id for alarm in alarms if alarm.passage_id is not None}
    if not passages:
        return {}
    by_passage: dict[int, list[MarkSeen]] = {}
    rows = PassageMark.objects.visible_to(principal).filter(passage_id__in=passages)
    for row in rows.order_by("first_at", "device_id", "norm").values_list(*MarkSeen._fields):
        by_passage.setdefault(row[0], []).append(MarkSeen(*row))
    return {passage: mark_cells(marks)[:2] for passage, marks in by_passage.items()}


def _remember(principal: Principal, cards: Sequence[NeedCard], more: int) -> None:
    notes = memory.get()
    if notes is not None and notes.get("principal") is principal:
        alarms = [_called_tone(card.tone, card.escalated) for card in cards if card.kind == "alarm"]
        others = [card.tone for card in cards if card.kind != "alarm"]
        notes["waiting"] = Waiting(
            len(alarms) + more, _most_pressing(alarms), len(others), _most_pressing(others)
        )


def _most_pressing(tones: Iterable[str]) -> str:
    return min(tones, key=lambda tone: _PRESSING.get(tone, 9), default="quiet")


def _alarm_tones(principal: Principal, site: SiteSeen | None) -> list[str]:
    if site is None:
        return []
    devices = [d.id for d in equipment_now(principal).devices.values() if d.site_id == site.id]
    waiting = Alarm.objects.visible_to(principal).filter(acknowledged_at=None, device_id__in=devices)
    waiting = waiting.exclude(silenced_now())
    found = pressing_first(waiting).values_list("severity", "escalated_at")[: MOST_COUNTED + 1]
    return [_called_tone(severity, escalated) for severity, escalated in found]


def _called_tone(tone: str, escalated: dt.datetime | None) -> str:
    """What has escalated presses whatever its priority."""
    return "high" if escalated is not None and tone != "stop" else tone


def _hit_tones(principal: Principal) -> list[str]:
    """Notices of others that nobody has decided on, and own matches that nobody has verified."""
    tones: list[str] = []
    if may(principal, Right.NOTICE_VIEW):
        others = Notice.objects.visible_to(principal).filter(state__in=NOTICE_WAITS)
        others = others.exclude(originator_id__in=list(principal.groups)).order_by("-seen_at", "-id")
        tones += [tone_of(*row) for row in others.values_list("mode", "priority")[: MOST_COUNTED + 1]]
    if may(principal, Right.HIT_VIEW):
        own = Hit.objects.visible_to(principal).filter(state=HitState.MATCH).order_by("-seen_at", "-id")
        tones += own.values_list("priority", flat=True)[: MOST_COUNTED + 1]
    return tones[: MOST_COUNTED + 1]


def _hits(principal: Principal) -> list[Hit]:
    if not may(principal, Right.HIT_VIEW):
        return []
    lookouts = Prefetch("lookout", Lookout.objects.visible_to(principal).defer("reason"))
    waiting = Hit.objects.visible_to(principal).filter(state=HitState.MATCH).select_related("notice")
    return list(waiting.prefetch_related(lookouts).order_by("-seen_at", "-id")[:MOST])


def _notices(principal: Principal) -> list[Notice]:
    if not may(principal, Right.NOTICE_VIEW):
        return []
    waiting = Notice.objects.visible_to(principal).filter(state__in=NOTICE_WAITS)
    return list(waiting.select_related("desk__agency", "taken_by__agency").order_by("-seen_at", "-id")[:MOST])


def _divided(
    principal: Principal, hits: Sequence[Hit], notices: Sequence[Notice]
) -> tuple[list[HitCard], list[NoticeCard]]:
    """One card for each match, not two: the owner's hit, or the notice where the owner's own front line is told."""
    own = [notice for notice in notices if notice.originator_id in principal.groups]
    told = _told_themselves(principal, own)
    waiting = {notice.hit_id for notice in own if notice.pk in told}
    return (
        [hit_card(hit, principal) for hit in hits if hit.pk not in waiting],
        [notice_card(notice, principal) for notice in notices if notice not in own or notice.pk in told],
    )


def _told_themselves(principal: Principal, own: Sequence[Notice]) -> set[int]:
    """The own notices (internal ids) that tell the reader's own front line."""
    if not own:
        return set()
    hits = Hit.objects.visible_to(principal).filter(pk__in=[notice.hit_id for notice in own])
    audience = dict(hits.values_list("id", "lookout__notified_group_ids"))
    return {notice.pk for notice in own if principal.agency_group in audience.get(notice.hit_id, ())}


def _alarms(principal: Principal, site: SiteSeen | None) -> tuple[Sequence[AlarmSeen], int]:
    """The alarms of the site that nobody has acknowledged, and how many more there are (or at least that many)."""
    if site is None:
        return (), 0
    waiting = alarms_waiting(principal, site=site.code, limit=MOST * 4)
    return waiting[:MOST], max(len(waiting) - MOST, 0)


def _pressing(card: NeedCard) -> tuple[bool, bool, int, int, float]:
    kinds = ("notice", "hit", "alarm")
    return (
        not card.sounds,
        card.escalated is None,
        _PRESSING.get(card.tone, 9),
        kinds.index(card.kind),
        -card.raised.timestamp(),
    )

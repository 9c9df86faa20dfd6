"""Alarms of the devices that a reader may see: the list, what waits for somebody, how heavily they weigh."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from agencies.facts import Principal
from agencies.models import Officer
from agencies.paging import Page, Turn, queryset_page
from intelligence.selectors.parties import officer_names
from scanning.choices import Severity
from scanning.models import Alarm, AlarmReview, Device
from scanning.selectors.passages import passage_uids, passages_by_uid
from scanning.selectors.seen import AlarmLoad, AlarmSeen

_WAITING = Q(acknowledged_at__isnull=True)
_STANDING = Q(cleared_at__isnull=True) | _WAITING
_ESCALATED = Q(escalated_at__isnull=False) & _WAITING
_URGENCY = Case(
    When(severity=Severity.HIGH, then=Value(0)),
    When(severity=Severity.MEDIUM, then=Value(1)),
    default=Value(2),
)
_CALLED = Case(When(escalated_at__isnull=False, then=Value(0)), default=Value(1))
#: What an officer can bear (EEMUA 191): one alarm in ten minutes on average, ten in the worst ten minutes,
#: fewer than ten standing.
_BEARABLE = (1.0, 10, 10)


@dataclass(frozen=True, slots=True)
class AlarmFilter:
    """What to narrow the list to; None and "" mean any. `site`, `lane` and `device` are codes.

    `mine` is what the reader has taken or been given, `reviewed` what the reader has looked at; `assigned_to` a badge number of the reader's own agency.
    """

    active: bool | None = None
    acknowledged: bool | None = None
    severity: str = ""
    rule: str = ""
    kind: str = ""
    site: str = ""
    lane: str = ""
    device: str = ""
    passage: uuid.UUID | None = None
    assigned: bool | None = None
    mine: bool = False
    assigned_to: str = ""
    silenced: bool | None = None
    escalated: bool | None = None
    reviewed: bool | None = None


def alarms_page(principal: Principal, turn: Turn, wanted: AlarmFilter | None = None) -> Page[AlarmSeen]:
    """Visible alarms, newest first."""
    page = queryset_page(_narrowed(principal, wanted or AlarmFilter()), turn, at="raised_at")
    return Page(_seen(principal, page.rows), older=page.older, newer=page.newer)


def alarms_waiting(principal: Principal, *, site: str = "", limit: int = 50) -> tuple[AlarmSeen, ...]:
    """What nobody has acknowledged yet, active or not, and what is not silenced: escalated first, then by priority and newest first."""
    waiting = _narrowed(principal, AlarmFilter(site=site, silenced=False)).filter(_STANDING & _WAITING)
    return _seen(principal, pressing_first(waiting)[:limit])


def alarms_standing(principal: Principal, *, site: str = "", limit: int) -> tuple[tuple[AlarmSeen, ...], int]:
    """What is not over, the most pressing first, up to `limit`, and how many there are in all."""
    standing = _narrowed(principal, AlarmFilter(site=site, active=True))
    return _seen(principal, pressing_first(standing)[:limit]), standing.count()


def pressing_first(alarms: QuerySet[Alarm]) -> QuerySet[Alarm]:
    """Escalated first, then by priority and newest first."""
    return alarms.order_by(_CALLED, _URGENCY, "-raised_at", "-id")


def alarms_escalated(principal: Principal, wanted: AlarmFilter, *, limit: int = 20) -> tuple[AlarmSeen, ...]:
    """What has escalated and nobody has acknowledged since: by priority, and who waits longest first."""
    called = _narrowed(principal, wanted).filter(_ESCALATED)
    return _seen(principal, called.order_by(_URGENCY, "raised_at", "id")[:limit])


def alarms_calling(principal: Principal, *, limit: int) -> tuple[AlarmSeen, ...]:
    """Active alarms that have escalated and that the reader has not looked at since, wherever they are."""
    looked = AlarmReview.objects.visible_to(principal).filter(
        alarm_id=OuterRef("pk"), at__gte=OuterRef("escalated_at")
    )
    called = _alarms().visible_to(principal).filter(_ESCALATED, ~Exists(looked), cleared_at__isnull=True)
    return _seen(principal, called.order_by(_URGENCY, "raised_at", "id")[:limit])


def alarm_seen(principal: Principal, uid: uuid.UUID | str) -> AlarmSeen:
    """One alarm; NotVisible when it is absent or its device is hidden."""
    return _seen(principal, [_alarms().get_visible(principal, uid)])[0]


def alarms_reviewed(principal: Principal, alarm_ids: Iterable[int]) -> set[int]:
    """Those of these alarms (internal ids) that the reader has looked at."""
    own = AlarmReview.objects.visible_to(principal).filter(alarm_id__in=list(alarm_ids))
    return set(own.order_by().values_list("alarm_id", flat=True))


def alarms_of_passages(principal: Principal, passage_ids: Iterable[int]) -> dict[int, tuple[AlarmSeen, ...]]:
    """The visible alarms of these passages (internal ids), by passage, in the order of time."""
    found: dict[int, tuple[AlarmSeen, ...]] = {}
    alarms = _alarms().visible_to(principal).filter(passage_id__in=list(passage_ids))
    for alarm in _seen(principal, alarms.order_by("raised_at", "id")[:1000]):
        if alarm.passage_id is not None:
            found[alarm.passage_id] = (*found.get(alarm.passage_id, ()), alarm)
    return found


def alarm_load(principal: Principal, *, now: dt.datetime, officers: int = 1) -> AlarmLoad:
    """How heavily visible alarms weigh on each of so many officers on duty, over the last day and hour."""
    day = _alarms().visible_to(principal).filter(raised_at__gt=now - dt.timedelta(days=1), raised_at__lte=now)
    raised = list(day.order_by("raised_at").values_list("raised_at", "severity"))
    hour = sum(at > now - dt.timedelta(hours=1) for at, _ in raised)
    standing = Alarm.objects.visible_to(principal).filter(cleared_at__isnull=True).count()
    average, peak = hour / 6 / max(officers, 1), _peak([at for at, _ in raised])
    shares = {
        word: round(100 * sum(s == word for _, s in raised) / len(raised)) if raised else 0
        for word in Severity.values
    }
    return AlarmLoad(
        per_ten_minutes=average,
        peak=peak,
        standing=standing,
        shares=shares,
        within=average <= _BEARABLE[0] and peak <= _BEARABLE[1] and standing < _BEARABLE[2],
    )


def _peak(times: list[dt.datetime]) -> int:
    """The most within any ten minutes; the times are in order."""
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] >= dt.timedelta(minutes=10):
            first += 1
        most = max(most, last - first + 1)
    return most


def silenced_now() -> Q:
    """The alarms that an officer has silenced, as long as the silence holds."""
    return Q(silenced_until__gt=timezone.now(), silence_broken_at__isnull=True)


def _alarms() -> Any:
    return Alarm.objects.select_related(
        "acknowledged_by__agency", "assigned_to__agency", "silenced_by__agency", "cleared_by__agency"
    )


def _narrowed(principal: Principal, wanted: AlarmFilter) -> QuerySet[Alarm]:
    alarms = _alarms().visible_to(principal)
    for value, is_set, is_not in (
        (wanted.active, Q(cleared_at__isnull=True), Q(cleared_at__isnull=False)),
        (wanted.acknowledged, Q(acknowledged_at__isnull=False), _WAITING),
        (wanted.assigned, Q(assigned_to__isnull=False), Q(assigned_to__isnull=True)),
        (wanted.escalated, _ESCALATED, ~_ESCALATED),
        (wanted.silenced, silenced_now(), ~silenced_now()),
    ):
        if value is not None:
            alarms = alarms.filter(is_set if value else is_not)
    own = {name: value for name, value in (("severity", wanted.severity), ("rule", wanted.rule)) if value}
    of_device = {
        name: value
        for name, value in (
            ("kind", wanted.kind),
            ("site__code", wanted.site),
            ("lane__code", wanted.lane),
            ("code", wanted.device),
        )
        if value
    }
    if of_device:
        devices = Device.objects.visible_to(principal).filter(**of_device)
        alarms = alarms.filter(device_id__in=list(devices.values_list("id", flat=True)))
    if wanted.passage is not None:
        passages = passages_by_uid(principal, [wanted.passage])
        alarms = alarms.filter(passage_id__in=[passage.id for passage in passages.values()])
    if wanted.reviewed is not None:
        looked = Exists(AlarmReview.objects.visible_to(principal).filter(alarm_id=OuterRef("pk")))
        alarms = alarms.filter(looked if wanted.reviewed else ~looked)
    if wanted.mine:
        alarms = alarms.filter(assigned_to__uid=principal.uid)
    if wanted.assigned_to:
        named = {"badge_number": wanted.assigned_to, "agency__group_id": principal.agency_group}
        alarms = alarms.filter(assigned_to__in=Officer.objects.filter(**named))
    return alarms.filter(**own)


def _seen(principal: Principal, alarms: Iterable[Alarm]) -> tuple[AlarmSeen, ...]:
    rows = list(alarms)
    uids = passage_uids(principal, {row.passage_id for row in rows if row.passage_id is not None})
    return tuple(_alarm(principal, row, uids) for row in rows)


def _alarm(principal: Principal, row: Alarm, uids: dict[int, uuid.UUID]) -> AlarmSeen:
    name, agency = officer_names(row.acknowledged_by, principal)
    assigned_to, assigned_agency = officer_names(row.assigned_to, principal)
    silenced_by, silenced_agency = officer_names(row.silenced_by, principal)
    cleared_by, cleared_agency = officer_names(row.cleared_by, principal)
    until = row.silenced_until
    return AlarmSeen(
        id=row.pk,
        uid=row.uid,
        device_id=row.device_id,
        lane_id=row.lane_id,
        passage_id=row.passage_id,
        passage_uid=uids.get(row.passage_id) if row.passage_id is not None else None,
        rule=row.rule,
        severity=row.severity,
        raised_at=row.raised_at,
        last_at=row.last_at,
        repeats=row.repeats,
        detail=row.detail,
        is_late=row.is_late,
        cleared_at=row.cleared_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=name,
        acknowledged_by_agency=agency,
        comment=row.comment,
        assigned_at=row.assigned_at,
        assigned_to=assigned_to,
        assigned_to_agency=assigned_agency,
        is_mine=row.assigned_to is not None and row.assigned_to.uid == principal.uid,
        silenced_until=until,
        silenced_by=silenced_by,
        silenced_by_agency=silenced_agency,
        escalated_at=row.escalated_at,
        is_silenced=until is not None and until > timezone.now() and row.silence_broken_at is None,
        reopened=row.reopened,
        cleared_by=cleared_by,
        cleared_by_agency=cleared_agency,
    )

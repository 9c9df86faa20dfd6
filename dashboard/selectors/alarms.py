"""The list of alarms with what may be done about each, and how heavily they weigh."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.paging import Page, Turn
from agencies.rules.rights import may
from agencies.selectors import shifts_own
from dashboard.facts.acts import Act
from dashboard.facts.needs import AlarmLoad, AlarmRow
from dashboard.facts.passages import MarkCell
from dashboard.selectors.cards import alarm_acts, alarm_state, alarm_text, alarm_version, rule_word
from dashboard.selectors.lines import lane_short
from dashboard.selectors.needs import alarm_marks
from dashboard.selectors.places import equipment_now
from scanning.choices import Severity
from scanning.models import Alarm
from scanning.selectors.alarms import (
    AlarmFilter,
    alarm_load,
    alarm_seen,
    alarms_escalated,
    alarms_page,
    alarms_reviewed,
)
from scanning.selectors.seen import AlarmSeen, Equipment

#: From this share of the day's alarms on, one device is named as the cause of the load.
_MUCH = 0.2
_DAY = dt.timedelta(days=1)


def alarms_shown(
    principal: Principal, turn: Turn, wanted: AlarmFilter
) -> tuple[tuple[AlarmRow, ...], Page[AlarmRow]]:
    """What stands above the list on its first page, because it has escalated; and one page of the others."""
    equipment_now(principal)
    first = turn.after is None and turn.before is None
    called = alarms_escalated(principal, wanted) if first else ()
    page = alarms_page(principal, turn, wanted)
    above = {alarm.id for alarm in called}
    rows = alarm_rows(principal, [*called, *(alarm for alarm in page.rows if alarm.id not in above)])
    return rows[: len(called)], Page(rows[len(called) :], older=page.older, newer=page.newer)


def alarms_listed(principal: Principal, turn: Turn, wanted: AlarmFilter) -> Page[AlarmRow]:
    """One page of alarms, newest first."""
    equipment_now(principal)
    page = alarms_page(principal, turn, wanted)
    return Page(alarm_rows(principal, page.rows), older=page.older, newer=page.newer)


def alarm_row_now(principal: Principal, uid: uuid.UUID) -> AlarmRow:
    """One alarm of the list as it stands now; NotVisible."""
    return alarm_rows(principal, [alarm_seen(principal, uid)])[0]


def alarm_names(principal: Principal, uids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What those of these alarms that the reader may see are called: what it is, and at which device."""
    rows = Alarm.objects.visible_to(principal).filter(uid__in=uids).values_list("uid", "rule", "device_id")
    devices = equipment_now(principal).devices
    return {
        uid: f"{rule_word(rule)} {devices[number].code}" for uid, rule, number in rows if number in devices
    }


def alarm_rows(principal: Principal, alarms: Sequence[AlarmSeen]) -> tuple[AlarmRow, ...]:
    """The rows of these alarms, with the marks of their vehicles."""
    equipment = equipment_now(principal)
    marks = alarm_marks(principal, alarms, equipment)
    seen = alarms_reviewed(principal, [alarm.id for alarm in alarms]) if alarms else set()
    return tuple(
        dataclasses.replace(
            _row(alarm, principal, equipment, marks.get(alarm.passage_id or 0, ())),
            reviewed=alarm.id in seen,
            settled=any(act.code == "undo" for act in acts),
            acts=(*acts, _review_act(alarm.id in seen)),
        )
        for alarm, acts in ((alarm, alarm_acts(alarm, principal, in_full=True)) for alarm in alarms)
    )


def _review_act(is_reviewed: bool) -> Act:
    """The officer's own mark: looked at, or not."""
    if is_reviewed:
        return Act("unreview", _("Not reviewed"), "v", "quiet")
    return Act("review", _("Reviewed"), "v", "quiet")


def alarm_load_now(principal: Principal) -> AlarmLoad | None:
    """How heavily the alarms weigh on each officer of the agency on duty; for those who answer for it."""
    if not may(principal, Right.ADMIN_ENTER):
        return None
    now = timezone.now()
    on_duty = shifts_own(principal).filter(starts_at__lte=now, ends_at__gt=now)
    officers = on_duty.order_by().values("officers").distinct().count()
    load = alarm_load(principal, now=now, officers=max(officers, 1))
    return AlarmLoad(
        per_ten_minutes=load.per_ten_minutes,
        peak=load.peak,
        standing=load.standing,
        high_share=load.shares.get(Severity.HIGH, 0),
        medium_share=load.shares.get(Severity.MEDIUM, 0),
        low_share=load.shares.get(Severity.LOW, 0),
        within=load.within,
        advice=() if load.within else _advice(principal, now),
    )


def _row(alarm: AlarmSeen, principal: Principal, equipment: Equipment, marks: Sequence[MarkCell]) -> AlarmRow:
    device, lane = equipment.devices.get(alarm.device_id), equipment.lane(alarm.lane_id)
    return AlarmRow(
        id=str(alarm.uid),
        version=alarm_version(alarm),
        tone=alarm.severity,
        priority=str(Severity(alarm.severity).label),
        title=rule_word(alarm.rule),
        state=alarm_state(alarm),
        active=alarm.is_active,
        acknowledged=alarm.is_acknowledged,
        raised=alarm.raised_at,
        url=reverse("alarm-detail", args=[alarm.uid]),
        device=device.code if device else "",
        device_url=reverse("device-detail", args=[device.uid]) if device else "",
        lane=lane_short(lane.code) if lane else "",
        times=alarm.repeats,
        last=alarm.last_at if alarm.repeats > 1 else None,
        cleared=alarm.cleared_at,
        owner=alarm.acknowledged_by or alarm.acknowledged_by_agency,
        acknowledged_at=alarm.acknowledged_at,
        assignee=alarm.assigned_to or alarm.assigned_to_agency,
        mine=alarm.is_mine,
        escalated=alarm.escalated_at if alarm.is_escalated else None,
        silenced=alarm.silenced_until if alarm.is_silenced and not alarm.is_acknowledged else None,
        unsteady=alarm.reopened >= settings.ALARM_UNSTEADY_AFTER,
        marks=tuple(marks),
        passage_url=reverse("passage-detail", args=[alarm.passage_uid]) if alarm.passage_uid else "",
        text=". ".join(part for part in (alarm_text(alarm), alarm.comment) if part),
    )


def _advice(principal: Principal, now: dt.datetime) -> tuple[str, ...]:
    """The devices that make most of the load, to begin with when the configuration is looked at."""
    day = Alarm.objects.visible_to(principal).filter(raised_at__gt=now - _DAY, raised_at__lte=now)
    counts = dict(day.order_by().values_list("device_id").annotate(count=Count("*")).order_by("-count")[:3])
    total, devices = day.count(), equipment_now(principal).devices
    return tuple(
        _("%(device)s alone made %(share)s %% of the day's alarms.")
        % {"device": devices[number].code, "share": round(100 * count / total)}
        for number, count in counts.items()
        if number in devices and count >= _MUCH * total
    )

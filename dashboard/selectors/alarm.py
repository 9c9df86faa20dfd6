"""One alarm on its own page: what raised it, where it stands, and its history in words."""

import uuid

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may
from dashboard.facts.acts import Act, Detail
from dashboard.facts.alarms import AlarmPage
from dashboard.facts.needs import HistoryEntry
from dashboard.selectors.alarms import alarm_rows
from dashboard.selectors.cards import alarm_readings
from dashboard.selectors.places import equipment_now
from scanning.choices import AlarmAct
from scanning.selectors.alarm_notes import alarm_notes
from scanning.selectors.alarms import alarm_seen
from scanning.selectors.findings import adjudications_of
from scanning.selectors.seen import AlarmSeen, DeviceSeen, NoteSeen


def alarm_page(principal: Principal, uid: uuid.UUID) -> AlarmPage:
    """One alarm with its history; NotVisible."""
    alarm = alarm_seen(principal, uid)
    notes = alarm_notes(principal, alarm)
    (row,) = alarm_rows(principal, [alarm])
    equipment = equipment_now(principal)
    device = equipment.devices.get(alarm.device_id)
    site = equipment.sites.get(device.site_id) if device else None
    return AlarmPage(
        row=row,
        details=(*_details(alarm, device, row.lane, site.name if site else ""), *_stated(principal, alarm)),
        acts=_acts(principal, alarm, row.acts),
        history=_history(alarm, notes, row.device),
        may_act=may(principal, Right.ALARM_ACT),
        may_silence=may(principal, Right.ALARM_ACT) and alarm.is_active and not alarm.is_acknowledged,
        late=alarm.is_late,
    )


def _acts(principal: Principal, alarm: AlarmSeen, acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """The acts that the page's comment goes with; a silence has a form of its own."""
    found = [act for act in acts if act.code != "silence"]
    if may(principal, Right.ALARM_ACT) and alarm.is_active and not alarm.is_escalated:
        found.append(Act("escalate", _("Call the duty supervisor")))
    return tuple(found)


def _details(alarm: AlarmSeen, device: DeviceSeen | None, lane: str, site: str) -> tuple[Detail, ...]:
    times = ngettext("%(times)s time", "%(times)s times", alarm.repeats) % {"times": alarm.repeats}
    found = [
        Detail(_("raised"), "", at=alarm.raised_at),
        *([Detail(_("last repeated"), times, at=alarm.last_at)] if alarm.repeats > 1 else []),
        Detail(_("times"), str(alarm.repeats)),
        *([Detail(_("came back"), _came_back(alarm))] if alarm.reopened else []),
        Detail(_("device"), f"{device.code} · {device.name}" if device else ""),
        Detail(_("lane"), lane),
        Detail(_("site"), site),
        Detail(_("assigned to"), alarm.assigned_to or alarm.assigned_to_agency),
        *alarm_readings(alarm),
    ]
    return tuple(detail for detail in found if detail.value or detail.at)


def _came_back(alarm: AlarmSeen) -> str:
    count = {"times": alarm.reopened}
    return ngettext("%(times)s time", "%(times)s times", alarm.reopened) % count


def _stated(principal: Principal, alarm: AlarmSeen) -> tuple[Detail, ...]:
    """What it turned out to be, as it was stated last; the link leads to where it is stated and corrected."""
    if alarm.passage_id is None:
        return ()
    stated = adjudications_of(principal, [alarm.id]).get(alarm.id, [])
    may_state = may(principal, Right.ALARM_ACT)
    address = reverse("alarm-adjudicate", args=[alarm.uid]) if may_state else ""
    if stated:
        return (Detail(_("what it was"), str(stated[0].code.label), address),)
    return (Detail(_("what it was"), _("Say what it was"), address),) if may_state else ()


def _history(alarm: AlarmSeen, notes: tuple[NoteSeen, ...], device: str) -> tuple[HistoryEntry, ...]:
    """What the device told and what officers did, in the order of time."""
    entries = [HistoryEntry(alarm.raised_at, device, _("Raised"))]
    if alarm.repeats > 1:
        again = ngettext("repeated %(count)s time", "repeated %(count)s times", alarm.repeats - 1)
        entries.append(
            HistoryEntry(alarm.last_at, device, _("Last repeated"), again % {"count": alarm.repeats - 1})
        )
    entries += [_entry(note) for note in notes]
    if alarm.cleared_at is not None and not alarm.cleared_by_agency:
        entries.append(HistoryEntry(alarm.cleared_at, device, _("Cleared: what caused it is over")))
    return tuple(sorted(entries, key=lambda entry: entry.at))


def _entry(note: NoteSeen) -> HistoryEntry:
    what = str(AlarmAct(note.act).label)
    if note.act == AlarmAct.ASSIGN:
        what = (
            pgettext("an alarm", "Taken")
            if note.about == note.officer
            else _("Given to %(officer)s") % {"officer": note.about}
        )
    if note.act == AlarmAct.SILENCE and note.until is not None:
        what = _("Silenced until %(time)s") % {"time": timezone.localtime(note.until).strftime("%d/%m %H:%M")}
    return HistoryEntry(note.at, note.officer or note.agency or _("the system"), what, note.text)

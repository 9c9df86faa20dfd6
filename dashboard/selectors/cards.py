"""Hits, notices and alarms as cards that an officer can act on: what it is, where it stands, what may be done."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may
from dashboard.facts.acts import Act, Detail, Reason
from dashboard.facts.needs import Match, NeedCard
from dashboard.facts.passages import MarkCell
from dashboard.selectors.flags import tone_of
from dashboard.selectors.lines import lane_short
from dashboard.selectors.marks import mark_cell
from intelligence.choices import DisclosureMode, NoticeState, RejectReason, Strength
from intelligence.facts import DeskCard, HitCard, NoticeCard, SeenCard
from intelligence.rules.marks import normalise
from scanning.choices import AlarmRule, Severity
from scanning.rules.readings import READING_FIELDS
from scanning.selectors.seen import AlarmSeen, Equipment
from scanning.services.alarms import UNDO_WITHIN

#: What of an alarm's detail an officer is told; of the rest the passage's page tells.
_TOLD = (
    "ppm", "neutron_counts", "gamma_counts", "nuclides", "persons_found", "goods", "location", "operator_view",
    "region", "reason",
)  # fmt: skip
_LABELS = {field.name: field.label for fields in READING_FIELDS.values() for field in fields}


def hit_need(card: HitCard, equipment: Equipment, *, here: int | None = None) -> NeedCard:
    """The owner's hit as a card, at a board of the site `here` (internal id)."""
    tone = tone_of(card.mode or "", card.priority)
    return NeedCard(
        **_seen(card, equipment, here),
        kind="hit",
        tone="high" if tone == "stop" else tone,
        title=str(card.action_code.label) if card.action_code else _("Match"),
        state=str(card.state.label),
        text=_front_line(card),
        acts=_decision_acts(_("Confirm hit"), _("Reject")) if card.may_decide else (),
        settled="" if card.may_decide or card.decided_at is None else _decided(card, str(card.state.label)),
    )


def notice_need(
    card: NoticeCard, equipment: Equipment, reader: Principal | None = None, *, here: int | None = None
) -> NeedCard:
    """The front line's notice as a card, at a board of the site `here`: action or desk, never the reason."""
    waits = card.state in {NoticeState.OPEN, NoticeState.TAKEN}
    taken = card.taken_by or card.taken_agency
    return NeedCard(
        **_seen(card, equipment, here) | {"owner": taken},
        kind="notice",
        tone=tone_of(card.mode, card.priority),
        title=_notice_title(card),
        state=str(card.state.label) if card.state != NoticeState.OPEN else "",
        text=". ".join(part.rstrip(".") for part in (card.instruction, _desk_text(card.desk)) if part),
        mine=reader is not None and bool(card.taken_by) and card.taken_by == reader.label,
        acts=_notice_acts(card),
        settled="" if waits else _decided(card, str(card.state.label)),
        sounds=card.sounds,
        escalated=card.escalated_at if card.state == NoticeState.OPEN else None,
    )


def alarm_need(
    alarm: AlarmSeen, equipment: Equipment, reader: Principal, marks: Sequence[MarkCell] = ()
) -> NeedCard:
    """An alarm as a card; settled once somebody has acknowledged it."""
    lane, device = equipment.lane(alarm.lane_id), equipment.devices.get(alarm.device_id)
    who = alarm.acknowledged_by or alarm.acknowledged_by_agency
    mine = alarm.is_mine or (alarm.is_acknowledged and alarm.acknowledged_by == reader.label)
    return NeedCard(
        kind="alarm",
        id=str(alarm.uid),
        version=alarm_version(alarm),
        tone=alarm.severity,
        priority=alarm.severity,
        title=rule_word(alarm.rule),
        state=alarm_state(alarm),
        raised=alarm.raised_at,
        url=reverse("alarm-detail", args=[alarm.uid]),
        text=alarm_text(alarm),
        marks=tuple(marks),
        lane=lane_short(lane.code) if lane else "",
        device=device.code if device else "",
        owner=alarm.assigned_to or alarm.assigned_to_agency or who,
        mine=mine,
        acts=alarm_acts(alarm, reader),
        settled=_settled(alarm),
        escalated=alarm.escalated_at if alarm.is_escalated else None,
        late=alarm.is_late,
        times=alarm.repeats,
    )


def _settled(alarm: AlarmSeen) -> str:
    """What was done, when the alarm needs nobody for now."""
    if alarm.is_acknowledged:
        who = alarm.acknowledged_by or alarm.acknowledged_by_agency
        return _("Acknowledged by %(officer)s") % {"officer": who}
    if alarm.is_silenced and alarm.silenced_until is not None:
        until = timezone.localtime(alarm.silenced_until).strftime("%H:%M")
        who = alarm.silenced_by or alarm.silenced_by_agency
        return _("Silenced until %(time)s by %(officer)s") % {"time": until, "officer": who}
    return ""


def alarm_acts(alarm: AlarmSeen, reader: Principal, *, in_full: bool = False) -> tuple[Act, ...]:
    """What this officer may do about the alarm now: on a card what settles it, `in_full` in the list and on its page."""
    if not may(reader, Right.ALARM_ACT):
        return ()
    acts: list[Act] = []
    if not alarm.is_acknowledged:
        acts.append(Act("acknowledge", _("Acknowledge"), "a", "primary"))
    elif alarm.acknowledged_by == reader.label and _just_now(alarm.acknowledged_at):
        acts.append(Act("undo", _("Undo"), "u", "quiet"))
    if not alarm.assigned_to_agency and (in_full or not alarm.is_acknowledged):
        acts.append(Act("take", _("Take"), "t"))
    elif alarm.is_mine and in_full:
        acts.append(Act("release", _("Give back"), "", "quiet"))
    if in_full and alarm.is_active and alarm.is_acknowledged:
        why = _("Why is it cleared?") if alarm.severity == Severity.HIGH else ""
        acts.append(Act("clear", pgettext("an alarm", "Clear"), "c", asks=why))
    if in_full and alarm.is_silenced and not alarm.is_acknowledged:
        acts.append(Act("unsilence", _("End the silence"), "s", "quiet"))
    elif in_full and alarm.is_active and not alarm.is_acknowledged:
        acts.append(_silence_act())
    return tuple(acts)


def _silence_act() -> Act:
    words = {"60": _("for 1 hour"), "240": _("for 4 hours"), "shift": _("until the end of my shift")}
    spans = tuple(Reason(code, word) for code, word in words.items())
    return Act("silence", _("Silence"), "s", "plain", spans, asks=_("Why is it silenced?"))


def alarm_state(alarm: AlarmSeen) -> str:
    """Active or cleared, acknowledged or not, in words."""
    if alarm.is_active:
        return _("active, acknowledged") if alarm.is_acknowledged else _("active, not acknowledged")
    return _("cleared, acknowledged") if alarm.is_acknowledged else _("cleared, not acknowledged")


def alarm_version(alarm: AlarmSeen) -> str:
    """Changes whenever anything that is shown of the alarm does."""
    undo = alarm.is_acknowledged and _just_now(alarm.acknowledged_at)
    stands = f"{int(alarm.is_active)}.{int(alarm.is_acknowledged)}{int(undo)}"
    taken = f"{alarm.assigned_at.timestamp():.0f}" if alarm.assigned_at is not None else ""
    hushed = f"{alarm.silenced_until:%d%H%M}" if alarm.is_silenced else ""
    called = f"{alarm.escalated_at.timestamp():.0f}" if alarm.escalated_at is not None else ""
    return f"{alarm.repeats}.{alarm.severity}.{stands}.{taken}.{hushed}.{called}"


def alarm_text(alarm: AlarmSeen) -> str:
    """The readings that made the alarm, in few words."""
    detail = alarm.detail
    told = [_told(name, detail[name], detail) for name in _TOLD if detail.get(name) not in (None, "", 0)]
    return " · ".join(told[:3])


def alarm_readings(alarm: AlarmSeen) -> tuple[Detail, ...]:
    """All that the reading told when the alarm was raised last, each with its label."""
    return tuple(
        Detail(str(_LABELS.get(name, _("reason") if name == "reason" else name)), _value(value))
        for name, value in alarm.detail.items()
        if value not in (None, "", False)
    )


def _value(value: object) -> str:
    if value is True:
        return _("yes")
    if isinstance(value, int | float):
        return number_format(value, force_grouping=True)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _told(name: str, value: object, detail: Mapping[str, object]) -> str:
    if not isinstance(value, int | float):
        return str(value)
    shown = number_format(value, force_grouping=True)
    if name != "ppm":
        return _("%(label)s: %(value)s") % {"label": _LABELS.get(name, name), "value": shown}
    limit = detail.get("threshold_ppm")
    if not isinstance(limit, int | float):
        return f"{shown} ppm"
    return _("%(value)s ppm, threshold %(limit)s ppm") % {
        "value": shown,
        "limit": number_format(limit, force_grouping=True),
    }


def rule_word(rule: str) -> str:
    """Why the alarm stands."""
    return str(dict(AlarmRule.choices).get(rule, rule))


def match_of(card: SeenCard) -> Match:
    """How the mark that was read compares with the one that is looked for, letter by letter."""
    read, sought = normalise(card.mark_seen), normalise(card.mark_sought)
    pairs = tuple((r, s, r == s) for r, s in zip_longest(read, sought, fillvalue=""))
    other = sum(not same for _r, _s, same in pairs)
    if card.strength == Strength.EXACT:
        return Match(str(card.strength.label), True, pairs)
    strength = ngettext("%(count)s look-alike character", "%(count)s look-alike characters", other)
    return Match(strength % {"count": other}, False, pairs)


def _place(card: SeenCard, equipment: Equipment, here: int | None) -> str:
    """Where it was seen: by the lane alone at the own site, so that a vehicle elsewhere is not looked for here."""
    lane = equipment.lane(card.lane_id)
    if lane is None:
        return card.place
    site = equipment.sites.get(lane.site_id)
    short = lane_short(lane.code)
    return short if lane.site_id == here or site is None else f"{site.name} {short}"


def _seen(card: SeenCard, equipment: Equipment, here: int | None) -> dict[str, Any]:
    device = equipment.devices.get(card.device_id or 0)
    return {
        "id": str(card.uid),
        "version": card.version,
        "priority": card.priority.value,
        "raised": card.seen_at,
        "url": reverse("hit-detail", args=[card.uid]),
        "marks": (mark_cell(card.mark_seen, country=card.country_seen, confidence=card.mark_confidence),),
        "match": match_of(card),
        "lane": _place(card, equipment, here),
        "device": device.code if device else "",
        "owner": card.owner,
        "late": card.is_late,
        "times": card.sightings,
    }


def _decision_acts(confirm: str, reject: str) -> tuple[Act, ...]:
    reasons = tuple(Reason(reason.value, str(reason.label)) for reason in RejectReason)
    return (
        Act("confirm", confirm, "c", "primary"),
        Act("reject", reject, "x", "plain", reasons, _("Why not?")),
    )


def _notice_acts(card: NoticeCard) -> tuple[Act, ...]:
    take = (Act("take", _("Take"), "t", "primary"),) if card.may_take else ()
    decide = _decision_acts(_("Vehicle confirmed"), _("Not this vehicle")) if card.may_decide else ()
    if take:
        decide = tuple(dataclasses.replace(act, style="plain") for act in decide)
    return (*take, *decide)


def _notice_title(card: NoticeCard) -> str:
    if card.mode == DisclosureMode.STOP:
        return _("STOP: %(action)s") % {"action": card.action_code.label}
    if card.desk is not None:
        return _("Refer to %(desk)s") % {"desk": desk_name(card.desk)}
    return str(card.action_code.label)


def desk_name(desk: DeskCard) -> str:
    """The desk's name in the reader's language."""
    return desk.name_fr if (get_language() or "en").startswith("fr") else desk.name_en


def _desk_text(desk: DeskCard | None) -> str:
    if desk is None:
        return ""
    return f"{desk_name(desk)}, {desk.phone}" if desk.phone else desk_name(desk)


def _front_line(card: HitCard) -> str:
    """What the front line has done about the owner's hit."""
    if card.notice_state is None:
        return ""
    return _("Front line: %(state)s") % {"state": card.notice_state.label}


def _decided(card: SeenCard, state: str) -> str:
    who = card.decided_by or card.decided_agency
    return _("%(state)s by %(officer)s") % {"state": state, "officer": who} if who else state


def _just_now(when: dt.datetime | None) -> bool:
    return when is not None and timezone.now() - when < UNDO_WITHIN

"""Reading what was written down of records and officers (agencies/witness.py), and telling it to one reader."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.dateparse import parse_datetime

from agencies.access import NotVisible
from agencies.choices import HistoryEvent
from agencies.facts import (
    SEEN_ON,
    AsOfAnswer,
    Ground,
    HistoryLine,
    OfficerMoment,
    Principal,
    Reader,
    Reading,
    RecordMoment,
    Sight,
    caveats_of,
)
from agencies.models import Agency, Officer, OfficerHistory, RecordHistory, RecordReading, ServiceAccount
from agencies.rules.asof import moments_since, officer_standing, record_sight
from agencies.selectors import agency_codes_by_group, agency_groups_of_compartments, audit_visible_to
from audit.models import AuditEvent

#: Kinds whose every reading leaves a record of its own.
READ_ONE_BY_ONE = frozenset({"lookout", "hit", "notice"})
MOST_READINGS = 500
_STORY_ACTS = 500
#: An act and the grant that it makes stand this close together.
_SAME_ACT = dt.timedelta(seconds=30)

#: Kinds that are seen through devices: how to find the devices' uids (scanning tells us: it stands above).
Through = Callable[[Principal, uuid.UUID, dt.datetime], Sequence[uuid.UUID]]
_through: dict[str, Through] = {}


def through_register(kind: str, devices: Through) -> None:
    """Tell which devices a record of this kind is seen through."""
    _through[kind] = devices


def through_devices(
    principal: Principal, kind: str, uid: uuid.UUID, at: dt.datetime
) -> Sequence[uuid.UUID] | None:
    """The devices that this inheriting record was seen through by then; None for a kind that has an audience."""
    found = _through.get(kind)
    return None if found is None else found(principal, uid, at)


@dataclasses.dataclass(frozen=True, slots=True)
class Story:
    """All that the reader may know of one record's history. `whole`: it is the owner's, nothing is left out."""

    kind: str
    uid: uuid.UUID
    label: str
    originator: int
    whole: bool
    moments: tuple[RecordMoment, ...]


def record_named(principal: Principal, text: str) -> tuple[str, uuid.UUID]:
    """Kind and id of `kind:uid`, or of the record with this reference or code; raises NotVisible."""
    kind, colon, given = text.strip().partition(":")
    if colon:
        try:
            return kind, uuid.UUID(given)
        except ValueError as error:
            raise NotVisible("record") from error
    rows = RecordHistory.objects.visible_to(principal).filter(label=text.strip().upper())
    found = rows.order_by("-id").values_list("kind", "record_uid").first()
    if found is None:
        raise NotVisible("record")
    return found


def story_of(principal: Principal, kind: str, uid: uuid.UUID) -> Story:
    """The record's history as far as it is the principal's; NotVisible when there is none."""
    rows = list(RecordHistory.objects.visible_to(principal).filter(record_uid=uid, kind=kind).order_by("id"))
    if not rows:
        raise NotVisible("record")
    last = rows[-1]
    whole = last.originator_id in principal.groups
    if not whole:  # what the own groups were given, whoever the rows were written for
        rows = [row for row in rows if row.group_id in principal.groups]
    return Story(kind, uid, last.label, last.originator_id, whole, tuple(map(_moment, rows)))


def _moment(row: RecordHistory) -> RecordMoment:
    facts: dict[str, Any] = row.facts
    expires = facts.get("expires_at")
    return RecordMoment(
        seq=row.pk,
        at=row.at,
        event=row.event,
        group=row.group_id,
        originator=row.originator_id,
        classification=facts.get("classification") or 0,
        caveat=facts.get("caveat") or "",
        expires_at=parse_datetime(expires) if expires else None,
        state=facts.get("state") or "",
        actor=row.actor,
        actor_uid=row.actor_uid,
        request_id=row.request_id,
    )


def reader_agency(agency: Agency) -> Reader:
    """An agency, as one that is asked about."""
    return Reader(
        groups=frozenset({agency.group_id}),
        caveats=frozenset(caveats_of(agency.country)),
        is_authority=agency.is_authority,
    )


def officers_could_see(agency: Agency, story: Story, at: dt.datetime) -> tuple[str, ...]:
    """The officers of the asker's own agency who could see the record at the moment."""
    then: dict[uuid.UUID, list[OfficerMoment]] = {}
    rows = OfficerHistory.objects.filter(agency_group_id=agency.group_id, at__lte=at).order_by("id")
    for row in rows:
        then.setdefault(row.officer_uid, []).append(_officer_moment(row))
    could = [uid for uid, moments in then.items() if officer_sight(agency, moments, story, at).seen]
    names = Officer.objects.filter(uid__in=could)
    return tuple(sorted(str(officer) for officer in names))


def officer_moments(principal: Principal, officer: uuid.UUID) -> list[OfficerMoment]:
    """What an officer of the own agency was, in order."""
    rows = OfficerHistory.objects.visible_to(principal).filter(officer_uid=officer).order_by("id")
    return [_officer_moment(row) for row in rows]


def _officer_moment(row: OfficerHistory) -> OfficerMoment:
    return OfficerMoment(
        seq=row.pk,
        at=row.at,
        event=row.event,
        agency_group=row.agency_group_id,
        role=row.role,
        clearance=row.clearance,
        is_active=row.is_active,
        groups=frozenset(row.group_ids or ()),
    )


def officer_sight(agency: Agency, moments: Sequence[OfficerMoment], story: Story, at: dt.datetime) -> Sight:
    """Whether an officer with this history could see the record."""
    standing = officer_standing(moments, at)
    if isinstance(standing, Ground):
        return Sight(ground=standing)
    reader = dataclasses.replace(
        reader_agency(agency), groups=standing.groups, clearance=standing.clearance, role=standing.role
    )
    return record_sight(story.moments, reader, story.kind, at, whole=story.whole)


def answer_told(
    principal: Principal,
    story: Story,
    agency: Agency,
    sight: Sight,
    *,
    at: dt.datetime,
    officer: Officer | None,
) -> AsOfAnswer:
    """The answer with everything that its reader may know beside it."""
    lines = timeline_told(principal, story)
    later = {moment.seq for moment in moments_since(story.moments, at)}
    is_own = agency.group_id == principal.agency_group
    recorded = story.kind in READ_ONE_BY_ONE
    readings = readings_told(principal, story, agency, at, officer) if recorded else ()
    return AsOfAnswer(
        kind=story.kind,
        uid=story.uid,
        label=story.label,
        owner=party_code(story.originator),
        is_own=story.whole,
        agency=agency.code,
        officer=str(officer) if officer else "",
        at=at,
        ground=sight.ground,
        given=_given(lines, story, sight),
        needs_clearance=sight.moment.classification if sight.moment else 0,
        readings_recorded=recorded,
        readings=readings,
        timeline=tuple(lines.values()),
        since=tuple(line for seq, line in lines.items() if seq in later),
        officers=officers_could_see(agency, story, at) if is_own and officer is None else (),
    )


def _given(lines: dict[int, HistoryLine], story: Story, sight: Sight) -> HistoryLine | None:
    """The line by which the group had the record when the sight's moment came."""
    if sight.moment is None or sight.ground not in SEEN_ON | {
        Ground.WITHDRAWN,
        Ground.EXPIRED,
        Ground.CLEARANCE,
    }:
        return None
    events = {HistoryEvent.GIVEN, HistoryEvent.KNOWN}
    if sight.ground == Ground.WITHDRAWN:
        events = {HistoryEvent.WITHDRAWN}
    found = [
        moment.seq
        for moment in story.moments
        if moment.group == sight.moment.group and moment.seq <= sight.moment.seq and moment.event in events
    ]
    return lines.get(found[-1]) if found else None


def party_code(group: int) -> str:
    """The code of the agency that a group is, or that a compartment belongs to."""
    codes = agency_codes_by_group()
    return codes.get(group) or codes.get(agency_groups_of_compartments().get(group, -1), "")


def timeline_told(principal: Principal, story: Story) -> dict[int, HistoryLine]:
    """The record's story line by line, by the number of the moment; a change stands once, whoever held the record."""
    names = _names(principal, (moment.actor_uid for moment in story.moments))
    acts = _acts(principal, story) if story.whole else []
    lines: dict[int, HistoryLine] = {}
    before: dict[int, RecordMoment] = {}
    changed: set[dt.datetime] = set()
    for moment in story.moments:
        previous = before.get(moment.group)
        before[moment.group] = moment
        if moment.event == HistoryEvent.CHANGED:
            if moment.at in changed:
                continue
            changed.add(moment.at)
        lines[moment.seq] = HistoryLine(
            at=moment.at,
            event=moment.event,
            party="" if moment.event == HistoryEvent.CHANGED else party_code(moment.group),
            by=names.get(moment.actor_uid, moment.actor) if moment.actor_uid else moment.actor,
            why=_why(acts, moment),
            changes=_changes(previous, moment) if moment.event == HistoryEvent.CHANGED else (),
        )
    return lines


_TOLD = ("classification", "caveat", "expires_at", "originator", "state")


def _changes(previous: RecordMoment | None, moment: RecordMoment) -> tuple[tuple[str, str, str], ...]:
    found = []
    for name in _TOLD:
        was = _plain(name, getattr(previous, name)) if previous else ""
        now = _plain(name, getattr(moment, name))
        if was != now:
            found.append((name, was, now))
    return tuple(found)


def _plain(name: str, value: Any) -> str:
    if name == "originator":
        return party_code(value)
    return value.isoformat() if isinstance(value, dt.datetime) else "" if value is None else str(value)


def _names(principal: Principal, uids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    """Officers and accounts of the own agency by name, those of others by their agency's code."""
    wanted = {uid for uid in uids if uid is not None}
    named: dict[uuid.UUID | None, str] = {}
    for officer in Officer.objects.filter(uid__in=wanted).select_related("agency"):
        named[officer.uid] = _name(principal, officer, officer.agency)
    for account in ServiceAccount.objects.filter(uid__in=wanted).select_related("agency"):
        named[account.uid] = _name(principal, account, account.agency)
    return named


def _name(principal: Principal, somebody: Officer | ServiceAccount, agency: Agency | None) -> str:
    if agency is None:
        return ""
    return str(somebody) if agency.group_id == principal.agency_group else agency.code


def _acts(principal: Principal, story: Story) -> list[AuditEvent]:
    """What the own record says was done with it: why it was shared stands there."""
    rows = audit_visible_to(principal).filter(object_uids__contains=[story.uid], object_type=story.kind)
    return list(rows.exclude(action__endswith=".read").order_by("-at", "-id")[:_STORY_ACTS])


#: What an event of the history is called in the audit record; a change may be anything else.
_ACT_OF_EVENT = {HistoryEvent.GIVEN.value: ".share", HistoryEvent.WITHDRAWN.value: ".recall"}


def _why(acts: Sequence[AuditEvent], moment: RecordMoment) -> str:
    ending = _ACT_OF_EVENT.get(moment.event)
    if moment.group == moment.originator and ending is not None:
        return ""  # its birth
    near = [
        act
        for act in acts
        if act.purpose
        and (
            act.action.endswith(ending) if ending else not act.action.endswith(tuple(_ACT_OF_EVENT.values()))
        )
        and act.request_id == moment.request_id
        and act.actor_uid == moment.actor_uid
        and abs(act.at - moment.at) <= _SAME_ACT
    ]
    return min(near, key=lambda act: abs(act.at - moment.at)).purpose if near else ""


_CHANNELS = {"officer": "page", "service": "api"}


def _channel(actor: str, action: str) -> str:
    return "export" if action == "export.make" else _CHANNELS.get(actor, "worker")


def readings_told(
    principal: Principal, story: Story, agency: Agency, at: dt.datetime, officer: Officer | None
) -> tuple[Reading, ...]:
    """Who of the agency had read the record by then, newest first: the own with name and purpose."""
    acts = [f"{story.kind}.read", "export.make"]
    if agency.group_id == principal.agency_group:
        rows = audit_visible_to(principal).filter(
            object_uids__contains=[story.uid], action__in=acts, at__lte=at
        )
        if officer is not None:
            rows = rows.filter(actor_uid=officer.uid)
        return tuple(
            Reading(
                at=row.at,
                agency=agency.code,
                act=row.action,
                channel=_channel(row.actor, row.action),
                who=row.actor_label,
                purpose=row.purpose,
            )
            for row in rows[:MOST_READINGS]
        )
    found = RecordReading.objects.visible_to(principal).filter(
        record_uid=story.uid, group_id=agency.group_id, at__lte=at, action__in=acts
    )
    return tuple(
        Reading(at=row.at, agency=agency.code, act=row.action, channel=_channel(row.actor, row.action))
        for row in found.order_by("-at", "-id")[:MOST_READINGS]
    )

"""Saying what an alarm turned out to be, and reporting what was found only later."""

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.grants import grants_give
from agencies.rules.rights import require
from agencies.services.references import reference_next
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import audit_record, change_announce, changes_announce
from intelligence.selectors.parties import officer_acting, own_group, parties
from intelligence.services.deciders import decider_of
from intelligence.services.records import act_record, fault_at, sentence_of, words_of
from scanning.choices import Adjudged, Find
from scanning.models import Adjudication, Alarm, LaterFind, LaterFindGrant
from scanning.rules.refusals import NotAboutVehicle
from scanning.selectors.passages import passage_seen
from scanning.selectors.seen import PassageSeen

#: A find is put down to a passage of the last year at most: the rates of before are history.
OLDEST = dt.timedelta(days=366)
PLACE_LENGTH = 120
MOST_PERSONS = 200


@transaction.atomic
def alarm_adjudicate(
    *, acting_officer: Principal, uid: uuid.UUID | str, code: str, note: str = "", officer: str = ""
) -> Adjudication:
    """State what an alarm about a vehicle turned out to be; an earlier statement is replaced and stays readable.

    `officer` is a badge number, for service accounts. Raises RightMissing, NotVisible, NotAboutVehicle, or
    ValidationError on `code` or `note`.
    """
    acting = decider_of(acting_officer, Right.ALARM_ACT, officer)
    if code not in Adjudged.values:
        raise fault_at("code", _("This is none of the known values."))
    note = words_of(note, "note")
    alarm = Alarm.objects.get_visible(acting_officer, uid)
    if alarm.passage_id is None:
        raise NotAboutVehicle
    # Of two officers at once the second waits here, and replaces what the first has stated.
    Alarm.objects.visible_to(acting_officer).select_for_update().get(pk=alarm.pk)
    now = timezone.now()
    standing = Adjudication.objects.visible_to(acting_officer).filter(alarm_id=alarm.pk)
    standing.filter(replaced_at__isnull=True).update(replaced_at=now)
    made = Adjudication.objects.create(
        alarm_id=alarm.pk,
        device_id=alarm.device_id,
        passage_id=alarm.passage_id,
        code=code,
        note=note,
        made_at=now,
        made_by=acting,
        agency_group_id=own_group(acting_officer),
    )
    audit_record(
        acting_party=acting_officer,
        action=AuditAction.ALARM_ADJUDICATE,
        object_type="alarm",
        object_uids=[alarm.uid],
        purpose=note,
        detail={"code": code, "officer": str(acting.uid)},
    )
    change_announce(topic=Topic.ALARM, device_id=alarm.device_id, lane_id=alarm.lane_id)
    return made


@transaction.atomic
def find_report(
    *,
    acting_officer: Principal,
    passage: uuid.UUID | str,
    found_at: dt.datetime,
    place: str,
    finds: Collection[str],
    note: str,
    persons: int | None = None,
    agencies: Collection[str] = (),
) -> LaterFind:
    """Report a find that was made after the vehicle had passed here; `agencies` are told of it.

    Raises RightMissing, NotVisible (of a passage that the reporter does not see), or ValidationError by field.
    """
    require(acting_officer, Right.FIND_REPORT)
    seen = passage_seen(acting_officer, passage)
    now = timezone.now()
    _times_checked(seen, found_at, now)
    kinds = _kinds_checked(finds, persons)
    told = {agency: parties().group(agency) for agency in agencies}
    if None in told.values():
        raise fault_at("agencies", _("There is no such agency."))
    group = own_group(acting_officer)
    made = LaterFind.objects.create(
        originator_id=group,
        reference=reference_next(group_id=group, series="F", year=now.year),
        passage_uid=seen.uid,
        found_at=found_at,
        place=sentence_of(place, "place")[:PLACE_LENGTH],
        finds=kinds,
        persons=persons,
        note=sentence_of(note, "note"),
        reported_by=officer_acting(acting_officer),
    )
    others = sorted({number for number in told.values() if number is not None} - {group})
    if others:
        grants_give(LaterFindGrant, made, others)
    act_record(
        acting_officer,
        AuditAction.FIND_REPORT,
        "later_find",
        [made.uid],
        originator_id=group,
        purpose=made.note,
        detail={"reference": made.reference, "finds": kinds, "told": sorted(told)},
    )
    changes_announce([(Topic.PASSAGE, None, None, [group, *others])])
    return made


def _times_checked(seen: PassageSeen, found_at: dt.datetime, now: dt.datetime) -> None:
    # Forms know minutes: what was found in the minute of the passage was found after it.
    if not seen.first_at.replace(second=0, microsecond=0) <= found_at <= now:
        raise fault_at("found_at", _("After the passage, and not in the future."))
    if now - seen.last_at > OLDEST:
        raise fault_at("found_at", _("That passage is too long ago to be counted."))


def _kinds_checked(finds: Collection[str], persons: int | None) -> list[str]:
    """What was found, each kind once; the number of persons must fit."""
    kinds = sorted(set(finds))
    if not kinds or not set(kinds) <= set(Find.values):
        raise fault_at("finds", _("Say what was found."))
    if persons is not None and (Find.PERSONS not in kinds or not 0 < persons <= MOST_PERSONS):
        raise fault_at("persons", _("This does not fit what was found."))
    return kinds

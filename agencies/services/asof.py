"""Asking who could see a record at a moment: answered from what was recorded, and recorded itself."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import SEEN_ON, AsOfAnswer, Ground, Principal, Sight
from agencies.models import Agency, Officer
from agencies.rules.asof import record_sight
from agencies.rules.rights import may, require
from agencies.rules.sentences import sentence_checked
from agencies.selectors.history import (
    Story,
    answer_told,
    officer_moments,
    officer_sight,
    party_code,
    reader_agency,
    record_named,
    story_of,
    through_devices,
)
from audit.actions import AuditAction
from audit.services import audit_record


@transaction.atomic
def asof_ask(
    *,
    acting_officer: Principal,
    record: str,
    agency: str,
    at: dt.datetime | None = None,
    officer: str = "",
    purpose: str,
) -> AsOfAnswer:
    """What `agency` (or its officer with this badge number) could see of `record` at this moment, and why.

    `record` is `kind:uid`, a reference or a code. The originator asks about every agency; whoever a record was
    shared with asks about the own agency only, by its auditor. Officers are asked about in the own agency only.
    Raises RightMissing, NotVisible, or ValidationError on `agency`, `officer`, `at` or `purpose`.
    """
    require(acting_officer, Right.ASOF_ASK)
    purpose = sentence_checked(purpose or acting_officer.purpose, "purpose")
    now = timezone.now()
    moment = at if at is not None else now
    if moment > now:
        raise ValidationError(
            {"at": ValidationError(_("Nobody knows yet what will be seen then."), code="invalid")}
        )
    asked = Agency.objects.filter(code=agency).first() if "\x00" not in agency else None
    kind, uid = record_named(acting_officer, record)
    devices = through_devices(acting_officer, kind, uid, moment)
    stories = [_story(acting_officer, kind, uid)] if devices is None else _stories(acting_officer, devices)
    if asked is None:
        raise ValidationError({"agency": ValidationError(_("There is no such agency."), code="invalid")})
    if not all(story.whole for story in stories) and asked.group_id != acting_officer.agency_group:
        stories = [story for story in stories if story.whole] if devices is not None else []
        if not stories:
            raise ValidationError(
                {
                    "agency": ValidationError(
                        _("Of what others share you ask about your own agency."), code="invalid"
                    )
                }
            )
    person = _officer(acting_officer, asked, officer)
    answers = [_answer(acting_officer, story, asked, person, moment) for story in stories]
    answer = answers[0] if devices is None else _joined(kind, uid, answers)
    _record(acting_officer, answer, stories[0].originator, purpose)
    return answer


def _story(principal: Principal, kind: str, uid: uuid.UUID) -> Story:
    story = story_of(principal, kind, uid)
    if not story.whole and not may(principal, Right.ASOF_RECEIVED):
        raise NotVisible("record")
    return story


def _stories(principal: Principal, devices: Sequence[uuid.UUID]) -> list[Story]:
    found = []
    for uid in devices:
        try:
            found.append(_story(principal, "device", uid))
        except NotVisible:
            continue
    if not found:
        raise NotVisible("record")
    return found


def _officer(principal: Principal, agency: Agency, badge_number: str) -> Officer | None:
    if not badge_number:
        return None
    found = None
    if agency.group_id == principal.agency_group and "\x00" not in badge_number:
        found = Officer.objects.filter(agency=agency, badge_number=badge_number).first()
    if found is None:
        raise ValidationError(
            {
                "officer": ValidationError(
                    _("Your agency has no officer with this badge number."), code="invalid"
                )
            }
        )
    return found


def _answer(
    principal: Principal, story: Story, agency: Agency, officer: Officer | None, at: dt.datetime
) -> AsOfAnswer:
    if officer is None:
        sight: Sight = record_sight(story.moments, reader_agency(agency), story.kind, at, whole=story.whole)
    else:
        sight = officer_sight(agency, officer_moments(principal, officer.uid), story, at)
    return answer_told(principal, story, agency, sight, at=at, officer=officer)


def _joined(kind: str, uid: uuid.UUID, answers: list[AsOfAnswer]) -> AsOfAnswer:
    """What is seen through devices was seen if one of them was."""
    first = min(answers, key=lambda one: (one.ground not in SEEN_ON, one.ground != Ground.UNKNOWN))
    return dataclasses.replace(
        first, kind=kind, uid=uid, label=str(uid), timeline=(), since=(), through=tuple(answers)
    )


def _record(principal: Principal, answer: AsOfAnswer, originator: int, purpose: str) -> None:
    party = principal
    if originator in principal.groups:  # a compartment's record is the compartment's to know
        party = dataclasses.replace(principal, agency_group=originator)
    audit_record(
        acting_party=party,
        action=AuditAction.ASOF_ASK,
        object_type=answer.kind,
        object_uids=[answer.uid],
        purpose=purpose,
        detail={
            "agency": answer.agency,
            "at": answer.at.isoformat(),
            "seen": answer.seen,
            "owner": party_code(originator),
        },
    )

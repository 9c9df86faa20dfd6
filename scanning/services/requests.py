"""Asking another agency for a scan, and its answer. Whoever asks, asks; whoever has the device, decides."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.grants import grants_give
from agencies.rules.rights import require
from agencies.services.references import reference_next
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import changes_announce
from intelligence.selectors.parties import officer_acting, own_group, parties
from intelligence.services.records import act_record, fault_at, sentence_of, words_of
from scanning.choices import Body, RequestState, ScanPurpose, UseVerdict
from scanning.models import ScanRequest, ScanRequestGrant
from scanning.rules.law import Ruling, Use, needs_justification
from scanning.rules.refusals import NotYourSide, RequestClosed, RequestStands, UseRefused
from scanning.rules.requests import (
    ACCEPTABLE,
    CANCELLABLE,
    DOABLE,
    LONGEST,
    REFUSABLE,
    RESULTS,
    request_state,
)
from scanning.selectors.equipment import equipment_read
from scanning.selectors.law import use_ruling
from scanning.selectors.passages import passage_seen
from scanning.selectors.requests import techniques_offered
from scanning.selectors.seen import PassageSeen

BATCH = 200


def scan_ask(
    *,
    acting_officer: Principal,
    passage: uuid.UUID | str,
    technique: str,
    agency: str,
    purpose: str,
    note: str,
    needed_by: dt.datetime,
    body: str = "",
    justification: str = "",
) -> ScanRequest:
    """Ask an agency for a scan of a passage that the asker sees.

    The lawful-use matrix of the asked agency decides first: what it refuses is recorded and raises UseRefused (the
    record stays as long as the caller does not roll back); where it states nothing, or the body is not what the
    technique is meant for, `justification` says why all the same. Raises RightMissing, NotVisible, RequestStands,
    or ValidationError by field.
    """
    require(acting_officer, Right.REQUEST_ASK)
    seen = passage_seen(acting_officer, passage)
    asked = _asked(acting_officer, seen, technique, agency)
    _known(purpose, body)
    note = sentence_of(note, "note")
    now = timezone.now()
    if not now < needed_by <= now + LONGEST:
        raise fault_at("needed_by", _("Within the next twelve hours."))
    site = equipment_read(acting_officer).sites[seen.site_id]
    use = Use(asked, technique, purpose, site.country, timezone.localdate(), body)
    ruling = use_ruling(acting_officer, use)
    if ruling.verdict == UseVerdict.REFUSED:
        _refused_record(acting_officer, seen, use, note, ruling)
    justification = _justified(ruling, justification)
    with transaction.atomic():
        request = _make(
            acting_officer,
            seen,
            {
                "asked_group_id": asked,
                "technique": technique,
                "purpose": purpose,
                "body": body,
                "note": note,
                "needed_by": needed_by,
                "verdict": ruling.verdict,
                "justification": justification,
            },
        )
        _record(acting_officer, AuditAction.REQUEST_ASK, request, justification or note)
    return request


@transaction.atomic
def scan_accept(
    *,
    acting_officer: Principal,
    uid: uuid.UUID | str,
    scheduled_at: dt.datetime | None = None,
    answer: str = "",
) -> ScanRequest:
    """The asked agency takes it on, now or at a stated time. Raises NotVisible, RightMissing, NotYourSide, RequestClosed, or ValidationError."""
    request = _lock(acting_officer, uid, Right.REQUEST_ANSWER, ACCEPTABLE)
    now = timezone.now()
    if scheduled_at is not None and not now <= scheduled_at <= now + LONGEST:
        raise fault_at("scheduled_at", _("Within the next twelve hours."))
    request.state, request.scheduled_at = RequestState.ACCEPTED, scheduled_at
    request.answer = words_of(answer, "answer")
    request.answered_by, request.answered_at = officer_acting(acting_officer), now
    request.save(update_fields=["state", "scheduled_at", "answer", "answered_by", "answered_at"])
    _record(acting_officer, AuditAction.REQUEST_ACCEPT, request, request.answer)
    return request


@transaction.atomic
def scan_refuse(*, acting_officer: Principal, uid: uuid.UUID | str, reason: str) -> ScanRequest:
    """The asked agency says no, also after it has accepted; the asker reads why. Raises as scan_accept does."""
    request = _lock(acting_officer, uid, Right.REQUEST_ANSWER, REFUSABLE)
    request.state, request.answer = RequestState.REFUSED, sentence_of(reason, "reason")
    request.answered_by, request.answered_at = officer_acting(acting_officer), timezone.now()
    request.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    _record(acting_officer, AuditAction.REQUEST_REFUSE, request, request.answer)
    return request


@transaction.atomic
def scan_done(*, acting_officer: Principal, uid: uuid.UUID | str, result: str, finding: str) -> ScanRequest:
    """The asked agency tells the result, in its own words: only what stands here goes to the asker.

    Raises as scan_accept does.
    """
    request = _lock(acting_officer, uid, Right.REQUEST_ANSWER, DOABLE)
    if result not in RESULTS:
        raise fault_at("result", _("This is none of the known values."))
    request.state, request.result = RequestState.DONE, result
    request.finding = sentence_of(finding, "finding")
    request.closed_by, request.closed_at = officer_acting(acting_officer), timezone.now()
    request.save(update_fields=["state", "result", "finding", "closed_by", "closed_at"])
    _record(acting_officer, AuditAction.REQUEST_DONE, request, request.finding)
    return request


@transaction.atomic
def scan_cancel(*, acting_officer: Principal, uid: uuid.UUID | str, reason: str) -> ScanRequest:
    """The asker takes it back. Raises as scan_accept does."""
    request = _lock(acting_officer, uid, Right.REQUEST_ASK, CANCELLABLE)
    request.state, request.closing = RequestState.CANCELLED, sentence_of(reason, "reason")
    request.closed_by, request.closed_at = officer_acting(acting_officer), timezone.now()
    request.save(update_fields=["state", "closing", "closed_by", "closed_at"])
    _record(acting_officer, AuditAction.REQUEST_CANCEL, request, request.closing)
    return request


@transaction.atomic
def requests_lapse() -> int:
    """As the worker: close what nobody answered in time; returns how many."""
    due = ScanRequest.objects.filter(state=RequestState.ASKED, needed_by__lte=timezone.now()).order_by("id")
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    ScanRequest.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=RequestState.LAPSED, closed_at=timezone.now()
    )
    _announce(rows)
    return len(rows)


def _asked(principal: Principal, seen: PassageSeen, technique: str, agency: str) -> int:
    """The group of the agency that is asked: it has the technique at that site, and the asker sees the device."""
    group = parties().group(agency)
    if group is None or (technique, agency) not in techniques_offered(principal, seen.site_id):
        raise fault_at("technique", _("No agency that you see has this technique here."))
    return group


def _known(purpose: str, body: str) -> None:
    if purpose not in ScanPurpose.values:
        raise fault_at("purpose", _("This is none of the known values."))
    if body and body not in Body.values:
        raise fault_at("body", _("This is none of the known values."))


def _justified(ruling: Ruling, justification: str) -> str:
    if needs_justification(ruling) or justification.strip():
        return sentence_of(justification, "justification")
    return ""


def _make(principal: Principal, seen: PassageSeen, asked: dict[str, object]) -> ScanRequest:
    lane = equipment_read(principal).lane(seen.lane_id)
    mark = next(
        iter(sorted(seen.marks, key=lambda one: (one.kind != "tractor", -(one.confidence or 0)))), None
    )
    now, group = timezone.now(), own_group(principal)
    try:
        with transaction.atomic():
            request = ScanRequest.objects.create(
                originator_id=group,
                reference=reference_next(group_id=group, series="R", year=now.year),
                passage_uid=seen.uid,
                site_id=seen.site_id,
                lane_code=lane.code if lane else "",
                mark=mark.raw if mark else "",
                country=mark.country if mark else "",
                asked_by=officer_acting(principal),
                **asked,
            )
    except IntegrityError as error:
        raise RequestStands from error
    grants_give(ScanRequestGrant, request, [request.asked_group_id])
    return request


def _refused_record(principal: Principal, seen: PassageSeen, use: Use, note: str, ruling: Ruling) -> None:
    """Write down that something unlawful was asked for, then refuse it."""
    with transaction.atomic():
        act_record(
            principal,
            AuditAction.REQUEST_UNLAWFUL,
            "passage",
            [seen.uid],
            originator_id=own_group(principal),
            purpose=note,
            detail={
                "agency": parties().code(use.agency_group_id),
                "technique": use.technique,
                "purpose": use.purpose,
                "rule": str(ruling.rule.uid) if ruling.rule else "",
            },
        )
    rule = ruling.rule
    raise UseRefused(rule.condition if rule else "", rule.basis if rule else "")


def _lock(
    principal: Principal, uid: uuid.UUID | str, right: Right, states: Iterable[RequestState]
) -> ScanRequest:
    """The request, locked, for the side whose right it is; NotVisible, RightMissing, NotYourSide or RequestClosed."""
    require(principal, right)
    seen = ScanRequest.objects.get_visible(principal, uid)
    side = seen.asked_group_id if right == Right.REQUEST_ANSWER else seen.originator_id
    if side not in principal.groups:
        raise NotYourSide
    rows = ScanRequest.objects.visible_to(principal).filter(pk=seen.pk)
    locked = rows.select_for_update(of=("self",)).first()
    if locked is None:
        raise NotVisible("scanrequest")
    if request_state(locked.state, locked.needed_by) not in states:
        raise RequestClosed
    return locked


def _record(principal: Principal, action: AuditAction, request: ScanRequest, purpose: str) -> None:
    act_record(
        principal,
        action,
        "scan_request",
        [request.uid],
        originator_id=own_group(principal),
        purpose=purpose,
        detail={"reference": request.reference, "technique": request.technique, "verdict": request.verdict},
    )
    _announce([request])


def _announce(requests: Iterable[ScanRequest]) -> None:
    changes_announce(
        [
            (Topic.SCAN_REQUEST, None, None, [request.originator_id, request.asked_group_id])
            for request in requests
        ]
    )

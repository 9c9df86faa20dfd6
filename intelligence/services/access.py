"""Access requests: asked by reference, carried to the owner by the worker, answered by the owner or not at all."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.acting import acting
from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import RightMissing, require
from agencies.tasking import doorbell_ring
from audit.actions import AuditAction
from audit.services import audit_record, changes_announce
from intelligence.actions import Bell
from intelligence.choices import AccessOutcome, CaseState, SharedKind
from intelligence.models import AccessCase, AccessRequest
from intelligence.rules.access import STANDS_FOR, agency_code_of, is_probing, reference_read
from intelligence.rules.refusals import AccessBudgetSpent, CaseAnswered
from intelligence.selectors.access import requests_by
from intelligence.selectors.parties import officer_acting, own_group, parties
from intelligence.services.disseminations import dissemination_give
from intelligence.services.records import act_record, fault_at, purpose_of, sentence_of
from intelligence.services.sharing import SUBJECTS, Subject

BATCH = 50
HOUR = dt.timedelta(hours=1)
_LOCK = "SELECT pg_advisory_xact_lock(77012, %s)"
#: What an owner's answer becomes for the asker; a silent refusal becomes nothing.
_TOLD = {
    CaseState.GRANTED.value: AccessOutcome.GRANTED,
    CaseState.DECLINED.value: AccessOutcome.DECLINED,
    CaseState.ANSWERED.value: AccessOutcome.ANSWERED,
}


def access_ask(*, acting_officer: Principal, reference: str, purpose: str) -> AccessRequest:
    """Ask the owner of a reference for access. What comes back never depends on whether there is such a record.

    Raises RightMissing, ValidationError on `reference` or `purpose`, or AccessBudgetSpent (recorded, as long as
    the caller does not roll back).
    """
    require(acting_officer, Right.ACCESS_ASK)
    wanted = reference_read(reference)
    if wanted is None:
        raise fault_at("reference", _("A reference looks like UKBA-L-2026-000123."))
    purpose = purpose_of(acting_officer, purpose)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [own_group(acting_officer)])  # no two requests count the same last one
        now = timezone.now()
        if requests_by(acting_officer).filter(reference=wanted, outcome="", closes_at__gt=now).exists():
            raise fault_at("reference", _("You have asked for this already; the request still stands."))
        wait_s = _budget_wait(acting_officer, now)
        if wait_s:
            _ask_record(acting_officer, purpose, [], refused="budget")
        else:
            officer = officer_acting(acting_officer)
            made = AccessRequest.objects.create(
                agency_group_id=own_group(acting_officer),
                officer=officer,
                account_uid=None if officer else acting_officer.uid,
                reference=wanted,
                purpose=purpose,
                closes_at=now + STANDS_FOR,
            )
            _ask_record(acting_officer, purpose, [made.uid])
            doorbell_ring(Bell.ACCESS_ROUTE)
    if wait_s:
        raise AccessBudgetSpent(wait_s)
    return made


@transaction.atomic
def access_requests_route() -> int:
    """As the worker: make a case for the owner of each reference that exists; returns how many were looked at."""
    rows = AccessRequest.objects.filter(routed_at__isnull=True).order_by("asked_at", "id")
    waiting = list(rows.select_for_update(skip_locked=True)[:BATCH])
    wanted = [request.reference for request in waiting]
    found = {
        record.reference: (subject, record)
        for subject in SUBJECTS.values()
        for record in subject.model.objects.filter(reference__in=wanted, state=subject.standing)
    }
    for request in waiting:
        probing = _is_probing(request)
        subject, record = found.get(request.reference, (None, None))
        if subject is not None and _concerns(record, request):
            _case_make(subject, record, request, probing=probing)
        if probing:
            _probing_record(request)
    AccessRequest.objects.filter(pk__in=[request.pk for request in waiting]).update(routed_at=timezone.now())
    return len(waiting)


def _concerns(record: Any, request: AccessRequest) -> bool:
    """Whether the owner could open it to the asker's agency at all, and has not done so yet."""
    now = timezone.now()
    return (
        request.agency_group_id not in record.viewers
        and (record.expires_at is None or record.expires_at > now)
        and parties().may_bear(request.agency_group_id, record.caveat)
    )


def _case_make(subject: Subject, record: Any, request: AccessRequest, *, probing: bool) -> None:
    case = AccessCase.objects.create(
        originator_id=record.originator_id,
        classification=record.classification,
        caveat=record.caveat,
        expires_at=request.closes_at,
        subject_kind=subject.kind,
        subject_uid=record.uid,
        subject_reference=record.reference,
        request_uid=request.uid,
        asker_group_id=request.agency_group_id,
        purpose=request.purpose,
        asked_at=request.asked_at,
        probing=probing,
    )
    act_record(
        acting.get(), AuditAction.ACCESS_RECEIVE, "access_case", [case.uid], originator_id=record.originator_id,
        detail={"agency": parties().code(request.agency_group_id)},
    )  # fmt: skip
    changes_announce([(subject.topic, None, None, [record.originator_id])])


def _is_probing(request: AccessRequest) -> bool:
    lately = AccessRequest.objects.filter(
        agency_group_id=request.agency_group_id,
        asked_at__gt=request.asked_at - HOUR,
        asked_at__lte=request.asked_at,
    ).values_list("reference", flat=True)
    return is_probing(request.reference, list(lately)[:500])


def _probing_record(request: AccessRequest) -> None:
    """Tell both sides' auditors: whoever owns the series, whether or not its numbers exist, and the asker's agency."""
    owner = parties().group(agency_code_of(request.reference))
    for group in {owner, request.agency_group_id} - {None}:
        audit_record(
            acting_party=acting.get(),
            action=AuditAction.ACCESS_PROBE,
            object_type="access_request",
            object_uids=[request.uid] if group == request.agency_group_id else [],
            detail={"agency": parties().code(request.agency_group_id)},
            agency_group=group,
        )


@transaction.atomic
def access_case_answer(
    *, acting_officer: Principal, uid: uuid.UUID | str, answer: str, message: str = ""
) -> AccessCase:
    """The owner's answer: grant (shares the record), decline, decline silently, or a message.

    Raises NotVisible, RightMissing, CaseAnswered, what dissemination_give raises, or ValidationError on `answer` or `message`.
    """
    require(acting_officer, Right.LOOKOUT_CREATE)
    case = _own_case_lock(acting_officer, uid)
    if case.state != CaseState.OPEN or (case.expires_at is not None and case.expires_at <= timezone.now()):
        raise CaseAnswered
    if answer not in CaseState.values or answer == CaseState.OPEN:
        raise fault_at("answer", _("This is none of the known values."))
    message = sentence_of(message, "message") if message.strip() or answer == CaseState.ANSWERED else ""
    if answer == CaseState.SILENT and message:
        raise fault_at("message", _("Whoever is not told gets no message."))
    if answer == CaseState.GRANTED:
        dissemination_give(
            acting_officer=acting_officer,
            kind=SharedKind(case.subject_kind),
            uid=case.subject_uid,
            agencies=[parties().code(case.asker_group_id)],
            purpose=case.purpose,
        )
    case.state, case.message, case.answered_at = answer, message, timezone.now()
    case.answered_by = officer_acting(acting_officer)
    case.save(update_fields=["state", "message", "answered_at", "answered_by"])
    act_record(
        acting_officer, AuditAction.ACCESS_ANSWER, "access_case", [case.uid], originator_id=case.originator_id,
        purpose=message, detail={"answer": answer},
    )  # fmt: skip
    changes_announce([(SUBJECTS[case.subject_kind].topic, None, None, [case.originator_id])])
    doorbell_ring(Bell.ACCESS_CARRY)
    return case


@transaction.atomic
def access_answers_carry() -> int:
    """As the worker: carry the owners' answers to the askers' requests; returns how many were carried."""
    answered = AccessCase.objects.filter(answered_at__isnull=False, carried_at__isnull=True).order_by("id")
    cases = list(answered.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    for case in cases:
        outcome = _TOLD.get(case.state)
        if outcome is not None:
            AccessRequest.objects.filter(uid=case.request_uid, outcome="").update(
                outcome=outcome, message=case.message, answered_at=case.answered_at
            )
            changes_announce([(SUBJECTS[case.subject_kind].topic, None, None, [case.asker_group_id])])
    AccessCase.objects.filter(pk__in=[case.pk for case in cases]).update(carried_at=timezone.now())
    return len(cases)


def _own_case_lock(principal: Principal, uid: uuid.UUID | str) -> AccessCase:
    seen = AccessCase.objects.get_visible(principal, uid)
    if seen.originator_id not in principal.groups:
        raise RightMissing(Right.LOOKOUT_CREATE.value)
    locked = (
        AccessCase.objects.visible_to(principal).select_for_update(of=("self",)).filter(pk=seen.pk).first()
    )
    if locked is None:
        raise NotVisible("accesscase")
    return locked


def _budget_wait(principal: Principal, now: dt.datetime) -> int:
    """Seconds to wait when the officer or the agency has asked enough in the last hour; else 0."""
    agency = AccessRequest.objects.visible_to(principal).filter(
        agency_group_id=own_group(principal), asked_at__gt=now - HOUR
    )
    budgets = (
        (requests_by(principal).filter(asked_at__gt=now - HOUR), settings.ACCESS_BUDGET_OFFICER_PER_HOUR),
        (agency, settings.ACCESS_BUDGET_AGENCY_PER_HOUR),
    )
    waits = [0]
    for asked, allowed in budgets:
        times = list(asked.order_by("-asked_at").values_list("asked_at", flat=True)[:allowed])
        if len(times) >= allowed:
            oldest = times[-1] if times else now
            waits.append(int((oldest + HOUR - now).total_seconds()) + 1)
    return max(waits)


def _ask_record(principal: Principal, purpose: str, uids: list[uuid.UUID], refused: str = "") -> None:
    audit_record(
        acting_party=principal,
        action=AuditAction.ACCESS_ASK,
        object_type="access_request",
        object_uids=uids,
        purpose=purpose,
        detail={"refused": refused} if refused else None,
    )

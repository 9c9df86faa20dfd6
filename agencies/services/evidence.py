"""Reading the record, and taking it out of the centre: both are acts that the record keeps."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.actions import Right
from agencies.evidence import (
    EVIDENCE_LIMIT,
    RecordFilter,
    TooMuch,
    evidence_lines,
    record_get,
    record_plain,
    record_proof,
    records_chosen,
    records_page,
)
from agencies.facts import Principal
from agencies.paging import Page, Turn
from agencies.rules.rights import require
from audit.actions import AuditAction
from audit.models import AuditEvent
from audit.rules.ocsf import ocsf_event
from audit.services import audit_record

EXPORT_FORMATS = ("csv", "ndjson", "ocsf", "evidence")


def records_open(
    *, acting_officer: Principal, turn: Turn, wanted: RecordFilter, purpose: str
) -> Page[AuditEvent]:
    """One page of the record, read for a purpose; the reading is recorded, the page shown is of before it."""
    page = records_page(acting_officer, turn, wanted)
    _read(acting_officer, [event.uid for event in page.rows], purpose, {"filters": wanted.names()})
    return page


def record_open(*, acting_officer: Principal, uid: uuid.UUID | str, purpose: str) -> AuditEvent:
    """One record, read for a purpose. NotVisible when it is absent or another's."""
    event = record_get(acting_officer, uid)
    _read(acting_officer, [event.uid], purpose, {})
    return event


def record_prove(*, acting_officer: Principal, uid: uuid.UUID | str, purpose: str) -> dict[str, Any] | None:
    """The proof that one record is sealed; None while it waits for its block. The reading is recorded."""
    proof = record_proof(acting_officer, record_get(acting_officer, uid))
    _read(acting_officer, [uuid.UUID(str(uid))], purpose, {"proof": proof is not None})
    return proof


def records_export(
    *, acting_officer: Principal, wanted: RecordFilter, form: str, purpose: str
) -> list[dict[str, Any]]:
    """The records as plain values, as OCSF events or as evidence, at most EVIDENCE_LIMIT. Recorded.

    Needs the right to the record and a purpose. Evidence is complete for the blocks that were sealed between
    `since` and `until`, whatever the other filters; ValidationError when it does not go into one file.
    """
    require(acting_officer, Right.AUDIT_VIEW)
    if form not in EXPORT_FORMATS:
        raise ValidationError({"format": ValidationError(_("Choose one of the values."), code="invalid")})
    if len(purpose.split()) == 0:
        raise ValidationError(
            {"purpose": ValidationError(_("Say for which purpose you export the record."), code="required")}
        )
    lines = _evidence(acting_officer, wanted) if form == "evidence" else _lines(acting_officer, wanted, form)
    audit_record(
        acting_party=acting_officer,
        action=AuditAction.EXPORT_MAKE,
        object_type="audit",
        purpose=purpose,
        detail={"rows": len(lines), "limit": EVIDENCE_LIMIT, "format": form, "filters": wanted.names()},
    )
    return lines


def _lines(principal: Principal, wanted: RecordFilter, form: str) -> list[dict[str, Any]]:
    rows = map(record_plain, records_chosen(principal, wanted)[:EVIDENCE_LIMIT])
    return [ocsf_event(row) for row in rows] if form == "ocsf" else list(rows)


def _evidence(principal: Principal, wanted: RecordFilter) -> list[dict[str, Any]]:
    since = wanted.since or dt.datetime.min.replace(tzinfo=dt.UTC)
    until = wanted.until or dt.datetime.max.replace(tzinfo=dt.UTC)
    try:
        return evidence_lines(principal, since, until)
    except TooMuch as error:
        too_many = ValidationError(
            _("These are more records than one file takes: narrow the period."), code="invalid"
        )
        raise ValidationError({"since": too_many}) from error


def _read(principal: Principal, uids: list[uuid.UUID], purpose: str, detail: Mapping[str, Any]) -> None:
    audit_record(
        acting_party=principal,
        action=AuditAction.AUDIT_READ,
        object_type="audit",
        object_uids=uids,
        purpose=purpose,
        detail={"shown": len(uids), **detail},
    )

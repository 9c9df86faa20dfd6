"""The audit record of an act on a record of intelligence."""

import dataclasses
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.facts import Principal
from audit.actions import AuditAction
from audit.services import audit_record
from intelligence.rules.drafts import PURPOSE_LENGTH, is_storable


def act_record(
    principal: Principal,
    action: AuditAction,
    object_type: str,
    uids: Iterable[uuid.UUID],
    *,
    originator_id: int,
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one record of what `principal` did to records of one originator.

    What is done to a compartment's record is recorded for the compartment, not for the agency: the agency's
    auditor would otherwise learn that the record exists. The worker records for the originator. Whoever else
    acts records for the own agency.
    """
    if originator_id in principal.groups:
        principal = dataclasses.replace(principal, agency_group=originator_id)
    audit_record(
        acting_party=principal,
        action=action,
        object_type=object_type,
        object_uids=list(uids),
        purpose=purpose,
        detail=detail,
        agency_group=originator_id,
    )


def purpose_of(principal: Principal, given: str) -> str:
    """The purpose to be recorded: the one given, else that of the shift or account.

    Raises ValidationError when there is none: no consultation without a justification (DPA 2018 s62).
    """
    return sentence_of(given or principal.purpose, "purpose")


def fault_at(field: str, sentence: object) -> ValidationError:
    """What is wrong with one field of what was given, to be raised."""
    return ValidationError({field: ValidationError(sentence, code="invalid")})  # type: ignore[arg-type]


def sentence_of(given: str, field: str) -> str:
    """A justification as it is kept: one line, not empty and not too long; ValidationError on `field` otherwise."""
    sentence = " ".join(given.split())
    if len(sentence) < 3:
        raise ValidationError({field: ValidationError(_("Say what this is for."), code="required")})
    if len(sentence) > PURPOSE_LENGTH or not is_storable(sentence, lines=False):
        raise ValidationError({field: ValidationError(_("Put it into fewer words."), code="invalid")})
    return sentence


def words_of(given: str, field: str, length: int = PURPOSE_LENGTH) -> str:
    """Words that may be left out, on one line as they are kept; ValidationError on `field` when they are too long."""
    words = " ".join(given.split())
    if len(words) > length or not is_storable(words, lines=False):
        raise fault_at(field, _("Put it into fewer words."))
    return words

"""Changing what a lookout says: the owner's act, by itself or by taking over what another agency has proposed."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

from agencies.facts import Principal
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import changes_announce
from intelligence.choices import LookoutState
from intelligence.facts import LookoutDraft
from intelligence.models import Lookout
from intelligence.rules.drafts import draft_faults
from intelligence.rules.marks import fold, normalise
from intelligence.rules.proposals import PROPOSABLE
from intelligence.rules.refusals import LookoutNotActive
from intelligence.selectors.parties import parties
from intelligence.selectors.proposals import values_of
from intelligence.services.lookouts import own_lookout_lock
from intelligence.services.records import act_record, sentence_of


@transaction.atomic
def lookout_change(
    *, acting_officer: Principal, uid: uuid.UUID | str, changes: Mapping[str, str], reason: str
) -> Lookout:
    """Change an active lookout of one's own; it matches by its new values from the next event on.

    Raises NotVisible, RightMissing, LookoutNotActive, or ValidationError with the faults by field.
    """
    lookout = own_lookout_lock(acting_officer, uid)
    if not is_active(lookout):
        raise LookoutNotActive
    reason = sentence_of(reason, "reason")
    values = changes_checked(lookout, changes)
    fields = _put(lookout, values)
    lookout.save(update_fields=fields)
    act_record(
        acting_officer,
        AuditAction.LOOKOUT_CHANGE,
        "lookout",
        [lookout.uid],
        originator_id=lookout.originator_id,
        purpose=reason,
        detail={"fields": sorted(changes)},
    )
    lookout.refresh_from_db(fields=["viewers"])
    changes_announce([(Topic.LOOKOUT, None, None, lookout.viewers)])
    return lookout


def is_active(lookout: Lookout) -> bool:
    """Whether it still matches."""
    return lookout.state == LookoutState.ACTIVE and (
        lookout.expires_at is None or lookout.expires_at > timezone.now()
    )


def changes_checked(lookout: Lookout, changes: Mapping[str, str]) -> dict[str, Any]:
    """The changed values, read; ValidationError when the lookout that results could not be entered like this."""
    unknown = sorted(set(changes) - set(PROPOSABLE))
    if unknown or not changes:
        raise ValidationError(
            {"changes": ValidationError(_("Nothing of this can be changed so."), code="invalid")}
        )
    values: dict[str, Any] = values_of(lookout) | dict(changes)
    expires, review = _read(parse_datetime, values["expires_at"]), _read(parse_date, values["review_due"])
    by_field: dict[str, list[ValidationError]] = {}
    if expires is None or expires.tzinfo is None:
        by_field["expires_at"] = [ValidationError(_("The time needs its offset."), code="invalid")]
    if review is None:
        by_field["review_due"] = [ValidationError(_("This is no day."), code="invalid")]
    if by_field or expires is None or review is None:
        raise ValidationError(by_field)
    draft = LookoutDraft(
        mark=values["mark"],
        kind=lookout.kind,
        country=values["country"],
        action_code=values["action_code"],
        mode=lookout.mode,
        notified_agencies=parties().codes(lookout.notified_group_ids),
        desk=lookout.desk.code if lookout.desk else "",
        priority=values["priority"],
        reason=lookout.reason,
        instruction=values["instruction"],
        classification=lookout.classification,
        expires_at=expires,
        review_due=review,
    )
    longest = dt.timedelta(days=settings.LOOKOUT_MAX_DAYS)
    for field, sentence in draft_faults(draft, now=timezone.now(), longest=longest):
        if field in changes:
            by_field.setdefault(field, []).append(ValidationError(sentence, code="invalid"))
    if by_field:
        raise ValidationError(by_field)
    read = {"expires_at": expires, "review_due": review}
    return {name: read.get(name, changes[name]) for name in changes}


def _read(reader: Any, text: str) -> Any:
    try:
        return reader(text)
    except ValueError:
        return None


def _put(lookout: Lookout, values: Mapping[str, Any]) -> list[str]:
    fields = [name for name in values if name != "mark"]
    for name in fields:
        setattr(lookout, name, values[name])
    if "mark" in values:
        norm = normalise(values["mark"])
        lookout.mark_raw, lookout.mark_norm, lookout.mark_folded = values["mark"].strip(), norm, fold(norm)
        fields += ["mark_raw", "mark_norm", "mark_folded"]
    return fields

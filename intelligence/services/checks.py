"""Checks of a mark by hand: the question is a row and nothing else, the worker answers it.

Asking takes the same time and gives the same receipt whatever is on the watch-list; what the asker learns
depends on the asker's own lookouts and on notices meant for the asker's agency, never on a silent one.
"""

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import require
from agencies.tasking import doorbell_ring
from audit.actions import AuditAction
from audit.services import audit_record
from intelligence.actions import Bell
from intelligence.choices import CheckOutcome, DisclosureMode, Strength
from intelligence.models import Check
from intelligence.rules.drafts import is_storable, mark_faults
from intelligence.rules.marks import fold, normalise
from intelligence.rules.matching import match_strength
from intelligence.rules.refusals import CheckBudgetSpent
from intelligence.selectors.checks import HOUR, checks_by
from intelligence.selectors.parties import officer_acting, own_group
from intelligence.selectors.watchlist import Wanted, lookouts_wanted
from intelligence.services.matches import Made, Match, caveat_lets, matches_write
from intelligence.services.records import purpose_of

BATCH = 50
PLACE_LENGTH = 120
_BUDGET_LOCK = "SELECT pg_advisory_xact_lock(77011, %s)"


def check_make(*, acting_officer: Principal, mark: str, purpose: str, place: str = "") -> Check:
    """Ask for a mark; the answer follows (selectors/checks.py: check_get). Everything asked is recorded.

    Raises RightMissing, ValidationError on `mark` or `purpose`, or CheckBudgetSpent; that last is recorded
    too, as long as the caller does not roll back.
    """
    require(acting_officer, Right.CHECK_MAKE)
    faults = [ValidationError(sentence, code="invalid") for _, sentence in mark_faults(mark)]
    if faults:
        raise ValidationError({"mark": faults})
    purpose, norm = purpose_of(acting_officer, purpose), normalise(mark)
    with transaction.atomic():
        wait_s = _budget_wait(acting_officer, norm)
        if wait_s:
            _record(acting_officer, purpose, [], refused="budget")
        else:
            check = _check_create(acting_officer, mark.strip(), norm, purpose, place)
    if wait_s:
        raise CheckBudgetSpent(wait_s)
    return check


def _check_create(principal: Principal, mark: str, norm: str, purpose: str, place: str) -> Check:
    officer = officer_acting(principal)
    place = " ".join(place.split())[:PLACE_LENGTH]
    check = Check.objects.create(
        agency_group_id=own_group(principal),
        officer=officer,
        account_uid=None if officer else principal.uid,
        clearance=principal.clearance,
        mark_raw=mark,
        mark_norm=norm,
        purpose=purpose,
        place=place if is_storable(place, lines=False) else "",
    )
    _record(principal, purpose, [check.uid])
    doorbell_ring(Bell.CHECKS_ANSWER)
    return check


@transaction.atomic
def checks_answer() -> int:
    """Answer the checks that wait, as the worker; returns how many.

    Every owner of a matching lookout gets a hit that says which agency asked.
    """
    waiting = Check.objects.filter(answered_at__isnull=True).order_by("asked_at", "id")
    checks = list(waiting.select_for_update(skip_locked=True)[:BATCH])
    wanted = lookouts_wanted(fold(check.mark_norm) for check in checks)
    for check in checks:
        found = [
            (lookout, strength) for lookout in wanted if (strength := _strength(check, lookout)) is not None
        ]
        made = matches_write([_match(check, lookout, strength) for lookout, strength in found])
        _answer(check, [lookout for lookout, _ in found], made)
    return len(checks)


def _answer(check: Check, found: Sequence[Wanted], made: Sequence[Made]) -> None:
    """Write what the asker may learn. A lookout of the own agency above the asker's clearance tells nothing."""
    notices = [each.notice.uid for each in made if each.notice is not None]
    own = any(
        lookout.originator_id == check.agency_group_id and lookout.classification <= check.clearance
        for lookout in found
    )
    if notices:
        check.outcome = CheckOutcome.NOTICE
    else:
        check.outcome = CheckOutcome.OWN if own else CheckOutcome.NOTHING
    check.notice_uids, check.answered_at = notices, timezone.now()
    check.save(update_fields=["outcome", "notice_uids", "answered_at"])


def _strength(check: Check, lookout: Wanted) -> Strength | None:
    strength = match_strength(check.mark_norm, lookout.mark_norm, "", lookout.mark_folded)
    return Strength(strength) if strength is not None else None


def _match(check: Check, lookout: Wanted, strength: Strength) -> Match:
    tells = (
        lookout.mode != DisclosureMode.SILENT
        and check.agency_group_id in lookout.notified_group_ids
        and caveat_lets(check.agency_group_id, lookout.caveat)
    )
    return Match(
        lookout=lookout,
        strength=strength,
        mark_seen=check.mark_raw,
        country_seen="",
        confidence=None,
        passage_uid=None,
        device_id=None,
        lane_id=None,
        place=check.place,
        first_at=check.asked_at,
        last_at=check.asked_at,
        by_check=True,
        checked_by_group_id=check.agency_group_id,
        # Only the asker stands at the lorry; the other agencies named need not learn who asked.
        told=frozenset({lookout.originator_id, check.agency_group_id}) if tells else frozenset(),
    )


def _budget_wait(principal: Principal, norm: str) -> int:
    """Seconds to wait when the officer, the agency, or the agency for this mark has asked enough; else 0."""
    with connection.cursor() as cursor:
        cursor.execute(_BUDGET_LOCK, [principal.agency_group])  # no two requests count the same last one
    now = timezone.now()
    agency = Check.objects.visible_to(principal).filter(
        agency_group_id=own_group(principal), asked_at__gt=now - HOUR
    )
    budgets = (
        (checks_by(principal).filter(asked_at__gt=now - HOUR), settings.CHECK_BUDGET_OFFICER_PER_HOUR),
        (agency, settings.CHECK_BUDGET_AGENCY_PER_HOUR),
        (agency.filter(mark_norm=norm), settings.CHECK_BUDGET_MARK_PER_HOUR),
    )
    waits = [0]
    for asked, allowed in budgets:
        times = list(asked.order_by("-asked_at").values_list("asked_at", flat=True)[:allowed])
        if len(times) >= allowed:  # a place is free when the oldest of them is an hour old
            oldest = times[-1] if times else now
            waits.append(int((oldest + HOUR - now).total_seconds()) + 1)
    return max(waits)


def _record(principal: Principal, purpose: str, uids: Sequence[uuid.UUID], refused: str = "") -> None:
    audit_record(
        acting_party=principal,
        action=AuditAction.CHECK_MAKE,
        object_type="check",
        object_uids=uids,
        purpose=purpose,
        detail={"refused": refused} if refused else None,
    )

"""A second factor that is lost at night: its officer reports it, two colleagues reset it, a told code lets enrol anew."""

import datetime as dt
import secrets
import uuid
from typing import cast

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from agencies.access import NotVisible
from agencies.acting import acting_as
from agencies.actions import Right
from agencies.choices import CountersignKind, SignInEnding
from agencies.facts import Principal
from agencies.models import Countersign, FactorLoss, Officer
from agencies.rules.countersigns import CountersignRefused
from agencies.rules.factors import CODE_LENGTH, CODE_SIGNS, CODE_TRIES, CODE_WAITS, code_plain, in_groups
from agencies.rules.rights import require
from agencies.selectors import agency_group_of, officers_own, principal_of
from agencies.selectors.factors import loss_waiting
from agencies.services.countersigns import countersign_propose, effect_register
from agencies.services.signins import signins_end_all
from audit.actions import AuditAction
from audit.services import audit_record


@transaction.atomic
def loss_report(*, acting_officer: Principal) -> FactorLoss:
    """Note that the acting officer, who has shown the password, says that the second factor is lost.

    Reported again while one waits, it stays the same one; after a reset whose code ran out, a new one begins.
    """
    officer = Officer.objects.select_for_update(of=("self",)).get(uid=cast(uuid.UUID, acting_officer.uid))
    waiting = loss_waiting(officer)
    if waiting is not None:
        return waiting
    now = timezone.now()
    FactorLoss.objects.filter(officer=officer, closed_at=None).update(closed_at=now)
    loss = FactorLoss.objects.create(
        officer=officer, agency_group_id=agency_group_of(acting_officer), asked_at=now
    )
    _record(acting_officer, AuditAction.FACTOR_LOSS, officer, loss)
    return loss


@transaction.atomic
def factors_reset_propose(*, acting_officer: Principal, officer: Officer, reason: str) -> Countersign:
    """Say as the first of two that this officer, who stands before one, lost the second factor.

    Raises RightMissing, NotVisible for another agency's officer, CountersignRefused for oneself, and when the officer
    has not reported the loss within the last hour.
    """
    require(acting_officer, Right.FACTOR_RESET)
    stored = officers_own(acting_officer).filter(pk=officer.pk).first()
    if stored is None:
        raise NotVisible("officer")
    loss = _waiting_loss(stored, acting_officer)
    group = agency_group_of(acting_officer)
    return countersign_propose(
        acting_officer=acting_officer,
        kind=CountersignKind.FACTORS,
        originator_id=group,
        subject_uid=loss.uid,  # this report's, so that no proposal of another night serves for it
        subject_label=f"{stored} ({stored.username})"[:80],
        must_sign=[group],
        reason=reason,
    )


@transaction.atomic
def told_code_take(*, acting_officer: Principal, code: str) -> str:
    """The id of the reset whose code this is, when it is right, in time and unused; "" for anything else."""
    officer = Officer.objects.select_for_update(of=("self",)).get(uid=cast(uuid.UUID, acting_officer.uid))
    loss = FactorLoss.objects.filter(officer=officer, closed_at=None).exclude(reset_at=None).first()
    now = timezone.now()
    if loss is None or loss.tries >= CODE_TRIES or cast(dt.datetime, loss.reset_at) + CODE_WAITS <= now:
        return ""
    loss.tries += 1
    if constant_time_compare(_digest(loss, code), loss.code_digest):
        loss.taken_at = loss.closed_at = now
        _record(acting_officer, AuditAction.FACTOR_CODE_USE, officer, loss, kind="told")
    loss.save(update_fields=["tries", "taken_at", "closed_at"])
    return str(loss.uid) if loss.taken_at else ""


def _reset(proposal: Countersign, principal: Principal) -> None:
    """The effect of the second signature: no factor, no session; a code, told to whoever signed."""
    officer = officers_own(principal).filter(losses__uid=proposal.subject_uid, is_active=True).first()
    if officer is None:
        raise CountersignRefused(_("Your agency has no such active officer."))
    loss = _waiting_loss(officer, principal)
    if loss.uid != proposal.subject_uid:
        raise CountersignRefused(_("This proposal was for an earlier report of the officer: propose anew."))
    with acting_as(principal_of(officer)):  # nobody else can reach the rows
        stored = Officer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
        rows = Authenticator.objects.filter(user_id=officer.pk)
        kinds = sorted(rows.values_list("type", flat=True))
        rows.delete()
        stored.factored_at, stored.must_enrol, stored.factor_epoch = None, True, stored.factor_epoch + 1
        stored.save(update_fields=["factored_at", "must_enrol", "factor_epoch"])
    signins_end_all(acting_officer=principal, officer=officer, ending=SignInEnding.FROM_AFAR)
    code = "".join(secrets.choice(CODE_SIGNS) for _place in range(CODE_LENGTH))
    loss.reset_at, loss.code_digest = timezone.now(), _digest(loss, code)
    loss.save(update_fields=["reset_at", "code_digest"])
    _record(principal, AuditAction.FACTOR_RESET, officer, loss, countersign=str(proposal.uid), kinds=kinds)
    proposal.told = in_groups(code)


def _waiting_loss(officer: Officer, acting_officer: Principal) -> FactorLoss:
    if officer.uid == acting_officer.uid:
        raise CountersignRefused(_("Nobody resets their own second factors."))
    loss = loss_waiting(officer)
    if loss is None:
        raise CountersignRefused(
            _(
                "The officer has to report the loss first, at sign-in after the password; it waits for an hour."
            )
        )
    return loss


def _digest(loss: FactorLoss, code: str) -> str:
    return salted_hmac(f"told code {loss.uid}", code_plain(code).lower(), algorithm="sha256").hexdigest()


def _record(
    acting_officer: Principal, action: AuditAction, officer: Officer, loss: FactorLoss, **detail: object
) -> None:
    audit_record(
        acting_party=acting_officer,
        action=action,
        object_type="officer",
        object_uids=[officer.uid],
        detail={"loss": str(loss.uid), **detail},
    )


effect_register(CountersignKind.FACTORS, _reset)

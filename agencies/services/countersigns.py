"""Proposing, signing, refusing and withdrawing what two have to agree on.

The effect happens in the transaction of the last signature, or not at all.
"""

import dataclasses
import uuid
from collections.abc import Callable, Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.choices import CountersignKind, CountersignState
from agencies.facts import Actor, CountersignCard, Principal
from agencies.grants import grants_give
from agencies.models import Agency, Compartment, Countersign, CountersignGrant, Officer, Signature
from agencies.rules.countersigns import (
    REASON_LENGTH,
    RIGHT_OF_KIND,
    WAITS,
    CountersignRefused,
    group_to_sign,
    state_now,
)
from agencies.rules.rights import RightMissing, require
from agencies.selectors import agency_group_of, compartments_of
from audit.actions import AuditAction
from audit.services import audit_record

Effect = Callable[[Countersign, Principal], None]
_effects: dict[str, Effect] = {}


def effect_register(kind: CountersignKind, effect: Effect) -> None:
    """Say what the last signature of a kind brings about (apps above call this at start)."""
    _effects[kind] = effect


@transaction.atomic
def countersign_propose(
    *,
    acting_officer: Principal,
    kind: CountersignKind,
    originator_id: int,
    subject_uid: uuid.UUID,
    subject_label: str,
    must_sign: Iterable[int],
    reason: str,
    guest_badge: str = "",
    caveat: str = "",
) -> Countersign:
    """Put a proposal before those who must sign. The caller has looked the record up through the gate.

    Raises RightMissing (also for a system: an officer proposes), or CountersignRefused.
    """
    require(acting_officer, RIGHT_OF_KIND[kind])
    proposer = _officer(acting_officer)
    groups = sorted(set(must_sign))
    try:
        with transaction.atomic():
            proposal = Countersign.objects.create(
                originator_id=originator_id,
                kind=kind,
                subject_uid=subject_uid,
                subject_label=subject_label,
                guest_badge=guest_badge,
                reason=_sentence(reason),
                must_sign=groups,
                proposed_by=proposer,
                caveat=caveat,
                expires_at=timezone.now() + WAITS,
            )
    except IntegrityError as error:
        raise CountersignRefused(_("This has been proposed already and waits for its signature.")) from error
    grants_give(CountersignGrant, proposal, [group for group in groups if group != originator_id])
    _record(acting_officer, AuditAction.COUNTERSIGN_PROPOSE, proposal, purpose=proposal.reason)
    return proposal


@transaction.atomic
def compartment_admission_propose(
    *, acting_officer: Principal, compartment_uid: str, agency_code: str, badge_number: str, reason: str
) -> Countersign:
    """Propose to name an officer of another agency in a compartment; that agency signs for its officer.

    Whether the other agency has such an officer is for it to know: it is looked up when it signs.
    """
    require(acting_officer, RIGHT_OF_KIND[CountersignKind.ADMIT])
    circle = compartments_of(acting_officer).filter(
        uid=compartment_uid, agency__group_id=agency_group_of(acting_officer)
    )
    compartment = circle.first()
    if compartment is None:
        raise NotVisible("compartment")
    agency = Agency.objects.filter(code=agency_code).first()
    if agency is None or agency.group_id == acting_officer.agency_group or not agency.is_authority:
        raise CountersignRefused(_("Name another competent authority."))
    badge = badge_number.strip()
    if not badge or len(badge) > 20 or not badge.isprintable():
        raise CountersignRefused(_("Name the officer by the badge number."))
    return countersign_propose(
        acting_officer=acting_officer,
        kind=CountersignKind.ADMIT,
        originator_id=compartment.group_id,
        subject_uid=compartment.uid,
        subject_label=compartment.name,
        must_sign=[agency.group_id],
        reason=reason,
        guest_badge=badge,
    )


@transaction.atomic
def countersign_sign(*, acting_officer: Principal, uid: uuid.UUID | str) -> Countersign:
    """Sign for one's own group; with the last signature the proposal takes effect.

    Raises NotVisible, RightMissing, or CountersignRefused: closed, expired, one's own, or signed already.
    """
    proposal = _open_one(acting_officer, uid)
    officer = _officer(acting_officer)
    if officer.pk == proposal.proposed_by_id:
        raise CountersignRefused(_("Whoever proposes does not sign: a second pair of eyes has to."))
    signed = set(proposal.signatures.values_list("agency_group_id", flat=True))
    group = group_to_sign(proposal.must_sign, signed, acting_officer.groups)
    if group is None:
        raise CountersignRefused(_("There is nothing for your agency to sign here."))
    Signature.objects.create(
        countersign=proposal, agency_group_id=group, officer=officer, proposer_id=proposal.proposed_by_id
    )
    _record(acting_officer, AuditAction.COUNTERSIGN_SIGN, proposal)
    if signed | {group} >= set(proposal.must_sign):
        _effects[proposal.kind](proposal, acting_officer)
        _close(proposal, CountersignState.DONE)
    return proposal


@transaction.atomic
def countersign_refuse(*, acting_officer: Principal, uid: uuid.UUID | str, reason: str) -> Countersign:
    """Say no for one's own group: the proposal is closed and nothing happens."""
    proposal = _open_one(acting_officer, uid)
    if group_to_sign(proposal.must_sign, (), acting_officer.groups) is None:
        raise CountersignRefused(_("There is nothing for your agency to sign here."))
    _close(proposal, CountersignState.REFUSED, _sentence(reason))
    _record(acting_officer, AuditAction.COUNTERSIGN_REFUSE, proposal, purpose=proposal.closing_reason)
    return proposal


@transaction.atomic
def countersign_withdraw(*, acting_officer: Principal, uid: uuid.UUID | str, reason: str) -> Countersign:
    """Take the proposal back: any officer of the originator with the right may."""
    proposal = _open_one(acting_officer, uid)
    if proposal.originator_id not in acting_officer.groups:
        raise RightMissing(RIGHT_OF_KIND[proposal.kind].value)
    _close(proposal, CountersignState.WITHDRAWN, _sentence(reason))
    _record(acting_officer, AuditAction.COUNTERSIGN_WITHDRAW, proposal, purpose=proposal.closing_reason)
    return proposal


def countersigns_read(
    *, acting_officer: Principal, cards: Sequence[CountersignCard], purpose: str = ""
) -> None:
    """Record which proposals were shown."""
    require(acting_officer, Right.COUNTERSIGN_VIEW)
    if cards:
        audit_record(
            acting_party=acting_officer,
            action=AuditAction.COUNTERSIGN_READ,
            object_type="countersign",
            object_uids=[card.uid for card in cards],
            purpose=purpose or acting_officer.purpose or acting_officer.label,
        )


def _open_one(principal: Principal, uid: uuid.UUID | str) -> Countersign:
    """The proposal, locked and open."""
    seen = Countersign.objects.get_visible(principal, uid)
    require(principal, RIGHT_OF_KIND[seen.kind])
    _officer(principal)
    found = (
        Countersign.objects.visible_to(principal).select_for_update(of=("self",)).filter(pk=seen.pk).first()
    )
    if found is None:
        raise NotVisible("countersign")
    if state_now(found.state, found.expires_at, timezone.now()) != CountersignState.OPEN:
        raise CountersignRefused(_("This proposal is closed."))
    return found


def _close(proposal: Countersign, state: CountersignState, reason: str = "") -> None:
    proposal.state, proposal.closed_at, proposal.closing_reason = state, timezone.now(), reason
    proposal.save(update_fields=["state", "closed_at", "closing_reason"])


def _officer(principal: Principal) -> Officer:
    """The officer who acts; a system neither proposes nor signs."""
    if principal.actor != Actor.OFFICER or principal.uid is None:
        raise RightMissing("countersign")
    return Officer.objects.get(uid=principal.uid)


def _sentence(given: str) -> str:
    sentence = " ".join(given.split())
    if not 3 <= len(sentence) <= REASON_LENGTH or not sentence.isprintable():
        raise CountersignRefused(_("Say why, in one or two sentences."))
    return sentence


def _record(principal: Principal, action: AuditAction, proposal: Countersign, purpose: str = "") -> None:
    """What members do about a compartment stands in the compartment's record, what another agency does in its own."""
    if proposal.originator_id in principal.groups:
        principal = dataclasses.replace(principal, agency_group=proposal.originator_id)
    audit_record(
        acting_party=principal,
        action=action,
        object_type="countersign",
        object_uids=[proposal.uid],
        purpose=purpose,
        detail={"kind": proposal.kind},
    )


def _admit(proposal: Countersign, principal: Principal) -> None:
    """Name the officer whom the signing agency knows by this badge number in the compartment."""
    guest = Officer.objects.filter(
        agency__group_id__in=proposal.must_sign, badge_number=proposal.guest_badge, is_active=True
    ).first()
    if guest is None:
        raise CountersignRefused(_("Your agency has no active officer with this badge number."))
    if guest.uid == principal.uid:
        raise CountersignRefused(_("Nobody signs for themselves."))
    compartment = Compartment.objects.get(uid=proposal.subject_uid)
    compartment.group.user_set.add(guest)
    audit_record(
        acting_party=principal,
        action=AuditAction.COMPARTMENT_ADMIT,
        object_type="officer",
        object_uids=[guest.uid],
        purpose=proposal.reason,
        detail={"countersign": str(proposal.uid)},
    )


effect_register(CountersignKind.ADMIT, _admit)

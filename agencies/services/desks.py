"""Desks and shifts of one's own agency."""

import datetime as dt
from collections.abc import Iterable
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.models import Agency, Desk, Officer, Shift
from agencies.rules.appointments import ChangeRefused
from agencies.rules.rights import require
from agencies.selectors import agency_group_of
from audit.actions import AuditAction
from audit.services import audit_record

#: The longest shift; longer ones are a slip of the pen, not a watch.
LONGEST_SHIFT = dt.timedelta(hours=24)


class DeskDetails(TypedDict, total=False):
    """What may be set on a desk."""

    name_en: str
    name_fr: str
    phone: str


def desk_create(*, acting_party: Principal, code: str, **details: Unpack[DeskDetails]) -> Desk:
    """Make a desk; its code begins with the agency's, so that codes of two agencies never collide."""
    require(acting_party, Right.OFFICER_MANAGE)
    agency = Agency.objects.get(group_id=agency_group_of(acting_party))
    code = code.strip().upper()
    if not code.startswith(f"{agency.code}-") or code == f"{agency.code}-":
        raise ChangeRefused(_("The code begins with %(code)s- and goes on.") % {"code": agency.code})
    desk = Desk(agency=agency, code=code, **details)
    try:
        with transaction.atomic():
            desk.save()
    except IntegrityError as error:
        raise ChangeRefused(_("Your agency has a desk with this code.")) from error
    _record(acting_party, AuditAction.DESK_CREATE, "desk", desk)
    return desk


def desk_change(*, acting_party: Principal, desk: Desk, **details: Unpack[DeskDetails]) -> Desk:
    """Change names and telephone of a desk of the own agency; its code stays, because notices quote it."""
    require(acting_party, Right.OFFICER_MANAGE)
    stored = Desk.objects.filter(pk=desk.pk, agency__group_id=agency_group_of(acting_party)).first()
    if stored is None:
        raise NotVisible("desk")
    for name, value in details.items():
        setattr(stored, name, value)
    stored.save(update_fields=list(details))
    _record(acting_party, AuditAction.DESK_CHANGE, "desk", stored)
    return stored


def shift_set(
    *,
    acting_party: Principal,
    shift: Shift | None,
    desk: Desk,
    lead: Officer,
    officers: Iterable[Officer],
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    purpose: str,
) -> Shift:
    """Enter a shift (None) or change one of the own agency; desk and officers are the agency's own.

    The purpose is what the board's consultations are recorded with meanwhile, so it may not be empty.
    """
    require(acting_party, Right.OFFICER_MANAGE)
    crew = list(officers)
    own = agency_group_of(acting_party)
    if shift is not None and not Shift.objects.filter(pk=shift.pk, desk__agency__group_id=own).exists():
        raise NotVisible("shift")
    if desk.agency.group_id != own or any(
        o.agency is None or o.agency.group_id != own for o in [lead, *crew]
    ):
        raise NotVisible("officer or desk")
    if not starts_at < ends_at <= starts_at + LONGEST_SHIFT:
        raise ChangeRefused(_("A shift ends after it starts, and within 24 hours."))
    if not purpose.strip():
        raise ChangeRefused(_("Say for which purpose the shift consults the board."))
    action = AuditAction.SHIFT_CREATE if shift is None else AuditAction.SHIFT_CHANGE
    stored = shift or Shift()
    stored.desk, stored.lead, stored.purpose = desk, lead, purpose.strip()
    stored.starts_at, stored.ends_at = starts_at, ends_at
    stored.save()
    stored.officers.set(crew)
    _record(acting_party, action, "shift", stored)
    return stored


def _record(acting_party: Principal, action: AuditAction, object_type: str, record: Desk | Shift) -> None:
    audit_record(acting_party=acting_party, action=action, object_type=object_type, object_uids=[record.uid])

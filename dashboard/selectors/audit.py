"""The audit record as its pages show it."""

import json
import uuid
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from agencies.actions import Right
from agencies.evidence import Seal, roots_stand, seal_of
from agencies.facts import Principal
from agencies.rules.rights import may
from agencies.selectors import accounts_own, officers_own
from audit.models import AuditEvent
from audit.words import ACTION_WORDS, ACTORS, OBJECT_TYPES
from dashboard.facts.acts import Detail
from dashboard.facts.audit import RecordPage, RecordRow, RootsPage

_SHOWN = 2


def record_row(event: AuditEvent) -> RecordRow:
    """One record in words."""
    kind = str(OBJECT_TYPES.get(event.object_type, event.object_type))
    shown = " ".join(f"{str(uid)[:8]}…" for uid in event.object_uids[:_SHOWN])
    more = len(event.object_uids) - _SHOWN
    return RecordRow(
        id=str(event.uid),
        at=event.at,
        who=event.actor_label,
        kind=str(ACTORS.get(event.actor, event.actor)),
        act=str(ACTION_WORDS.get(event.action, event.action)),
        code=event.action,
        objects=" ".join(part for part in (kind, shown, f"+{more}" if more > 0 else "") if part),
        purpose=event.purpose,
    )


def record_page(principal: Principal, event: AuditEvent) -> RecordPage:
    """One record with everything that was recorded, and where it is sealed."""
    row, seal = record_row(event), seal_of(event)
    listed = reverse("audit-list")
    details = (
        Detail(_("time"), "", at=event.at),
        Detail(_("exactly"), event.at.isoformat(), mono=True),
        Detail(_("who"), f"{row.who} ({row.kind})", url=f"{listed}?actor={event.actor_uid}" if event.actor_uid else ""),
        Detail(_("act"), f"{row.act} ({row.code})"),
        Detail(_("purpose"), event.purpose or _("none")),
        Detail(_("kind of object"), str(OBJECT_TYPES.get(event.object_type, event.object_type))),
        *(Detail(_("object"), str(uid), url=f"{listed}?object={uid}", mono=True) for uid in event.object_uids[:50]),
        Detail(_("request"), event.request_id or _("none"), mono=True, url=f"{listed}?request={event.request_id}" if event.request_id else ""),
        *(Detail(name, _text(value)) for name, value in event.detail.items()),
        Detail(_("record"), row.id, mono=True),
    )  # fmt: skip
    return RecordPage(
        row=row,
        details=details,
        seal=_seal(seal) if seal else (),
        may_prove=seal is not None and event.agency_group_id is not None and may(principal, Right.AUDIT_VIEW),
    )


def roots_page(principal: Principal) -> RootsPage:
    """How far the agency's record is sealed."""
    seal, total = roots_stand(principal)
    if seal is None:
        return RootsPage(details=())
    own = Detail(_("records of your agency that are sealed"), number_format(total, force_grouping=True))
    return RootsPage(details=(*_seal(seal), own), sealed=True)


def actors_own(principal: Principal) -> list[tuple[uuid.UUID, str]]:
    """Whom the list can be narrowed to: the agency's officers and accounts."""
    officers = officers_own(principal).order_by("last_name", "first_name")
    accounts = accounts_own(principal).order_by("name")
    return [(each.uid, str(each)) for each in officers] + [(each.uid, each.name) for each in accounts]


def _seal(seal: Seal) -> tuple[Detail, ...]:
    return (
        Detail(_("block"), number_format(seal.block)),
        Detail(_("sealed"), "", at=seal.at),
        Detail(_("root"), seal.root, mono=True),
        Detail(_("key"), seal.key, mono=True),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

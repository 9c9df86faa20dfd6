"""Who was given what, and what was taken back, as owner and recipient are shown it."""

import uuid
from collections.abc import Iterable

from django.db import models

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.facts import Principal
from agencies.models import RecordReading
from agencies.paging import Page, Turn, queryset_page
from agencies.rules.rights import require
from intelligence.choices import Ending, RecallState, SharedKind
from intelligence.facts import DisseminationCard, ReadingsFact, RecallCard
from intelligence.models import Dissemination, Lookout, RecallReceipt, TearLine
from intelligence.selectors.parties import officer_names, parties

#: So many recalls of one record are told in its story; nobody shares and recalls one record more often.
_RECALLS_TOLD = 200


def readings_of(principal: Principal, uid: uuid.UUID, group: int) -> ReadingsFact:
    """How often one agency has read a record of the principal's, and when first and last."""
    found = (
        RecordReading.objects.visible_to(principal)
        .filter(record_uid=uid, group_id=group)
        .aggregate(count=models.Count("id"), first=models.Min("at"), last=models.Max("at"))
    )
    return ReadingsFact(**found)


def disseminations_of(principal: Principal, kind: str, uid: uuid.UUID | str) -> tuple[DisseminationCard, ...]:
    """Every sharing of one of the principal's own records, newest first; () for a record of somebody else's.

    Raises RightMissing.
    """
    require(principal, Right.LOOKOUT_VIEW)
    rows = (
        Dissemination.objects.visible_to(principal)
        .filter(subject_kind=kind, subject_uid=uid, originator_id__in=list(principal.groups))
        .prefetch_related("given_by__agency", "ended_by__agency")
    )
    return tuple(dissemination_card(row, principal) for row in rows)


def dissemination_get(principal: Principal, uid: uuid.UUID | str) -> DisseminationCard:
    """One sharing by the principal's own agency or compartment; raises RightMissing or NotVisible."""
    require(principal, Right.LOOKOUT_VIEW)
    row = Dissemination.objects.get_visible(principal, uid)
    if row.originator_id not in principal.groups:
        raise NotVisible("dissemination")  # a recipient knows of others by their codes alone
    return dissemination_card(row, principal)


def dissemination_card(row: Dissemination, reader: Principal) -> DisseminationCard:
    """The sharing as its originator is shown it; officers' names are for their own agency."""
    read = readings_of(reader, row.subject_uid, row.recipient_group_id)
    return DisseminationCard(
        uid=row.uid,
        kind=SharedKind(row.subject_kind),
        record=row.subject_uid,
        reference=row.subject_reference,
        recipient=parties().code(row.recipient_group_id),
        purpose=row.purpose,
        show_recipients=row.show_recipients,
        given_at=row.created_at,
        given_by=officer_names(row.given_by, reader)[0],
        expires_at=row.expires_at,
        readings=read.count,
        last_read_at=read.last,
        ended_at=row.ended_at,
        ended_by=officer_names(row.ended_by, reader)[0],
        ending=Ending(row.ending) if row.ending else None,
        ended_reason=row.ended_reason,
    )


def recipients_shown(principal: Principal, kind: str, uid: uuid.UUID) -> tuple[str, ...]:
    """The agencies that a recipient may know to have the record too: none, unless its originator says so."""
    rows = Dissemination.objects.visible_to(principal).filter(
        subject_kind=kind, subject_uid=uid, ended_at__isnull=True, show_recipients=True
    )
    return parties().codes(list(rows.order_by().values_list("recipient_group_id", flat=True)))


def recalls_page(
    principal: Principal, turn: Turn, *, state: str = "", own: bool | None = None
) -> Page[RecallCard]:
    """One page of what the principal's groups took back or gave back, newest first. Raises RightMissing."""
    require(principal, Right.LOOKOUT_VIEW)
    wanted = RecallReceipt.objects.visible_to(principal)
    if state:
        wanted = wanted.filter(confirmed_at__isnull=state == RecallState.OPEN)
    if own is not None:
        mine = models.Q(originator_id__in=list(principal.groups))
        wanted = wanted.filter(mine if own else ~mine)
    page = queryset_page(wanted.prefetch_related("confirmed_by__agency"), turn, at="created_at")
    why = _reasons(principal, page.rows)
    return Page(tuple(recall_card(row, principal, why) for row in page.rows), page.older, page.newer)


def recalls_of(principal: Principal, uid: uuid.UUID) -> tuple[RecallCard, ...]:
    """What was taken back of one record, oldest first, as far as the principal's groups took part in it."""
    rows = RecallReceipt.objects.visible_to(principal).filter(subject_uid=uid).order_by("id")
    rows = rows.prefetch_related("confirmed_by__agency")[:_RECALLS_TOLD]
    why = _reasons(principal, rows)
    return tuple(recall_card(row, principal, why) for row in rows)


def recall_get(principal: Principal, uid: uuid.UUID | str) -> RecallCard:
    """One recall; raises RightMissing or NotVisible."""
    require(principal, Right.LOOKOUT_VIEW)
    row = RecallReceipt.objects.get_visible(principal, uid)
    return recall_card(row, principal, _reasons(principal, [row]))


def recalls_to_confirm(principal: Principal) -> int:
    """How many recalls wait for the principal's own agency, counted up to a hundred."""
    waiting = RecallReceipt.objects.visible_to(principal).filter(
        recipient_group_id__in=list(principal.groups), confirmed_at__isnull=True
    )
    return waiting.order_by()[:100].count()


def recall_card(row: RecallReceipt, reader: Principal, why: dict[int, str]) -> RecallCard:
    """The recall for its reader: the reason is the owner's, the confirming officer's name that officer's agency's."""
    own = row.originator_id in reader.groups
    return RecallCard(
        uid=row.uid,
        kind=SharedKind(row.subject_kind),
        record=row.subject_uid if own else None,
        reference=row.subject_reference,
        owner=parties().code(row.originator_id),
        is_own=own,
        recipient=parties().code(row.recipient_group_id),
        recalled_at=row.created_at,
        reason=why.get(row.dissemination_id or 0, "") if own else "",
        readings=row.readings,
        first_read_at=row.first_read_at,
        last_read_at=row.last_read_at,
        state=RecallState.CONFIRMED if row.confirmed_at else RecallState.OPEN,
        confirmed_at=row.confirmed_at,
        confirmed_by=officer_names(row.confirmed_by, reader)[0],
    )


def _reasons(principal: Principal, rows: Iterable[RecallReceipt]) -> dict[int, str]:
    ids = [row.dissemination_id for row in rows if row.dissemination_id]
    found = Dissemination.objects.visible_to(principal).filter(pk__in=ids)
    return dict(found.order_by().values_list("pk", "ended_reason"))


def tear_lines_of(principal: Principal, uid: uuid.UUID | str) -> tuple[tuple[uuid.UUID, str], ...]:
    """Uid and reference of what stands in for one of the principal's own lookouts."""
    links = TearLine.objects.visible_to(principal).filter(source__uid=uid)
    twins = Lookout.objects.visible_to(principal).filter(torn_from__in=links).order_by("id")
    return tuple(twins.values_list("uid", "reference"))


def torn_from(principal: Principal, uid: uuid.UUID) -> tuple[uuid.UUID, str] | None:
    """Uid and reference of what a tear-line stands in for; None for any other lookout, and for whoever may not know."""
    link = TearLine.objects.visible_to(principal).filter(twin__uid=uid)
    source = Lookout.objects.visible_to(principal).filter(tear_lines__in=link).first()
    return (source.uid, source.reference) if source is not None else None

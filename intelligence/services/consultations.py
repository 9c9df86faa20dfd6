"""Reading leaves a record: who read which lookout, hit or notice, when and for what (LED Art 25, DPA 2018 s62)."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import connection, transaction

from agencies.facts import Principal
from audit.actions import AuditAction
from intelligence.facts import HitCard, LookoutCard, NoticeCard
from intelligence.models import Hit, Lookout, Notice
from intelligence.selectors.hits import hit_get
from intelligence.selectors.lookouts import lookout_get
from intelligence.selectors.notices import notice_get
from intelligence.services.records import act_record, purpose_of

Card = LookoutCard | HitCard | NoticeCard

_KINDS: dict[type, tuple[str, AuditAction, type[Lookout] | type[Hit] | type[Notice]]] = {
    LookoutCard: ("lookout", AuditAction.LOOKOUT_READ, Lookout),
    HitCard: ("hit", AuditAction.HIT_READ, Hit),
    NoticeCard: ("notice", AuditAction.NOTICE_READ, Notice),
}

# Only what was not shown yet today takes a row; a refresh of the board writes nothing.
_SHOW = """
INSERT INTO intelligence_shown (agency_group_id, reader_uid, record_uid, shown_on)
SELECT %(group)s, %(reader)s::uuid, u, current_date FROM unnest(%(uids)s::uuid[]) u
 WHERE NOT EXISTS (SELECT 1 FROM intelligence_shown s
                    WHERE s.reader_uid = %(reader)s::uuid AND s.record_uid = u AND s.shown_on = current_date)
ON CONFLICT ON CONSTRAINT shown_once_a_day DO NOTHING
RETURNING record_uid
"""


@transaction.atomic
def lookout_open(*, acting_officer: Principal, uid: uuid.UUID | str, purpose: str = "") -> LookoutCard:
    """One lookout, read for a purpose; raises RightMissing, NotVisible, or ValidationError without a purpose."""
    purpose = purpose_of(acting_officer, purpose)
    card = lookout_get(acting_officer, uid)
    records_read(acting_officer=acting_officer, cards=[card], purpose=purpose)
    return card


@transaction.atomic
def hit_open(*, acting_officer: Principal, uid: uuid.UUID | str, purpose: str = "") -> HitCard:
    """One hit, read for a purpose; raises as lookout_open does."""
    purpose = purpose_of(acting_officer, purpose)
    card = hit_get(acting_officer, uid)
    records_read(acting_officer=acting_officer, cards=[card], purpose=purpose)
    return card


@transaction.atomic
def notice_open(*, acting_officer: Principal, uid: uuid.UUID | str, purpose: str = "") -> NoticeCard:
    """One notice, read for a purpose; raises as lookout_open does."""
    purpose = purpose_of(acting_officer, purpose)
    card = notice_get(acting_officer, uid)
    records_read(acting_officer=acting_officer, cards=[card], purpose=purpose)
    return card


@transaction.atomic
def records_read(*, acting_officer: Principal, cards: Sequence[Card], purpose: str = "") -> None:
    """Record that these cards were read now: one audit record per owner and kind, whatever their number."""
    if not cards:
        return
    uids = {kind: [card.uid for card in cards if isinstance(card, kind)] for kind in _KINDS}
    _readings_record(acting_officer, uids, purpose_of(acting_officer, purpose))


@transaction.atomic
def needs_shown(*, acting_officer: Principal, cards: Sequence[Card], purpose: str = "") -> int:
    """Record the cards that the board shows to this officer for the first time today; returns how many.

    Call it with all cards of each refresh; `purpose` is the shift's when none is given.
    """
    if not cards:
        return 0
    new = _newly_shown(acting_officer, [card.uid for card in cards])
    records_read(
        acting_officer=acting_officer, cards=[card for card in cards if card.uid in new], purpose=purpose
    )
    return len(new)


@transaction.atomic
def signs_shown(
    *,
    acting_officer: Principal,
    hits: Iterable[uuid.UUID] = (),
    notices: Iterable[uuid.UUID] = (),
    purpose: Callable[[], str],
) -> int:
    """As needs_shown, for visible records that a page shows by no more than a sign; returns how many were new.

    `purpose` is asked only when there is something to record, because finding the shift takes a query.
    """
    shown = {HitCard: list(hits), NoticeCard: list(notices)}
    uids = [uid for kind in shown.values() for uid in kind]
    new = _newly_shown(acting_officer, uids) if uids else set()
    if new:
        told = {kind: [uid for uid in theirs if uid in new] for kind, theirs in shown.items()}
        _readings_record(acting_officer, told, purpose_of(acting_officer, purpose()))
    return len(new)


def _newly_shown(principal: Principal, uids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    values = {
        "group": principal.agency_group,
        "reader": str(principal.uid),
        "uids": [str(uid) for uid in uids],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SHOW, values)
        return {row[0] for row in cursor.fetchall()}


def _readings_record(principal: Principal, uids: Mapping[type, Sequence[uuid.UUID]], purpose: str) -> None:
    for kind, theirs in uids.items():
        name, action, model = _KINDS[kind]
        for group, records in _by_recorder(principal, model, theirs).items():
            act_record(principal, action, name, records, originator_id=group, purpose=purpose)


def _by_recorder(
    principal: Principal, model: type[Lookout] | type[Hit] | type[Notice], uids: Iterable[uuid.UUID]
) -> dict[int, list[uuid.UUID]]:
    """The records by the group for which the reading is recorded: a compartment for its own, else the agency."""
    by_group: dict[int, list[uuid.UUID]] = {}
    uids = list(uids)
    if not uids:
        return by_group
    owners = model.objects.visible_to(principal).filter(uid__in=uids).values_list("uid", "originator_id")
    for uid, owner in owners:
        group = owner if owner in principal.groups else principal.agency_group or owner
        by_group.setdefault(group, []).append(uid)
    return by_group

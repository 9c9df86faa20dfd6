"""Who was given a record, as its owner is shown it."""

from collections.abc import Mapping

from agencies.facts import Principal
from dashboard.facts.lookouts import ShareRow
from intelligence.facts import DisseminationCard
from intelligence.selectors.disseminations import disseminations_of


def share_rows(
    principal: Principal, kind: str, uid: object, names: Mapping[str, str]
) -> tuple[ShareRow, ...]:
    """Every sharing of one's own record: those that stand first, then those that have ended."""
    cards = disseminations_of(principal, kind, str(uid))
    rows = [_row(card, names) for card in cards]
    return tuple(sorted(rows, key=lambda row: row.ended is not None))


def _row(card: DisseminationCard, names: Mapping[str, str]) -> ShareRow:
    return ShareRow(
        code=card.recipient,
        agency=names.get(card.recipient, card.recipient),
        since=card.given_at,
        by=card.given_by,
        why=card.purpose,
        until=card.expires_at,
        readings=card.readings,
        last_read=card.last_read_at,
        shown=card.show_recipients,
        ended=card.ended_at,
        ending=str(card.ending.label) if card.ending else "",
        ended_why=card.ended_reason,
    )

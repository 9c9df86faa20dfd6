"""Who could see a record at a moment: worked out from what was written down then, by the gate's own rule.

Pure, so that it can be held against the gate itself (tests/agencies/test_asof_replay.py).
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from agencies.actions import Right
from agencies.choices import HistoryEvent
from agencies.facts import SEEN_ON, Ground, OfficerMoment, Reader, RecordMoment, Sight
from agencies.rules.rights import AUTHORITY_ONLY, RIGHTS_OF_ROLE

#: Which right lets an officer open each kind of record.
RIGHT_OF_KIND: dict[str, Right] = {
    "device": Right.BOARD_VIEW,
    "lane": Right.BOARD_VIEW,
    "lookout": Right.LOOKOUT_VIEW,
    "hit": Right.HIT_VIEW,
    "notice": Right.NOTICE_VIEW,
}

#: Of several groups the one that lets furthest decides.
_FURTHEST = (
    Ground.OWNER,
    Ground.GRANT,
    Ground.EXPIRED,
    Ground.CLEARANCE,
    Ground.CAVEAT,
    Ground.UNKNOWN,
    Ground.WITHDRAWN,
    Ground.NOT_GIVEN,
    Ground.NOT_YET,
)


def record_sight(
    moments: Sequence[RecordMoment], reader: Reader, kind: str, at: dt.datetime, *, whole: bool = True
) -> Sight:
    """Whether the reader could see the record at this moment, and why.

    `moments` are the record's, in order; `whole` says that all of them are there, not the reader's own alone.
    """
    if not moments:
        return Sight(ground=Ground.NOT_GIVEN)
    sights = [_group_sight(moments, group, reader, at, whole=whole) for group in sorted(reader.groups)]
    best = min(
        sights, key=lambda sight: _FURTHEST.index(sight.ground), default=Sight(ground=Ground.NOT_GIVEN)
    )
    return _with_right(best, reader, kind)


def officer_standing(moments: Sequence[OfficerMoment], at: dt.datetime) -> OfficerMoment | Ground:
    """What the officer was at this moment, or the ground on which nothing could be seen."""
    then = [moment for moment in moments if moment.at <= at]
    if not then:
        known = bool(moments) and moments[0].event == HistoryEvent.KNOWN
        return Ground.UNKNOWN if known else Ground.NOT_YET
    last = then[-1]
    if last.event == HistoryEvent.LEFT:
        return Ground.MOVED
    return last if last.is_active else Ground.SUSPENDED


def moments_since(moments: Iterable[RecordMoment], at: dt.datetime) -> list[RecordMoment]:
    """What was changed after the moment."""
    return [moment for moment in moments if moment.at > at]


def _group_sight(
    moments: Sequence[RecordMoment], group: int, reader: Reader, at: dt.datetime, *, whole: bool
) -> Sight:
    last = next((m for m in reversed(moments) if m.group == group and m.at <= at), None)
    if last is None:
        return Sight(ground=_before(moments, at, whole=whole))
    if last.event == HistoryEvent.WITHDRAWN:
        return Sight(ground=Ground.WITHDRAWN, moment=last)
    if last.expires_at is not None and last.expires_at <= at and last.originator not in reader.groups:
        return Sight(ground=Ground.EXPIRED, moment=last)
    if reader.clearance is not None and last.classification > reader.clearance:
        return Sight(ground=Ground.CLEARANCE, moment=last)
    if last.caveat not in reader.caveats:
        return Sight(ground=Ground.CAVEAT, moment=last)
    return Sight(ground=Ground.OWNER if group == last.originator else Ground.GRANT, moment=last)


def _before(moments: Sequence[RecordMoment], at: dt.datetime, *, whole: bool) -> Ground:
    """Why a group had nothing by then: recording had not begun, the record was not there, or was not given."""
    first = moments[0]
    if at < first.at:
        if first.event == HistoryEvent.KNOWN:
            return Ground.UNKNOWN
        return Ground.NOT_YET if whole else Ground.NOT_GIVEN
    return Ground.NOT_GIVEN


def _with_right(sight: Sight, reader: Reader, kind: str) -> Sight:
    """A record that is granted is not yet opened: agency and role need the right for its kind."""
    right = RIGHT_OF_KIND.get(kind)
    if sight.ground not in SEEN_ON or right is None:
        return sight
    if right in AUTHORITY_ONLY and not reader.is_authority:
        return Sight(ground=Ground.NO_AUTHORITY, moment=sight.moment)
    if reader.role is not None and right not in RIGHTS_OF_ROLE.get(reader.role, frozenset()):
        return Sight(ground=Ground.ROLE, moment=sight.moment)
    return sight

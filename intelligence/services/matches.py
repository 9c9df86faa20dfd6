"""Writing matches: the owner's hit, the front line's notice, their records and their changes.

Called by the workers only, inside the transaction that found the match.
"""

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection
from django.utils import timezone

from agencies.acting import acting
from agencies.grants import grants_give
from agencies.services.references import reference_next
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import changes_announce
from intelligence.choices import ActionCode, DisclosureMode, Strength
from intelligence.models import Hit, Notice, NoticeGrant
from intelligence.rules.matching import reading_rank
from intelligence.selectors.parties import parties
from intelligence.selectors.watchlist import Wanted, hits_standing, notices_standing
from intelligence.services.records import act_record

# Running numbers are row locks; whoever makes hits holds this one first, so that no two wait for each other.
_LOCK = "SELECT pg_advisory_xact_lock(77010)"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A lookout and how it was seen: all sightings of one passage together, or one check by hand.

    `told` are the groups that get a notice, the owner's among them; none for a silent lookout.
    """

    lookout: Wanted
    strength: Strength
    mark_seen: str
    country_seen: str
    confidence: float | None
    passage_uid: uuid.UUID | None
    device_id: int | None
    lane_id: int | None
    place: str
    first_at: dt.datetime
    last_at: dt.datetime
    sightings: int = 1
    is_late: bool = False
    by_check: bool = False
    checked_by_group_id: int | None = None
    told: frozenset[int] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """What one match became."""

    match: Match
    hit: Hit
    notice: Notice | None


def caveat_lets(group_id: int, caveat: str) -> bool:
    """Whether a group may be told of a match of a lookout with this caveat; the database refuses it otherwise."""
    return not caveat or parties().may_bear(group_id, caveat)


def matches_write(matches: Sequence[Match]) -> list[Made]:
    """Add the matches to the hits that stand, make hits and notices of the others; returns the new ones."""
    with_passage = [match for match in matches if match.passage_uid is not None]
    standing = hits_standing(
        (m.lookout.id for m in with_passage), (m.passage_uid for m in with_passage if m.passage_uid)
    )
    again, new = [], []
    for match in matches:
        hit = standing.get((match.lookout.id, match.passage_uid)) if match.passage_uid else None
        if hit is None:
            new.append(match)
        else:
            again.append((hit, match))
    _hits_see_again(again)
    return _hits_create(new) if new else []


def _hits_create(matches: list[Match]) -> list[Made]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    matches = sorted(matches, key=lambda match: match.lookout.originator_id)
    hits = [_hit(match) for match in matches]
    Hit.objects.bulk_create(hits, ignore_conflicts=True)
    ids = dict(Hit.objects.filter(uid__in=[hit.uid for hit in hits]).values_list("uid", "id"))
    made, lost = [], []
    for hit, match in zip(hits, matches, strict=True):
        if hit.uid in ids:
            hit.id = ids[hit.uid]
            made.append(Made(match, hit, _notice(match, hit) if match.told else None))
        else:
            lost.append(match)  # another worker was faster with the same passage
    if lost:
        matches_write(lost)
    notices = [each.notice for each in made if each.notice is not None]
    Notice.objects.bulk_create(notices)
    for each in made:
        if each.notice is not None:
            grants_give(NoticeGrant, each.notice, each.match.told - {each.hit.originator_id})
    _creation_record(made)
    return made


def _hit(match: Match) -> Hit:
    lookout = match.lookout
    return Hit(
        **_common(match),
        reference=reference_next(group_id=lookout.originator_id, series="H", year=timezone.now().year),
        lookout_id=lookout.id,
        classification=lookout.classification,
        checked_by_group_id=match.checked_by_group_id,
    )


def _notice(match: Match, hit: Hit) -> Notice:
    lookout, stops = match.lookout, match.lookout.mode == DisclosureMode.STOP
    return Notice(
        **_common(match),
        reference=reference_next(group_id=lookout.originator_id, series="N", year=timezone.now().year),
        hit=hit,
        mode=lookout.mode,
        # A referred vehicle shows the desk and nothing else of what its owner intends.
        action_code=lookout.action_code if stops else ActionCode.REFER,
        instruction=lookout.instruction if stops else "",
        desk_id=lookout.desk_id,
    )


def _common(match: Match) -> dict[str, object]:
    return {
        "originator_id": match.lookout.originator_id,
        "caveat": match.lookout.caveat,
        "priority": match.lookout.priority,
        "mark_seen": match.mark_seen[:40],
        "mark_sought": match.lookout.mark_raw,
        "country_seen": match.country_seen[:2],
        "mark_confidence": match.confidence,
        "strength": match.strength,
        "passage_uid": match.passage_uid,
        "device_id": match.device_id,
        "lane_id": match.lane_id,
        "place": match.place[:120],
        "seen_at": match.first_at,
        "last_seen_at": match.last_at,
        "sightings": match.sightings,
        "is_late": match.is_late,
        "by_check": match.by_check,
    }


def _creation_record(made: Iterable[Made]) -> None:
    """One audit record per owner and kind, and the changes: a silent hit nudges its owner and nobody else."""
    by_owner: dict[int, list[Made]] = defaultdict(list)
    changes: list[tuple[Topic, int | None, int | None, Sequence[int] | None]] = []
    for each in made:
        by_owner[each.hit.originator_id].append(each)
    for owner, theirs in by_owner.items():
        worker = acting.get()
        act_record(worker, AuditAction.HIT_CREATE, "hit", [m.hit.uid for m in theirs], originator_id=owner)
        changes.append((Topic.HIT, None, None, [owner]))
        notices = [m.notice.uid for m in theirs if m.notice is not None]
        if notices:
            act_record(worker, AuditAction.NOTICE_CREATE, "notice", notices, originator_id=owner)
            told = sorted({owner}.union(*(m.match.told for m in theirs if m.notice is not None)))
            changes.append((Topic.NOTICE, None, None, told))
    changes_announce(changes)


def _hits_see_again(again: Sequence[tuple[Hit, Match]]) -> None:
    """Write further sightings of a passage to its hit and notice, and nudge those who see them."""
    if not again:
        return
    notices = notices_standing(hit.id for hit, _ in again)
    changes: list[tuple[Topic, int | None, int | None, Sequence[int] | None]] = []
    for hit, match in again:
        _see_again(hit, match)
        changes.append((Topic.HIT, None, None, [hit.originator_id]))
        notice = notices.get(hit.id)
        # Where a device saw it that some of the notice's readers may not see is not for the notice to say.
        if notice is not None and match.told.issuperset(notice.viewers):
            _see_again(notice, match)
            changes.append((Topic.NOTICE, None, None, notice.viewers))
    changes_announce(changes)


def _see_again(record: Hit | Notice, match: Match) -> None:
    record.sightings += match.sightings
    record.is_late = record.is_late and match.is_late
    if reading_rank(match.strength, match.confidence) > reading_rank(record.strength, record.mark_confidence):
        record.strength, record.mark_confidence = match.strength, match.confidence
        record.mark_seen, record.country_seen = match.mark_seen[:40], match.country_seen[:2]
    if match.last_at >= record.last_seen_at:
        record.last_seen_at, record.place = match.last_at, match.place[:120]
        record.device_id, record.lane_id = match.device_id, match.lane_id
    record.save(
        update_fields=[
            "sightings", "is_late", "strength", "mark_confidence", "mark_seen", "country_seen", "last_seen_at",
            "place", "device_id", "lane_id",
        ]
    )  # fmt: skip

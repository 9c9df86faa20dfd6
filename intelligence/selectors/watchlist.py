"""The watch-list as the workers read it: all agencies' lookouts, past the gate.

Wall 2 lets only the ingest role in, acting as the worker; for anybody else these answers are empty. The
reason of a lookout is never read here.
"""

import dataclasses
import uuid
from collections.abc import Iterable

from django.db import connection

from intelligence.models import Hit, Notice

# One index probe per mark on lookout_mark; the few rows found are then looked at. The marks travel as one
# text, because quoting thousands of them one by one costs more than finding them; no folded mark has a space.
_WANTED = """
SELECT id, uid, originator_id, mark_raw, mark_norm, mark_folded, mode, notified_group_ids, action_code, instruction,
       desk_id, priority, classification, caveat
  FROM intelligence_lookout
 WHERE mark_folded = ANY (string_to_array(%s, ' ')) AND state = 'active' AND (expires_at IS NULL OR expires_at > now())
 ORDER BY id
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """An active lookout as matching needs it."""

    id: int
    uid: uuid.UUID
    originator_id: int
    mark_raw: str
    mark_norm: str
    mark_folded: str
    mode: str
    notified_group_ids: list[int]
    action_code: str
    instruction: str
    desk_id: int | None
    priority: str
    classification: int
    caveat: str


def lookouts_wanted(folded_marks: Iterable[str]) -> list[Wanted]:
    """The active lookouts that look for one of these folded marks, in one query."""
    marks = sorted({mark for mark in folded_marks if mark})
    if not marks:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_WANTED, [" ".join(marks)])
        return [Wanted(*row) for row in cursor.fetchall()]


def hits_standing(
    lookout_ids: Iterable[int], passage_uids: Iterable[uuid.UUID]
) -> dict[tuple[int, uuid.UUID], Hit]:
    """The hits that stand already for these lookouts and passages, locked in the order of their ids."""
    rows = Hit.objects.filter(lookout_id__in=set(lookout_ids), passage_uid__in=set(passage_uids))
    return {
        (hit.lookout_id, hit.passage_uid): hit
        for hit in rows.order_by("id").select_for_update()
        if hit.passage_uid
    }


def notices_standing(hit_ids: Iterable[int]) -> dict[int, Notice]:
    """The notices of these hits by hit, locked in the order of their ids."""
    rows = Notice.objects.filter(hit_id__in=set(hit_ids)).order_by("id").select_for_update()
    return {notice.hit_id: notice for notice in rows}

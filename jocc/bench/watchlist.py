"""A watch-list of realistic size, written in bulk by the owner; the birth triggers give the grants."""

import random
import uuid

from django.db import connection, transaction

from agencies.acting import acting_as
from agencies.facts import OWNER
from intelligence.rules.marks import fold, normalise
from jocc.bench.report import Screen
from jocc.bench.traffic import mark_made

_CHUNK = 20_000
# Six in ten are silent, two refer to the owner's first desk, two stop with a notice to all authorities.
_INSERT = """
INSERT INTO intelligence_lookout (uid, originator_id, classification, created_at, reference, kind, mark_raw,
    mark_norm, mark_folded, country, action_code, mode, notified_group_ids, desk_id, priority, reason,
    instruction, state, review_due, expires_at, withdrawn_reason)
SELECT w.uid, a.group_id, 0, now(), 'BENCH-' || w.number, 'plate', w.raw, w.norm, w.folded, w.country,
       (ARRAY['observe', 'search', 'scan', 'stop'])[1 + w.number %% 4], m.mode,
       CASE WHEN m.mode = 'silent' THEN '{}'::int[]
            ELSE ARRAY(SELECT group_id FROM agencies_agency WHERE is_authority ORDER BY id) END,
       CASE WHEN m.mode = 'refer' THEN (SELECT min(id) FROM agencies_desk WHERE agency_id = a.id) END,
       (ARRAY['low', 'medium', 'high'])[1 + w.number %% 3], 'Invented for the benchmark.',
       '', 'active', current_date + 90, now() + interval '180 days', ''
  FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[])
       w(uid, number, raw, norm, folded, country)
  JOIN (SELECT id, group_id, row_number() OVER (ORDER BY id) - 1 AS place FROM agencies_agency
         WHERE is_authority) a ON a.place = w.number %% 3
 CROSS JOIN LATERAL (SELECT (ARRAY['silent', 'silent', 'silent', 'refer', 'stop'])[1 + (w.number / 3) %% 5] AS mode) m
"""


def watchlist_make(count: int, screen: Screen, seed: int = 2009) -> list[str]:
    """Write so many lookouts; returns their marks."""
    rng = random.Random(seed)  # noqa: S311  (invented marks)
    marks = list(dict.fromkeys(mark_made(rng) for _ in range(count + count // 50)))[:count]
    for begin in range(0, len(marks), _CHUNK):
        chunk = marks[begin : begin + _CHUNK]
        norms = [normalise(mark) for mark, _ in chunk]
        with acting_as(OWNER), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                _INSERT,
                [
                    [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in chunk],
                    list(range(begin, begin + len(chunk))),
                    [mark for mark, _ in chunk],
                    norms,
                    [fold(norm) for norm in norms],
                    [country for _, country in chunk],
                ],
            )
        screen.say(f"  {begin + len(chunk):,} of {len(marks):,} lookouts")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE intelligence_lookout")
    return [mark for mark, _ in marks]

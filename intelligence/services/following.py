"""Hits and notices go with the reading that made them, when an officer corrects to which passage it belongs."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db import connection

from audit.choices import Topic
from audit.services import changes_announce

# A lookout has one hit in a passage: one that stands there already keeps its place, and this one its old passage, whose
# page leads on to the new one. Nothing of either is lost.
_GO = """
UPDATE intelligence_hit h SET passage_uid = %(target)s
 WHERE h.passage_uid = %(source)s
   AND (%(whole)s OR h.id = ANY (%(only)s) OR EXISTS (
         SELECT FROM unnest(%(devices)s::bigint[], %(times)s::timestamptz[]) m(device_id, at)
          WHERE m.device_id = h.device_id AND m.at IN (h.seen_at, h.last_seen_at)))
   AND NOT EXISTS (
         SELECT FROM intelligence_hit o WHERE o.lookout_id = h.lookout_id AND o.passage_uid = %(target)s)
RETURNING h.id, h.originator_id
"""
_NOTICES = """
UPDATE intelligence_notice n SET passage_uid = %s WHERE n.hit_id = ANY (%s) RETURNING n.viewers
"""


def hits_follow(
    source: uuid.UUID,
    target: uuid.UUID,
    seen: Collection[tuple[int, dt.datetime]],
    *,
    whole: bool = False,
    only: Collection[int] = (),
) -> list[int]:
    """As the worker: give the hits of one passage to another, with their notices; returns their internal ids.

    All of them (`whole`), those named (`only`), or those that one of the readings (device and time) in `seen` made.
    """
    values: dict[str, Any] = {
        "source": source,
        "target": target,
        "whole": whole,
        "only": list(only),
        "devices": [device for device, _at in seen],
        "times": [at for _device, at in seen],
    }
    with connection.cursor() as cursor:
        cursor.execute(_GO, values)
        went = cursor.fetchall()
        if not went:
            return []
        ids = [number for number, _owner in went]
        cursor.execute(_NOTICES, [target, ids])
        told = [row[0] for row in cursor.fetchall()]
    # Each owner alone, and each notice's readers: nobody learns who else has a hit there.
    changes = [(Topic.HIT, None, None, [owner]) for owner in sorted({owner for _number, owner in went})]
    changes += [(Topic.NOTICE, None, None, list(viewers)) for viewers in told]
    changes_announce(changes)
    return ids

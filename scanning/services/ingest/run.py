"""One turn of a worker: lease what waits, write it site by site, put the deliveries away, announce it."""

import contextlib
import dataclasses
import gc
import json
import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction
from psycopg2.errors import DeadlockDetected, SerializationFailure

from agencies.facts import INGEST
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import audit_record, changes_announce
from intelligence.facts import Sighting
from intelligence.selectors.watchlist import lookouts_wanted
from intelligence.services.matching import sightings_match
from scanning.facts import MarkRead
from scanning.rules.joining import Slot
from scanning.services.ingest.alarms import conflicts_alarm, items_alarm, statuses_update
from scanning.services.ingest.facts import Item, Leased, Outcome
from scanning.services.ingest.join import items_join
from scanning.services.ingest.keys import new_items
from scanning.services.ingest.lease import MAX_ATTEMPTS, deliveries_hold, deliveries_lease, deliveries_release
from scanning.services.ingest.pictures import pictures_check, pictures_write
from scanning.services.ingest.read import Roster, deliveries_read
from scanning.services.ingest.write import batch_write

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: Bytes written in one transaction at most; beyond that a batch only holds its locks longer.
CHUNK_BYTES = 1_200_000
#: How often a chunk is tried that lost its transaction to another worker's.
DEADLOCK_TRIES = 4
#: Turns of one task; then it rings again, so that a worker can be stopped in a flood.
TURNS = 50

_LOCK = "SELECT pg_advisory_xact_lock(77001, %s)"
_LOCK_IF_FREE = "SELECT pg_try_advisory_xact_lock(77001, %s)"
_PUT_AWAY = """
UPDATE scanning_delivery d
   SET state = w.state, done_at = now(), lease_until = NULL, error_code = w.code, error_detail = w.detail,
       result = w.result::jsonb
  FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[])
       w(id, received_at, state, code, detail, result)
 WHERE d.id = w.id AND d.received_at = w.received_at AND d.state = 'waiting'
"""


def deliveries_process(turns: int = TURNS) -> int:
    """Process what waits; returns the number of deliveries. The caller acts as INGEST, outside a transaction."""
    done = 0
    for _ in range(turns):
        taken = 0
        for again in (False, True):
            with transaction.atomic():
                leased = deliveries_lease(again=again)
            with _collector_at_rest():
                _chunks_process(_chunks(leased))
            taken += len(leased)
        if not taken:
            break
        done += taken
    return done


@contextlib.contextmanager
def _collector_at_rest() -> Iterator[None]:
    """A batch makes a hundred thousand objects without a circle among them; looking for circles costs a tenth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _chunks(leased: list[Leased]) -> Iterable[list[Leased]]:
    """Chunks of one site each, small enough for one transaction."""
    by_site: dict[int | None, list[Leased]] = defaultdict(list)
    for delivery in leased:
        by_site[delivery.site_id].append(delivery)
    for deliveries in by_site.values():
        chunk: list[Leased] = []
        size = 0
        for delivery in deliveries:
            if chunk and size + len(delivery.body) > CHUNK_BYTES:
                yield chunk
                chunk, size = [], 0
            chunk.append(delivery)
            size += len(delivery.body)
        yield chunk


def _chunks_process(chunks: Iterable[list[Leased]]) -> None:
    """Process chunks in their order; one whose site another worker writes to just now comes later.

    So two workers write to two sites at once instead of following each other from site to site. When a site
    is still busy at the second look, we wait for it.
    """
    busy: list[Decoded] = []
    for chunk in chunks:
        if len(chunk) == 1 and chunk[0].attempts > MAX_ATTEMPTS:
            _failed(chunk[0], TimeoutError())  # it never came to an end, not even to an error
            continue
        decoded = _guarded(chunk, partial(_chunk_decode, chunk))
        if decoded and _guarded(chunk, partial(_chunk_write, decoded, patient=False)) is False:
            busy.append(decoded)
    for decoded in busy:
        _guarded(decoded.chunk, partial(_chunk_write, decoded, patient=True))


def _guarded(chunk: list[Leased], work: Callable[[], T], tries: int = DEADLOCK_TRIES) -> T | None:
    """Do the work with a chunk; when that fails, with each delivery alone, so that one cannot cost the others.

    Whoever is chosen to give way in a deadlock has lost nothing but its transaction, and begins again at once.
    """
    try:
        return work()
    except (OperationalError, InterfaceError) as error:
        if tries > 1 and isinstance(error.__cause__, DeadlockDetected | SerializationFailure):
            logger.warning("deadlock: %d deliveries are written again", len(chunk))
            _guarded(chunk, partial(_chunk_again, chunk), tries - 1)
            return None
        raise  # the database is away: nobody's fault here, and the leases end by themselves
    except Exception as error:
        logger.exception("chunk of %d deliveries failed", len(chunk))
        if len(chunk) == 1:
            _failed(chunk[0], error)
        else:
            for delivery in chunk:
                _guarded([delivery], partial(_chunk_again, [delivery]))
    return None


def _chunk_again(chunk: list[Leased]) -> None:
    """Read and write anew: what was read before bears the marks of a writing that was undone."""
    _chunk_write(_chunk_decode(chunk), patient=True)


def _failed(delivery: Leased, error: Exception) -> None:
    with transaction.atomic():
        if delivery.attempts < MAX_ATTEMPTS:
            deliveries_release([delivery])
            return
        outcome = Outcome(delivery, error_code="processing_failed", error_detail=type(error).__name__)
        _put_away([outcome])


@dataclasses.dataclass(frozen=True, slots=True)
class Decoded:
    """A chunk that has been read, before anything is locked: reading takes as long as writing."""

    chunk: list[Leased]
    roster: Roster
    items: list[Item]
    outcomes: list[Outcome]

    def only(self, waiting: list[Leased]) -> "Decoded":
        """What is still to be done, when another worker has finished some of it meanwhile."""
        if len(waiting) == len(self.chunk):
            return self
        left = {delivery.id for delivery in waiting}
        return Decoded(
            waiting,
            self.roster,
            [item for item in self.items if item.delivery.id in left],
            [outcome for outcome in self.outcomes if outcome.delivery.id in left],
        )

    @property
    def sites(self) -> list[int]:
        """The sites that it writes to, in the one order in which all workers lock them."""
        return sorted({item.device.site_id for item in self.items})


def _chunk_decode(chunk: list[Leased]) -> Decoded:
    with transaction.atomic():  # the walls open only within a transaction
        roster = Roster()
    items, outcomes = deliveries_read(chunk, roster)
    pictures_check(outcomes)
    return Decoded(chunk, roster, items, outcomes)


def _chunk_write(decoded: Decoded, *, patient: bool) -> bool:
    """Write the chunk; False, and nothing written, when a site is busy and we are not patient."""
    with transaction.atomic():
        waiting = deliveries_hold(decoded.chunk)
        if not waiting:
            return True
        decoded = decoded.only(waiting)
        if not _sites_lock(decoded.sites, patient=patient):
            return False
        with connection.cursor() as cursor:
            # The bytes are safe in the inbox. A crash right after this commit loses the effects together with
            # "done", and they are made again: no need to wait for the disk.
            cursor.execute("SET LOCAL synchronous_commit = off")
        _decoded_write(decoded)
    return True


def site_lock(site: int) -> None:
    """Until the end of the transaction nobody else joins events, or moves them, at this site."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [site])


def _sites_lock(sites: list[int], *, patient: bool) -> bool:
    with connection.cursor() as cursor:
        for site in sites:  # one order for all workers: no two wait for each other
            cursor.execute(_LOCK if patient else _LOCK_IF_FREE, [site])
            if not patient and not cursor.fetchone()[0]:
                return False
    return True


def _decoded_write(decoded: Decoded) -> None:
    roster, outcomes = decoded.roster, decoded.outcomes
    by_id = {outcome.delivery.id: outcome for outcome in outcomes}
    changes: set[tuple[Topic, int]] = set()
    fresh = new_items(decoded.items, by_id)
    fresh_by_site: dict[int, list[Item]] = defaultdict(list)
    for item in fresh:
        fresh_by_site[item.device.site_id].append(item)
    slots = [
        slot
        for site_items in fresh_by_site.values()
        for slot in items_join(site_items, roster.by_lane, roster.posts)
    ]
    if fresh:
        changes |= _fresh_write(fresh, slots)
    pictures_write(fresh, by_id)
    changes |= {(Topic.ALARM, device) for device in conflicts_alarm(outcomes, roster.by_id)}
    for item in fresh:
        by_id[item.delivery.id].events += 1
    _put_away(outcomes)
    lanes = {card.id: card.lane_id for card in roster.by_id.values()}
    changes_announce([(topic, device, lanes.get(device), None) for topic, device in sorted(changes)])


def _fresh_write(items: list[Item], slots: list[Slot]) -> set[tuple[Topic, int]]:
    batch_write(items, slots)
    changes = {(Topic.PASSAGE, item.device.id) for item in items if item.slot is not None}
    changes |= {(Topic.ALARM, device) for device in items_alarm(items)}
    changes |= {(Topic.DEVICE, device) for device in statuses_update(items)}
    _match(items)
    return changes


def _match(items: list[Item]) -> None:
    """Hand each reading of a mark that somebody looks for to intelligence."""
    wanted = {lookout.mark_folded for lookout in lookouts_wanted(_folded_marks(items))}
    if not wanted:
        return
    sightings_match(
        [
            _sighting(item, item.slot.uid, mark)
            for item in items
            for mark in item.observation.marks
            if item.slot is not None and mark.folded in wanted
        ]
    )


def _folded_marks(items: list[Item]) -> set[str]:
    return {mark.folded for item in items for mark in item.observation.marks}


def _sighting(item: Item, passage_uid: str, mark: MarkRead) -> Sighting:
    return Sighting(
        mark_raw=mark.raw[:40],
        mark_norm=mark.norm,
        mark_folded=mark.folded,
        country=mark.country,
        confidence=mark.confidence,
        passage_uid=uuid.UUID(passage_uid),
        device_id=item.device.id,
        lane_id=item.device.lane_id,
        place=item.device.place,
        seen_at=item.event_at,
        is_late=item.is_late,
        seen_by=item.device.seen_by,
    )


def _put_away(outcomes: list[Outcome]) -> None:
    """Mark the deliveries done, or set them aside, in the transaction of their effects."""
    if not outcomes:
        return
    rows = [
        (
            outcome.delivery.id,
            outcome.delivery.received_at,
            "quarantined" if outcome.is_quarantined else "done",
            outcome.error_code[:40] if outcome.is_quarantined else "",
            outcome.error_detail[:500] if outcome.is_quarantined else "",
            json.dumps(outcome.result()),
        )
        for outcome in outcomes
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PUT_AWAY, [list(column) for column in zip(*rows, strict=True)])
    for outcome in outcomes:
        if outcome.is_quarantined:
            audit_record(
                acting_party=INGEST,
                action=AuditAction.DELIVERY_QUARANTINE,
                object_type="delivery",
                object_uids=[outcome.delivery.receipt],
                agency_group=outcome.delivery.agency_group_id,
                detail={"code": outcome.error_code},
            )
    changes_announce(
        [
            (Topic.DELIVERY, None, None, [outcome.delivery.agency_group_id])
            for outcome in outcomes
            if outcome.is_quarantined
        ]
    )

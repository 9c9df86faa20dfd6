"""A million passages of four parts each, and the hits among them: written set by set, by the database's owner."""

import dataclasses
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection, transaction

from agencies.acting import acting_as
from agencies.choices import AccountKind
from agencies.facts import OWNER
from agencies.grants import view_permission
from agencies.models import Agency, Compartment, ServiceAccount
from jocc.bench.equipment import AGENCIES
from jocc.bench.report import Screen
from scanning.choices import DeviceKind
from scanning.models import Device, DeviceGrant, Lane, Site

PASSAGES = 1_000_000
DEVICES = 300
PER_LANE = 4
#: Devices and hits of a reader who was let in to little.
SPARSE_DEVICES = 5
SPARSE_HITS = 20
HITS = 12_000
_CHUNK = 100_000
_KINDS = (DeviceKind.ANPR, DeviceKind.ANPR, DeviceKind.RADIATION, DeviceKind.HEARTBEAT)

# A year's lorries, one every 31 seconds, over lanes by chance; one test in a hundred is not clear.
_LORRIES = """
CREATE TEMP TABLE lorry ON COMMIT DROP AS
SELECT n AS id, gen_random_uuid() AS uid, l.site_id, l.id AS lane_id,
       now() - (%(all)s - (n - %(first)s)) * interval '31 seconds' AS at
  FROM generate_series(%(first)s + %(from)s, %(first)s + %(to)s - 1) n
  JOIN unnest(%(lanes)s::bigint[], %(sites)s::bigint[]) WITH ORDINALITY l(id, site_id, place)
    ON l.place = 1 + abs(hashint8(n)) %% %(lane_count)s
"""
_PASSAGES = """
INSERT INTO scanning_passage (id, uid, site_id, first_at, last_at)
SELECT id, uid, site_id, at, at + interval '24 seconds' FROM lorry ORDER BY id
"""
_PARTS = """
INSERT INTO scanning_passagepart (passage_id, device_id, lane_id, first_at, last_at, result, events)
SELECT p.id, d.id, d.lane_id, p.at + d.step * interval '8 seconds', p.at + d.step * interval '8 seconds',
       CASE WHEN abs(hashint8(p.id * 4 + d.step)) %% 100 = 0 THEN 'suspect' ELSE 'clear' END, 1
  FROM lorry p JOIN unnest(%(devices)s::bigint[], %(device_lanes)s::bigint[], %(steps)s::int[]) d(id, lane_id, step)
    ON d.lane_id = p.lane_id
 ORDER BY p.id, d.step
"""
_MARKS = """
INSERT INTO scanning_passagemark (passage_id, device_id, site_id, kind, raw, norm, folded, country, confidence,
                                  first_at, last_at)
SELECT p.id, d.id, p.site_id, k.kind, k.mark, k.mark, k.mark, 'FR', 0.9, p.at, p.at
  FROM lorry p JOIN unnest(%(devices)s::bigint[], %(device_lanes)s::bigint[], %(steps)s::int[]) d(id, lane_id, step)
    ON d.lane_id = p.lane_id AND d.step < 2
 CROSS JOIN LATERAL (SELECT CASE d.step WHEN 0 THEN 'tractor' ELSE 'trailer' END AS kind,
    upper(translate(substr(md5((p.id * 2 + d.step)::text), 1, 7), 'abcdef', 'KLMNPR')) AS mark) k
 ORDER BY p.id, d.step
"""
_LOOKOUT = """
INSERT INTO intelligence_lookout (uid, originator_id, classification, created_at, reference, kind, mark_raw,
    mark_norm, mark_folded, country, action_code, mode, notified_group_ids, priority, reason, instruction, state,
    review_due, withdrawn_reason)
VALUES (gen_random_uuid(), %s, 0, now(), 'BENCH-PAGES', 'plate', 'PAGES', 'PAGES', 'PAGES', '', 'observe', 'silent',
        '{}', 'medium', 'Invented for the benchmark.', '', 'active', current_date + 90, '')
RETURNING id
"""
_HITS = """
INSERT INTO intelligence_hit (uid, originator_id, classification, created_at, reference, lookout_id, state, priority,
    mark_seen, mark_sought, country_seen, mark_confidence, strength, passage_uid, place, seen_at, last_seen_at,
    sightings, is_late, by_check, reject_reason, outcome)
SELECT gen_random_uuid(), %(group)s, 0, w.last_at, 'BENCH-' || w.id, %(lookout)s, 'match', 'medium',
       'PAGES', 'PAGES', '', 0.9, 'exact', w.uid, 'BENCH', w.first_at, w.last_at, 1, true, false, '', ''
  FROM scanning_passage w WHERE w.id >= %(first)s AND w.id %% %(every)s = %(rest)s
 ORDER BY w.id
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Audience:
    """A group of readers of one agency, and how much of the traffic it sees."""

    agency: str
    is_dense: bool
    group_id: int


def million_make(screen: Screen) -> list[Audience]:
    """Write devices, passages and hits; returns the readers: for each agency one who sees much and one who sees little."""
    with acting_as(OWNER), transaction.atomic():
        audiences = _audiences()
        devices = _devices(audiences)
    first = _passages(devices, screen)
    with acting_as(OWNER), transaction.atomic():
        _hits(audiences, first)
    screen.say("  counting rows and pages for the planner …")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return audiences


def _audiences() -> list[Audience]:
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    found = [Audience(code, True, agencies[code].group_id) for code in AGENCIES]
    for code in AGENCIES:
        group = Group.objects.create(name=f"bench:{code}")
        Compartment.objects.create(name=f"bench:{code}", agency=agencies[code], group=group)
        found.append(Audience(code, False, group.pk))
    return found


def _devices(audiences: list[Audience]) -> list[Device]:
    """Each agency sees half of the lanes or more; each of the others five devices, spread over the port."""
    agency = Agency.objects.get(code="CCIC")
    account = ServiceAccount.objects.create(
        agency=agency, name="bench-pages", kind=AccountKind.GATEWAY, scopes=[]
    )
    sites = list(Site.objects.order_by("order"))
    lanes = Lane.objects.bulk_create(
        Lane(
            originator_id=agency.group_id,
            site=sites[n % len(sites)],
            code=f"PAGES-{n}",
            name_en="",
            name_fr="",
        )
        for n in range(DEVICES // PER_LANE)
    )
    devices = Device.objects.bulk_create(
        Device(
            originator_id=agency.group_id,
            code=f"PAGES-{n}",
            name_en="",
            name_fr="",
            kind=_KINDS[n % PER_LANE],
            site_id=lanes[n // PER_LANE].site_id,
            lane=lanes[n // PER_LANE],
            account=account,
            order=n % PER_LANE,
        )
        for n in range(DEVICES)
    )
    permission = view_permission(DeviceGrant)
    DeviceGrant.objects.bulk_create(
        DeviceGrant(group_id=audience.group_id, permission=permission, content_object=device)
        for place, audience in enumerate(audiences)
        if audience.group_id != agency.group_id
        for n, device in enumerate(devices)
        if _sees(audience, place, n)
    )
    return devices


def _sees(audience: Audience, place: int, device: int) -> bool:
    if audience.is_dense:  # every other lane whole, of the others some devices
        return (device // PER_LANE + place) % 2 == 0 or device % 3 == 0
    return device % (DEVICES // SPARSE_DEVICES) == place


def _passages(devices: list[Device], screen: Screen) -> int:
    """Write all passages, a hundred thousand in each transaction; returns the first one's number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence('scanning_passage', 'id')")
        sequence = cursor.fetchone()[0]
        cursor.execute("SELECT nextval(%s)", [sequence])
        first = int(cursor.fetchone()[0])
        cursor.execute("SELECT setval(%s, %s)", [sequence, first + PASSAGES])
    places = {device.lane_id: device.site_id for device in devices}
    values: dict[str, Any] = {
        "first": first,
        "all": PASSAGES,
        "lanes": list(places),
        "sites": list(places.values()),
        "lane_count": len(places),
        "devices": [device.pk for device in devices],
        "device_lanes": [device.lane_id for device in devices],
        "steps": [device.order for device in devices],
    }
    for begin in range(0, PASSAGES, _CHUNK):
        with acting_as(OWNER), transaction.atomic(), connection.cursor() as cursor:
            for statement in (_LORRIES, _PASSAGES, _PARTS, _MARKS):
                cursor.execute(statement, values | {"from": begin, "to": begin + _CHUNK})
        screen.say(f"  {begin + _CHUNK:,} of {PASSAGES:,} passages")
    return first


def _hits(audiences: list[Audience], first: int) -> None:
    """Three agencies share most of the hits; the port operator has no right to any."""
    owners = [audience for audience in audiences if audience.agency != "CCIC"]
    dense = sum(audience.is_dense for audience in owners)
    for place, audience in enumerate(owners):
        wanted = HITS // dense if audience.is_dense else SPARSE_HITS
        with connection.cursor() as cursor:
            cursor.execute(_LOOKOUT, [audience.group_id])
            lookout = cursor.fetchone()[0]
            cursor.execute(
                _HITS,
                {
                    "group": audience.group_id,
                    "lookout": lookout,
                    "first": first,
                    "every": PASSAGES // wanted,
                    "rest": place,
                },
            )

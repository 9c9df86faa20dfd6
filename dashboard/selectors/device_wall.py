"""The device wall: how every visible device of a site does, one tile each, in the port's order."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.facts import Principal
from agencies.selectors import agencies_all
from dashboard.facts.board import Choice
from dashboard.facts.device_wall import DeviceTile, DeviceWall, StateCount, TileGroup
from dashboard.markup import digest
from dashboard.selectors.device_states import TROUBLE, outages_now, state_of
from dashboard.selectors.fresh import Fresh, audience, board_seconds, plots_seconds
from dashboard.selectors.lanes import device_note
from dashboard.selectors.lines import lane_short
from dashboard.selectors.places import equipment_now
from dashboard.words import DEVICE_STATES, OUTAGE_STATES, SENSOR_NAMES, SENSOR_SHORT
from scanning.models import PassagePart
from scanning.selectors.devices import device_states
from scanning.selectors.outages import OutageNow
from scanning.selectors.seen import DeviceState, Equipment, SiteSeen

#: In the order of the counts.
STATES = (*TROUBLE, "planned", "off", "unknown", "working")
GROUPINGS = ("lane", "technique", "agency")
_HOUR = dt.timedelta(hours=1)

_tiles: Fresh[tuple[DeviceTile, ...]] = Fresh(board_seconds)
_hours: Fresh[dict[int, int]] = Fresh(plots_seconds, about=())


@dataclasses.dataclass(frozen=True, slots=True)
class WallWish:
    """How to group, which states to show ("": all, "trouble": those that want somebody), and on what screen."""

    by: str = "lane"
    state: str = ""
    large: bool = False

    def query(self, **other: object) -> str:
        """The address's query of this wish with something else about it; the usual is left out."""
        wish = dataclasses.replace(self, **other)  # type: ignore[arg-type]
        named = {
            "by": wish.by if wish.by != GROUPINGS[0] else "",
            "state": wish.state,
            "wall": "1" if wish.large else "",
        }
        text = urlencode({name: value for name, value in named.items() if value})
        return f"?{text}" if text else ""


def device_wall(principal: Principal, site: SiteSeen | None, wish: WallWish) -> DeviceWall:
    """The wall of the site, at most a second old; what it counts in an hour, a minute."""
    tiles: tuple[DeviceTile, ...] = ()
    if site is not None:
        tiles = _tiles.get((audience(principal), site.code), lambda: _tiles_of(principal, site))
    wanted = (wish.state,) if wish.state in STATES else TROUBLE if wish.state else STATES
    groups = tuple(_groups(principal, [tile for tile in tiles if tile.state in wanted], wish.by))
    counts = _counts(tiles, wish)
    counted = digest(counts, wish)
    return DeviceWall(
        groups=groups,
        counts=counts,
        groupings=_groupings(wish),
        as_of=digest(counted, [(group.id, group.version) for group in groups]),
        by=wish.by,
        total=len(tiles),
        query=wish.query(),
        other=wish.query(large=not wish.large),
        version=counted,
    )


def _tiles_of(principal: Principal, site: SiteSeen) -> tuple[DeviceTile, ...]:
    equipment, now = equipment_now(principal), timezone.now()
    outages = outages_now(principal)
    seen = _hours.get((audience(principal), site.code), lambda: _seen_within(principal, now - _HOUR))
    prefix = _prefix(equipment, site)
    return tuple(
        _tile(state, equipment, outages.get(state.device.id), seen.get(state.device.id, 0), prefix)
        for state in device_states(principal)
        if state.device.site_id == site.id
    )


def _seen_within(principal: Principal, since: dt.datetime) -> dict[int, int]:
    """How many vehicles each visible device has seen since then."""
    parts = PassagePart.objects.visible_to(principal).filter(last_at__gt=since).order_by()
    return dict(parts.values_list("device_id").annotate(count=Count("*")))


def _tile(
    state: DeviceState, equipment: Equipment, outage: OutageNow | None, seen: int, prefix: str
) -> DeviceTile:
    device, lane = state.device, equipment.lane(state.device.lane_id)
    shown = state_of(state, outage)
    prefix = prefix if device.code.startswith(prefix) else ""
    by_device = shown in {"fault", "silent"}
    tile = DeviceTile(
        id=str(device.uid),
        code=device.code.removeprefix(prefix),
        prefix=prefix,
        kind=device.kind,
        short=str(SENSOR_SHORT[device.kind]),
        name=device.name,
        lane=lane.code if lane else "",
        owner=device.owner,
        state=shown,
        note=_note(state, shown),
        since=state.since if by_device else outage.begins_at if outage and shown in OUTAGE_STATES else None,
        until=outage.until if outage else None,
        last_event=state.last_event_at,
        hour=seen,
        alarms=state.open_alarms,
        outage=reverse("outage-detail", args=[outage.uid]) if outage else "",
    )
    return dataclasses.replace(tile, version=digest(tile))


def _prefix(equipment: Equipment, site: SiteSeen) -> str:
    """What all lanes of the site begin with, and its devices too: nobody at the site says it."""
    lanes = [lane.code for lane in equipment.lanes.values() if lane.site_id == site.id]
    starts = {code.removesuffix(lane_short(code)) for code in lanes}
    return starts.pop() if len(starts) == 1 else ""


def _note(state: DeviceState, shown: str) -> str:
    if shown == "planned" and state.state == "fault":
        return state.note
    return device_note(state) if shown == "fault" else ""


def _groups(principal: Principal, tiles: Iterable[DeviceTile], by: str) -> Iterable[TileGroup]:
    """The tiles in their groups. Both keep their places, whatever happens: who looks up finds each where it was."""
    sorted_out: dict[str, list[DeviceTile]] = {}
    for tile in tiles:
        sorted_out.setdefault(_key(tile, by), []).append(tile)
    names = _names(principal, by)
    order = {key: number for number, key in enumerate(names)}
    for key in sorted(sorted_out, key=lambda key: order.get(key, len(order))):
        title, words = names.get(key, ("–", _no_group(by)))
        found = tuple(sorted_out[key])
        group = TileGroup(
            id=f"{by}-{key or 'none'}",
            title=title,
            words=words,
            tiles=found,
            troubled=sum(tile.state in TROUBLE for tile in found),
        )
        yield dataclasses.replace(group, version=digest(group))


def _key(tile: DeviceTile, by: str) -> str:
    return {"technique": tile.kind, "agency": tile.owner}.get(by, tile.lane)


def _names(principal: Principal, by: str) -> dict[str, tuple[str, str]]:
    """Title and words of each group, in the order in which they stand."""
    if by == "technique":
        return {kind: (str(short), str(SENSOR_NAMES[kind])) for kind, short in SENSOR_SHORT.items()}
    if by == "agency":
        return {agency.code: (agency.code, agency.name) for agency in agencies_all()}
    return {lane.code: (lane_short(lane.code), lane.name) for lane in equipment_now(principal).lanes.values()}


def _no_group(by: str) -> str:
    """Where what is in no lane stands, or what belongs to a compartment; a technique every device has."""
    return _("In a compartment") if by == "agency" else _("In no lane")


def _counts(tiles: Iterable[DeviceTile], wish: WallWish) -> tuple[StateCount, ...]:
    """Everything is counted, whatever the filter shows; a state that no device is in is not offered."""
    counted = Counter(tile.state for tile in tiles)
    offers = [
        ("", pgettext("devices", "all"), counted.total()),
        ("trouble", _("need attention"), sum(counted[state] for state in TROUBLE)),
        *(
            (state, str(DEVICE_STATES[state]), counted[state])
            for state in STATES
            if counted[state] or state == wish.state
        ),
    ]
    return tuple(
        StateCount(state, word, count, wish.query(state=state) or "?", state == wish.state)
        for state, word, count in offers
    )


def _groupings(wish: WallWish) -> tuple[Choice, ...]:
    words = {"lane": _("lane"), "technique": _("technique"), "agency": pgettext("an agency", "agency")}
    return tuple(Choice(wish.query(by=by) or "?", word, by == wish.by) for by, word in words.items())

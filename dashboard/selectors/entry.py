"""The page of entries by hand: lanes to work in, what can be entered there, and the vehicles just seen."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import cast

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.access import NotVisible
from agencies.facts import Principal
from agencies.paging import Turn
from dashboard.facts.entries import EntryKind, EntryLane, EntryPage, EntryReceipt, EntryVehicle
from dashboard.facts.passages import MarkCell
from dashboard.selectors.lines import lane_short, marks_of
from dashboard.selectors.places import equipment_now, site_of_work
from dashboard.words import RESULTS
from scanning.choices import DeliveryState, DeviceKind
from scanning.models import ScanEvent
from scanning.selectors.hand import HAND_KINDS, hand_device, hand_devices
from scanning.selectors.passages import PassageFilter, passage_seen, passages_page, passages_seen
from scanning.selectors.receipts import delivery_seen
from scanning.selectors.seen import DeliverySeen, PassageSeen
from scanning.services.entries import HandMark

KIND_WORDS = {
    DeviceKind.DOG.value: (_("Dog team"), _("indication, and where")),
    DeviceKind.CO2.value: (_("CO₂ probe"), _("reading in ppm")),
    DeviceKind.SEARCH.value: (pgettext_lazy("by hand", "Search"), _("outcome and finding")),
    DeviceKind.KEYBOARD.value: (_("Plate"), _("typed in by hand")),
}
STATE_WORDS = {
    DeliveryState.WAITING.value: _("Kept; being joined to its vehicle"),
    DeliveryState.DONE.value: _("Kept, and joined to its vehicle"),
    DeliveryState.QUARANTINED.value: _("Kept, but it could not be read: tell your supervisor"),
}
#: Vehicles seen so recently are offered.
_RECENT = dt.timedelta(minutes=30)
#: A vehicle whose marks nobody read can be told only while it stands in the lane (joining's IN_LANE, less a margin).
UNMARKED_FOR = dt.timedelta(minutes=2)
_VEHICLES = 5


class VehicleUnknown(Exception):
    """The vehicle chosen cannot be told any more: it has no mark and has left the lane, or is out of sight."""


@dataclasses.dataclass(frozen=True, slots=True)
class EntryWish:
    """Where the officer works and what is to be entered; `passage` is the vehicle chosen elsewhere."""

    site: str = ""
    lane: str = ""
    kind: str = ""
    passage: uuid.UUID | None = None


def entry_page(principal: Principal, wish: EntryWish, receipt: EntryReceipt | None = None) -> EntryPage:
    """What can be entered where; a lane or kind that there is not for this officer is none."""
    passage = _passage(principal, wish.passage)
    site = site_of_work(principal, wish.site)
    devices = list(hand_devices(principal))
    wanted = wish.lane or _lane_code(principal, passage)
    there = [(device, device.lane) for device in devices if device.lane is not None]
    here = {lane.code: lane for device, lane in there if site is None or device.site_id == site.id}
    away = {lane.code: lane for _device, lane in there if lane.code == wanted}
    lanes = tuple(EntryLane(lane.code, lane.name, lane.code == wanted) for lane in (here | away).values())
    lane = next((lane for lane in lanes if lane.current), None)
    kinds = tuple(_kinds(principal, lane.code)) if lane else ()
    kind = next((kind for kind in kinds if kind.kind == wish.kind), None)
    vehicles: tuple[EntryVehicle, ...] = ()
    if lane and kind and kind.kind != DeviceKind.KEYBOARD:
        vehicles = tuple(_vehicles(principal, lane.code, passage))
    return EntryPage(
        lanes=lanes,
        lane=lane,
        kinds=kinds,
        kind=kind,
        vehicles=vehicles,
        passage=str(passage.uid) if passage else "",
        receipt=receipt,
    )


def _kinds(principal: Principal, lane_code: str) -> list[EntryKind]:
    found = []
    for kind in HAND_KINDS:
        device = hand_device(principal, lane_code, kind)
        if device is not None:
            word, hint = KIND_WORDS[kind]
            found.append(EntryKind(kind, str(word), str(hint), device.code))
    return found


def _vehicles(principal: Principal, lane_code: str, chosen: PassageSeen | None) -> list[EntryVehicle]:
    """The vehicle the officer came with, chosen already, then those last seen in the lane, newest first.

    Without such a vehicle none is chosen: the newest in the lane need not be the one that was looked at.
    """
    now = timezone.now()
    wanted = PassageFilter(lane=lane_code, since=now - _RECENT)
    seen: Sequence[PassageSeen] = passages_page(principal, Turn(_VEHICLES), wanted).rows
    seen = [
        *([chosen] if chosen else []),
        *(each for each in seen if chosen is None or each.uid != chosen.uid),
    ]
    vehicles: list[EntryVehicle] = []
    for passage in seen:
        cells = marks_of(passage, equipment_now(principal))
        if cells or now - passage.last_at < UNMARKED_FOR:
            is_chosen = chosen is not None and passage.uid == chosen.uid
            vehicles.append(
                EntryVehicle(str(passage.uid), passage.last_at, _telling(cells), current=is_chosen)
            )
    return vehicles


def _telling(cells: tuple[MarkCell, ...]) -> tuple[MarkCell, ...]:
    return cells[:2]


def vehicle_marks(principal: Principal, passage_uid: uuid.UUID) -> tuple[HandMark, ...]:
    """The mark by which the entry finds the vehicle chosen; none for one that still stands in the lane unread.

    Raises VehicleUnknown.
    """
    passage = _passage(principal, passage_uid)
    if passage is None:
        raise VehicleUnknown
    cells = marks_of(passage, equipment_now(principal))
    if cells:
        best = min(cells, key=lambda cell: cell.doubtful)
        return (HandMark(value=best.value, kind=best.kind, country=best.country),)
    if timezone.now() - passage.last_at > UNMARKED_FOR:
        raise VehicleUnknown
    return ()


def entry_receipt(principal: Principal, receipt: uuid.UUID | str) -> EntryReceipt:
    """What became of an entry so far; NotVisible when it is none of the own agency's."""
    delivery = delivery_seen(principal, receipt)
    equipment = equipment_now(principal)
    device = equipment.devices.get(delivery.device_id or 0)
    if device is None or device.kind not in KIND_WORDS:
        raise NotVisible("delivery")
    lane = equipment.lane(device.lane_id)
    event = _event(principal, delivery)
    return EntryReceipt(
        receipt=str(delivery.receipt),
        at=delivery.received_at,
        word=str(KIND_WORDS[device.kind][0]),
        result=str(RESULTS.get(event.result, "")) if event else "",
        lane=lane_short(lane.code) if lane else "",
        state=delivery.state,
        state_word=str(STATE_WORDS.get(delivery.state, delivery.state)),
        url=reverse("entry-receipt", args=[delivery.receipt]),
        passage_url=_passage_url(principal, event),
    )


def _event(principal: Principal, delivery: DeliverySeen) -> ScanEvent | None:
    return (
        ScanEvent.objects.visible_to(principal)
        .filter(
            device_id=cast(int, delivery.device_id),
            delivery_id=delivery.id,
            received_at=delivery.received_at,
            # Only for the index: its time is that of the entry, put back at most by the device's clock.
            event_at__range=(delivery.received_at - dt.timedelta(hours=1), delivery.received_at),
        )
        .first()
    )


def _passage_url(principal: Principal, event: ScanEvent | None) -> str:
    if event is None or event.passage_id is None:
        return ""
    found = passages_seen(principal, [event.passage_id]).get(event.passage_id)
    return reverse("passage-detail", args=[found.uid]) if found else ""


def _passage(principal: Principal, uid: uuid.UUID | None) -> PassageSeen | None:
    if uid is None:
        return None
    try:
        return passage_seen(principal, uid)
    except NotVisible:
        return None


def _lane_code(principal: Principal, passage: PassageSeen | None) -> str:
    lane = equipment_now(principal).lane(passage.lane_id) if passage else None
    return lane.code if lane else ""

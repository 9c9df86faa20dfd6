"""One passage on one line: marks, sensors in fixed order, what was decided, and the sign of a hit or notice."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashboard.facts.passages import Decision, MarkCell, PassageLine, SensorCell, SensorColumn
from dashboard.markup import digest
from dashboard.selectors.flags import Flag
from dashboard.selectors.marks import mark_cells
from dashboard.words import SENSOR_NAMES, SENSOR_ORDER, SENSOR_SHORT
from scanning.choices import DeviceKind, Result
from scanning.selectors.seen import Equipment, PassageSeen

#: Of several devices of one kind, the one whose result says most is shown.
WEIGHT = {
    Result.SUSPECT.value: 5,
    Result.FAULT.value: 4,
    Result.INDETERMINATE.value: 3,
    Result.NOT_PERFORMED.value: 2,
    Result.CLEAR.value: 1,
    "none": 0,
}
_UNFLAGGED = Flag("quiet", "")


def columns_of(equipment: Equipment, site_id: int | None) -> tuple[SensorColumn, ...]:
    """The columns of results for one site (None: all sites): the kinds that the reader has there, in fixed order."""
    present = {device.kind for device in equipment.devices.values() if site_id in {None, device.site_id}}
    return tuple(
        SensorColumn(kind, str(SENSOR_SHORT[kind]), str(SENSOR_NAMES[kind]))
        for kind in SENSOR_ORDER
        if kind in present
    )


def line_of(
    passage: PassageSeen,
    *,
    at: dt.datetime,
    equipment: Equipment,
    columns: Sequence[SensorColumn],
    flag: Flag | None = None,
) -> PassageLine:
    """The line of one passage, shown under the time `at`."""
    results = _results(passage, equipment)
    cells = tuple(_cell(column, results.get(column.kind)) for column in columns)
    marks = marks_of(passage, equipment)
    decision = decision_of({kind: result for kind, (result, _at) in results.items()})
    flag = flag or _UNFLAGGED
    tone = flag.tone if flag.tone != "quiet" else (decision.tone if decision else "quiet")
    lane = equipment.lane(passage.lane_id)
    shown = (
        [
            (cell.value, cell.kind, cell.country, cell.doubtful, cell.by_hand, cell.confidence)
            for cell in marks
        ],
        [(cell.kind, cell.result) for cell in cells],
        decision.code if decision else "",
        lane.code if lane else "",
        (flag.tone, flag.word, at.timestamp()),
    )
    return PassageLine(
        id=str(passage.uid),
        at=at,
        lane_code=lane_short(lane.code) if lane else "",
        lane_name=f"{lane.name} ({lane.code})" if lane else "",
        marks=marks,
        sensors=cells,
        decision=decision,
        tone=tone,
        flag=flag.word,
        version=digest(shown),
    )


def marks_of(passage: PassageSeen, equipment: Equipment) -> tuple[MarkCell, ...]:
    """What the plates of the vehicle say."""
    readers = {mark.device_id for mark in passage.marks}
    keyboards = {
        number
        for number in readers
        if number in equipment.devices and equipment.devices[number].kind == DeviceKind.KEYBOARD
    }
    return mark_cells(passage.marks, keyboards)


def decision_of(results: dict[str, str]) -> Decision | None:
    """What follows from the results by kind of device; an officer decides, so this only says what stands open."""
    search = results.get(DeviceKind.SEARCH)
    if search == Result.SUSPECT:
        return Decision("finding", _("finding"), "medium")
    if search in {Result.CLEAR, Result.INDETERMINATE}:
        return Decision("searched", _("searched"))
    if search is not None:
        return Decision("search", _("search not done"), "medium")
    if Result.SUSPECT in results.values():
        return Decision("search", pgettext("decision on a vehicle", "not searched"), "medium")
    return None


def worst(results: Iterable[str]) -> str:
    """The result that says most; "none" when nobody looked."""
    return max(results, key=lambda result: WEIGHT.get(result, 0), default="none")


def lane_short(code: str) -> str:
    """What officers at the site call the lane: `L3` of `CAL-L3`."""
    return code.rpartition("-")[2]


def _results(passage: PassageSeen, equipment: Equipment) -> dict[str, tuple[str, dt.datetime]]:
    """By kind of device the result that says most, and when."""
    results: dict[str, tuple[str, dt.datetime]] = {}
    for part in passage.parts:
        device = equipment.devices.get(part.device_id)
        if device is None or device.kind not in SENSOR_ORDER:
            continue
        known = results.get(device.kind)
        if known is None or WEIGHT.get(part.result, 0) >= WEIGHT.get(known[0], 0):
            results[device.kind] = (part.result, part.last_at)
    return results


def _cell(column: SensorColumn, found: tuple[str, dt.datetime] | None) -> SensorCell:
    if found is None:
        return SensorCell(column.kind, column.name)
    return SensorCell(column.kind, column.name, found[0], found[1])

"""What each kind of device measures: fields, units and what is plausible. Used by hand entry and by decoding.

Ranges are wide on purpose: they catch a slipped decimal point or a broken sensor, not an unusual lorry.
Sources: the centre's own notes on each technique (CO₂ against ambient and threshold; four vibration sensors
of the heartbeat detector; millimetre wave for soft-sided bodies only; radiation counts per detector class).
No public wire format exists for these devices, so the field names are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scanning.choices import DeviceKind, ProblemCode, Selection
from scanning.facts import Scalar

FieldType = Literal["number", "integer", "boolean", "choice", "text"]


@dataclass(frozen=True, slots=True)
class ReadingField:
    """One value of a reading. `low` and `high` bound numbers, both included, in `unit`."""

    name: str
    label: str | Promise
    type: FieldType
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[tuple[str, str | Promise], ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A value that cannot be right. `code` is a value of ProblemCode."""

    field: str
    code: str
    detail: str


_LIGHTS = (("green", _("Green")), ("red", _("Red")), ("off", _("Not used")))
_BODIES = (
    ("soft", _("Soft-sided")),
    ("box", _("Metal box")),
    ("reefer", _("Refrigerated")),
    ("tank", _("Tanker")),
    ("flatbed", _("Flatbed")),
    ("container", _("Container")),
    ("van", _("Van")),
)
_BODY = ReadingField("body", _("Body"), "choice", choices=_BODIES)
_PPM = "ppm"

_CO2 = (
    ReadingField("ppm", _("CO₂ in the load"), "number", _PPM, 200, 50_000, required=True),
    ReadingField("ambient_ppm", _("CO₂ outside"), "number", _PPM, 200, 5_000),
    ReadingField("threshold_ppm", _("Threshold"), "number", _PPM, 200, 50_000),
    ReadingField("probe_seconds", _("Time of the probe"), "number", "s", 0, 1_800),
    _BODY,
)
_HEARTBEAT = (
    *(
        ReadingField(f"sensor_{number}", label, "choice", choices=_LIGHTS, required=number < 4)
        for number, label in enumerate((_("Sensor 1"), _("Sensor 2"), _("Sensor 3"), _("Sensor 4")), start=1)
    ),
    ReadingField("engine_off", _("Engine switched off"), "boolean"),
    ReadingField("seconds", _("Time of the test"), "number", "s", 0, 600),
    _BODY,
)
_PMMW = (
    ReadingField("body", _("Body"), "choice", choices=_BODIES),
    ReadingField("speed_kmh", _("Speed"), "number", "km/h", 0, 60),
    ReadingField("operator_view", _("Operator's view of the image"), "text"),
)
_IMAGE = (
    ReadingField("dose_usv", _("Dose per scan"), "number", "µSv", 0, 500),
    ReadingField("scan_seconds", _("Time of the scan"), "number", "s", 0, 3_600),
    ReadingField("energy_mev", _("Energy"), "number", "MeV", 0, 15),
    ReadingField("region", _("Part of the load that stands out"), "text"),
    ReadingField("declared_goods", _("Declared goods"), "text"),
)
_RADIATION = (
    ReadingField("gamma_counts", _("Gamma counts, highest"), "number", "counts", 0, 10_000_000),
    ReadingField("gamma_background", _("Gamma background"), "number", "counts", 0, 1_000_000),
    ReadingField("neutron_counts", _("Neutron counts, highest"), "number", "counts", 0, 1_000_000),
    ReadingField("neutron_background", _("Neutron background"), "number", "counts", 0, 100_000),
    ReadingField("gamma_alarm", _("Gamma alarm"), "boolean"),
    ReadingField("neutron_alarm", _("Neutron alarm"), "boolean"),
    ReadingField("speed_kmh", _("Speed"), "number", "km/h", 0, 150),
    ReadingField("occupancy_seconds", _("Time in the portal"), "number", "s", 0, 3_600),
    ReadingField("nuclides", _("Nuclides"), "text"),
    ReadingField("nuclide_confidence", _("Confidence of the nuclide"), "number", "", 0, 1),
)
_DOG = (
    ReadingField(
        "indication",
        _("Indication"),
        "choice",
        choices=(("none", _("None")), ("passive", _("Passive")), ("bark", _("Barks"))),
        required=True,
    ),
    ReadingField("location", _("Where on the vehicle"), "text"),
    ReadingField(
        "trained_for",
        _("Trained for"),
        "choice",
        choices=(
            ("persons", _("Persons")),
            ("drugs", _("Drugs")),
            ("tobacco", _("Tobacco")),
            ("cash", _("Cash")),
            ("explosives", _("Explosives")),
        ),
    ),
)
_SEARCH = (
    ReadingField("duration_minutes", _("Duration"), "number", "min", 0, 720),
    ReadingField(
        "outcome",
        _("Outcome"),
        "choice",
        choices=(
            ("nothing", _("Nothing found")),
            ("persons", _("Persons found")),
            ("goods", _("Goods found")),
            ("persons_and_goods", _("Persons and goods found")),
        ),
        required=True,
    ),
    ReadingField("persons_found", _("Persons found"), "integer", "", 0, 200),
    ReadingField("goods", _("Goods"), "text"),
    ReadingField("goods_kg", _("Weight of the goods"), "number", "kg", 0, 45_000),
    ReadingField("seal", _("Seal number"), "text"),
    ReadingField("selection", _("Why this vehicle"), "choice", choices=tuple(Selection.choices)),
)

READING_FIELDS: Mapping[str, tuple[ReadingField, ...]] = {
    DeviceKind.ANPR.value: (),
    DeviceKind.KEYBOARD.value: (),
    DeviceKind.XRAY.value: _IMAGE,
    DeviceKind.GAMMA.value: _IMAGE,
    DeviceKind.PMMW.value: _PMMW,
    DeviceKind.CO2.value: _CO2,
    DeviceKind.HEARTBEAT.value: _HEARTBEAT,
    DeviceKind.RADIATION.value: _RADIATION,
    DeviceKind.DOG.value: _DOG,
    DeviceKind.SEARCH.value: _SEARCH,
}
"""The fields of a reading per device kind, in the order in which they are asked for."""

_BY_NAME = {kind: {field.name: field for field in fields} for kind, fields in READING_FIELDS.items()}

_CLASSES: Mapping[str, frozenset[type]] = {
    "boolean": frozenset({bool}),
    "integer": frozenset({int}),
    "number": frozenset({int, float}),
}
_TEXT: frozenset[type] = frozenset({str})
_EVERY = float("inf")
# What nearly every value passes, in the form that is fastest to ask: classes, choices, bounds of a number.
_PLAIN = {
    kind: {
        field.name: (
            _CLASSES.get(field.type, _TEXT),
            frozenset(choice for choice, _label in field.choices) if field.choices else None,
            field.type in {"integer", "number"},
            -_EVERY if field.low is None else field.low,
            _EVERY if field.high is None else field.high,
        )
        for field in fields
    }
    for kind, fields in READING_FIELDS.items()
}

# Millimetre waves do not pass metal: soft-sided bodies only (La Voix du Nord, 25 April 2013).
_PMMW_BODIES = frozenset({"soft"})
_PMMW_KIND = DeviceKind.PMMW.value


def reading_problems(
    kind: str, reading: Mapping[str, Scalar], *, performed: bool = True
) -> tuple[FieldProblem, ...]:
    """Return what in a reading cannot be right for that kind of device. Unknown fields are let through.

    Devices report more than we know of; what we do know must be plausible. `performed` is false for a test
    that was not carried out, whose reading may say why (a metal body at the millimetre-wave lane).
    """
    known = _BY_NAME.get(kind)
    if not known or (_is_plain(kind, reading) and kind != _PMMW_KIND):
        return ()
    found = [_problem(known[name], value) for name, value in reading.items() if name in known]
    if performed and kind == _PMMW_KIND and reading.get("body", "soft") not in _PMMW_BODIES:
        found.append(
            FieldProblem(
                "body", ProblemCode.OUT_OF_RANGE.value, "millimetre wave sees soft-sided bodies only"
            )
        )
    return tuple(problem for problem in found if problem is not None)


def _is_plain(kind: str, reading: Mapping[str, Scalar]) -> bool:
    """Whether no value of the reading needs a closer look."""
    known = _PLAIN[kind]
    for name, value in reading.items():
        wanted = known.get(name)
        if wanted is None:
            continue
        classes, choices, is_number, low, high = wanted
        if value.__class__ not in classes or (choices is not None and value not in choices):
            return False
        if is_number and not low <= value <= high:  # type: ignore[operator]
            return False
    return True


def missing_fields(kind: str, reading: Mapping[str, Scalar]) -> tuple[FieldProblem, ...]:
    """Return the required fields that hand entry left out for a test that was carried out."""
    return tuple(
        FieldProblem(field.name, ProblemCode.MISSING_FIELD.value, f"{field.name} is required")
        for field in READING_FIELDS.get(kind, ())
        if field.required and field.name not in reading
    )


def _problem(field: ReadingField, value: Scalar) -> FieldProblem | None:
    if not _has_type(field.type, value):
        return FieldProblem(field.name, ProblemCode.WRONG_TYPE.value, f"{field.name} must be a {field.type}")
    if field.choices and value not in {choice for choice, _label in field.choices}:
        return FieldProblem(
            field.name, ProblemCode.UNKNOWN_VALUE.value, f"{field.name} is not one of the known values"
        )
    if isinstance(value, str | bool):
        return None
    if (field.low is not None and not value >= field.low) or (
        field.high is not None and not value <= field.high
    ):
        detail = f"{field.name} must lie between {field.low:.10g} and {field.high:.10g} {field.unit}".rstrip()
        return FieldProblem(field.name, ProblemCode.OUT_OF_RANGE.value, detail)
    return None


def _has_type(type_: FieldType, value: Scalar) -> bool:
    if type_ == "boolean":
        return isinstance(value, bool)
    if type_ == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if type_ == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str)

"""What the techniques make of a load: seldom wrong, sometimes unsure, never reading the truth itself."""

from random import Random

from scanning.choices import DeviceKind, Result
from scanning.facts import Scalar
from scanning.simulator import figures
from scanning.simulator.lorries import Lorry

Outcome = tuple[str, dict[str, Scalar]]


def screened(rng: Random, kind: str, lorry: Lorry) -> Outcome:
    """Return the result and the reading of a test for hidden people."""
    suspect = _finds(rng, kind, bool(lorry.persons))
    if kind == DeviceKind.PMMW:
        view = "shapes behind the load" if suspect else "even load"
        return _result(suspect), {
            "body": lorry.body,
            "operator_view": view,
            "speed_kmh": round(rng.uniform(3, 6), 1),
        }
    if kind == DeviceKind.HEARTBEAT:
        return _heartbeat(rng, lorry, suspect)
    if kind == DeviceKind.CO2:
        return _co2(rng, lorry, suspect)
    return _dog(rng, suspect)


def image_of(rng: Random, kind: str, lorry: Lorry) -> Outcome:
    """Return the result and the reading of an image of the goods. People are not looked for with X-ray here."""
    suspect = _finds(rng, kind, bool(lorry.contraband))
    reading: dict[str, Scalar] = {
        "scan_seconds": round(rng.uniform(15, 60), 1),
        "energy_mev": 6 if kind == DeviceKind.XRAY else 1.25,
        "declared_goods": lorry.goods,
    }
    if suspect:
        reading["region"] = rng.choice(("front bulkhead", "pallet 4", "roof", "floor, rear third"))
    return _result(suspect), reading


def searched(rng: Random, kind: str, lorry: Lorry) -> Outcome:
    """Return the result and the reading of a search by hand."""
    found = rng.random() < figures.DETECTION[kind]
    persons = lorry.persons if found else 0
    goods = lorry.contraband if found else ""
    outcome = {(True, True): "persons_and_goods", (True, False): "persons", (False, True): "goods"}.get(
        (bool(persons), bool(goods)), "nothing"
    )
    reading: dict[str, Scalar] = {
        "outcome": outcome,
        "persons_found": persons,
        "duration_minutes": rng.randint(4, 45),
    }
    if goods:
        reading |= {"goods": goods, "goods_kg": rng.randint(2, 400)}
    return _result(outcome != "nothing"), reading


def _heartbeat(rng: Random, lorry: Lorry, suspect: bool) -> Outcome:
    unsure = not suspect and rng.random() < figures.HEARTBEAT_UNSURE
    lights = (
        ["red", "red", "red", "green"]
        if suspect
        else ["red", "red", "green", "off"]
        if unsure
        else ["green"] * 4
    )
    rng.shuffle(lights)
    reading: dict[str, Scalar] = {f"sensor_{number}": light for number, light in enumerate(lights, start=1)}
    reading |= {"engine_off": True, "seconds": round(rng.uniform(30, 60), 1), "body": lorry.body}
    return (Result.INDETERMINATE.value if unsure else _result(suspect)), reading


def _co2(rng: Random, lorry: Lorry, suspect: bool) -> Outcome:
    ambient = rng.randint(405, 450)
    # Timber and produce breathe: their threshold is set higher.
    threshold = 1500 if lorry.goods in {"timber", "fresh produce", "flowers"} else 900
    ppm = rng.randint(threshold + 50, threshold + 2500) if suspect else rng.randint(ambient, threshold - 100)
    return _result(suspect), {
        "ppm": ppm,
        "ambient_ppm": ambient,
        "threshold_ppm": threshold,
        "probe_seconds": rng.randint(15, 40),
        "body": lorry.body,
    }


def _dog(rng: Random, suspect: bool) -> Outcome:
    reading: dict[str, Scalar] = {"indication": "none", "trained_for": "persons"}
    if suspect:
        reading["indication"] = rng.choice(("passive", "bark"))
        reading["location"] = rng.choice(("rear doors", "left side, front", "right side, axle", "roof seam"))
    return _result(suspect), reading


def _finds(rng: Random, kind: str, hidden: bool) -> bool:
    return rng.random() < (figures.DETECTION[kind] if hidden else figures.FALSE_SUSPICION[kind])


def _result(suspect: bool) -> str:
    return (Result.SUSPECT if suspect else Result.CLEAR).value

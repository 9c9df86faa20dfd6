"""The life of the demonstration's devices: where they stood for a month, what broke down, what is planned and due."""

import datetime as dt
from typing import NamedTuple

from django.utils import timezone

from agencies.models import Officer
from scanning.choices_care import CareKind, OutageAct, OutageCause, OutageKind, OutageStage
from scanning.models import Care, Device, Outage, OutageNote, Placement

_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
_STOOD = 45 * _DAY


class OutageData(NamedTuple):
    """One outage of the past: so many hours ago it began and ended; words in the owner's language."""

    device: str
    kind: OutageKind
    began: float
    ended: float
    reason: str
    cause: OutageCause | str = ""
    remedy: str = ""
    taken: float | None = None


_FAULT, _SILENT, _PLANNED, _TOLD = (
    OutageKind.FAULT,
    OutageKind.SILENT,
    OutageKind.PLANNED,
    OutageKind.REPORTED,
)
OUTAGES = (
    OutageData("CAL-L8-XRAY", _FAULT, 410.0, 381.5, "générateur: surtension", OutageCause.SENSOR, "tube remplacé", 409.2),
    OutageData("CAL-L8-XRAY", _PLANNED, 262.0, 256.0, "entretien trimestriel", OutageCause.MAINTENANCE),
    OutageData("CAL-L8-XRAY", _FAULT, 92.0, 88.5, "convoyeur bloqué", OutageCause.MECHANICS, "galet changé", 91.6),
    OutageData("CAL-L8-GAMMA", _PLANNED, 310.0, 302.0, "contrôle de la source", OutageCause.MAINTENANCE),
    OutageData("CAL-L5-HB", _SILENT, 500.0, 498.2, "", OutageCause.NETWORK, "switch in hall 5 restarted", 499.6),
    OutageData("CAL-L5-HB", _FAULT, 205.0, 187.0, "sensor 3 dead", OutageCause.DAMAGE, "cable replaced", 201.0),
    OutageData("CAL-L3-PMMW", _FAULT, 330.0, 306.0, "image frozen", OutageCause.COMPUTER, "imaging computer changed", 328.0),
    OutageData("CAL-L3-PMMW", _SILENT, 40.0, 37.8, "", OutageCause.POWER, "fuse replaced", 39.4),
    OutageData("CAL-L2-CO2", _TOLD, 150.0, 143.0, "probe bent by a tarpaulin hook", OutageCause.DAMAGE, "spare probe", 149.8),
    OutageData("CAL-L4-ANPR-F", _SILENT, 71.0, 70.2, "", OutageCause.NETWORK, "fibre re-patched by the port", 70.9),
    OutageData("CAL-L1-RPM", _FAULT, 602.0, 590.0, "neutron tube low count", OutageCause.CALIBRATION, "recalibrated", 601.0),
    OutageData("CAL-L5-DOG", _TOLD, 30.0, 21.0, "chien blessé à la patte", OutageCause.STAFF, "équipe de relève", 29.9),
    OutageData("COQ-L3-PMMW", _FAULT, 260.0, 236.5, "mirror motor stalls", OutageCause.MECHANICS, "motor replaced", 257.0),
    OutageData("COQ-L4-XRAY", _PLANNED, 182.0, 174.0, "mise à jour", OutageCause.MAINTENANCE),
    OutageData("DKK-L3-XRAY", _FAULT, 18.0, 15.0, "dérive de l’étalonnage"),
)  # fmt: skip
#: Device, kind, days ago, days until due again (None: nothing), firmware, by whom.
CARE: tuple[tuple[str, CareKind, int, int | None, str, str], ...] = (
    ("CAL-L8-XRAY", CareKind.CALIBRATION, 80, 10, "", "Atelier radiologie, Lille"),
    ("CAL-L8-XRAY", CareKind.MAINTENANCE, 11, 80, "", "Prestataire"),
    ("CAL-L8-XRAY", CareKind.FIRMWARE, 11, None, "7.4.2", "Prestataire"),
    ("CAL-L8-GAMMA", CareKind.CHECK, 13, 17, "", "Personne compétente en radioprotection"),
    ("CAL-L1-RPM", CareKind.CALIBRATION, 24, 341, "", "National laboratory"),
    ("CAL-L1-RPM", CareKind.CHECK, 6, 1, "", "Radiation protection supervisor"),
    ("CAL-L3-RPM", CareKind.CALIBRATION, 370, -5, "", "National laboratory"),
    ("CAL-L5-HB", CareKind.MAINTENANCE, 8, 82, "", "Workshop Dover"),
    ("CAL-L3-PMMW", CareKind.FIRMWARE, 12, None, "2.11", "Maker"),
    ("CAL-L2-CO2", CareKind.CALIBRATION, 27, 3, "", "Workshop Dover"),
    ("COQ-L1-RPM", CareKind.CALIBRATION, 200, 165, "", "National laboratory"),
    ("COQ-L4-XRAY", CareKind.CALIBRATION, 60, 30, "", "Atelier radiologie, Lille"),
)


def life_load() -> int:
    """Give the devices that have no past a month of it; returns how many outages were made."""
    now = timezone.now()
    placed = set(Placement.objects.values_list("device_id", flat=True))
    fresh = {device.code: device for device in Device.objects.all() if device.pk not in placed}
    for device in fresh.values():
        Placement.objects.create(
            device_id=device.pk, site_id=device.site_id, lane_id=device.lane_id, in_service=device.is_active,
            latitude=device.latitude, longitude=device.longitude, from_at=now - _STOOD,
        )  # fmt: skip
    known = [data for data in OUTAGES if data.device in fresh]
    for data in known:
        _outage(fresh[data.device], data, now)
    for code, kind, ago, due, firmware, by in CARE:
        if code in fresh:
            today = timezone.localdate()
            Care.objects.create(
                device_id=fresh[code].pk, kind=kind, done_on=today - ago * _DAY, firmware=firmware, by=by,
                due_on=None if due is None else today + due * _DAY,
            )  # fmt: skip
    if "CAL-L3-RPM" in fresh:
        _planned(fresh["CAL-L3-RPM"], now)
    return len(known)


def _outage(device: Device, data: OutageData, now: dt.datetime) -> None:
    closed = bool(data.remedy) or data.kind == OutageKind.PLANNED
    begun, ended = now - data.began * _HOUR, now - data.ended * _HOUR
    outage = Outage.objects.create(
        device_id=device.pk, kind=data.kind, begins_at=begun, ends_at=ended, reason=data.reason, cause=data.cause,
        remedy=data.remedy, opened_at=begun, taken_at=now - data.taken * _HOUR if data.taken else None,
        stage=OutageStage.CLOSED if closed else OutageStage.REPORTED, closed_at=ended if closed else None,
    )  # fmt: skip
    for at, act in ((begun, OutageAct.OPEN), (ended, OutageAct.END)):
        OutageNote.objects.create(outage_id=outage.pk, device_id=device.pk, at=at, act=act)


def _planned(device: Device, now: dt.datetime) -> None:
    planner = Officer.objects.select_related("agency").get(username="ukba.supervisor")
    begins = (now + _DAY).replace(minute=0, second=0, microsecond=0)
    outage = Outage.objects.create(
        device_id=device.pk, kind=OutageKind.PLANNED, stage=OutageStage.PLANNED, begins_at=begins,
        ends_at=begins + 4 * _HOUR, reason="yearly calibration, overdue", cause=OutageCause.MAINTENANCE,
        opened_by=planner,
    )  # fmt: skip
    OutageNote.objects.create(
        outage_id=outage.pk,
        device_id=device.pk,
        at=now,
        act=OutageAct.OPEN,
        officer=planner,
        agency=planner.agency,
    )

"""Plate reads as the vendors' cameras post them, built in each vendor's own shape, traps included."""

import json
from datetime import UTC, datetime
from random import Random
from uuid import UUID
from xml.sax.saxutils import escape

from intelligence.rules.countries import ALPHA3_OF, country_from_hikvision
from scanning.simulator.pictures import lorry_picture, plate_picture
from scanning.simulator.sightings import Read, Sighting

_HIKVISION_INDEX = {country_from_hikvision(index): index for index in range(1, 55)}
_BOUNDARY = b"boundary"

Body = tuple[bytes, str]


def plate_recognizer_body(sighting: Sighting, device_at: datetime, rng: Random) -> Body:
    """Return a Stream webhook: lower-case plate, empty direction, no result when there was no plate."""
    code = sighting.device.code.lower()
    results = [
        {
            "plate": read.value.lower(),
            "score": read.confidence,
            "region": {"code": read.country.lower(), "score": round(rng.uniform(0.5, 0.95), 3)},
            "candidates": [{"plate": read.value.lower(), "score": read.confidence}],
            "vehicle": {"type": "Big Truck", "score": 0.9},
            "direction": "",
        }
        for read in sighting.reads[:1]
    ]
    data = {
        "camera_id": code,
        "timestamp": device_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "timestamp_local": device_at.isoformat(sep=" "),
        "results": results,
    }
    content = json.dumps({"hook": {"id": code, "event": "recognition"}, "data": data}).encode()
    if not results:
        return content, "application/json"
    picture = lorry_picture(sighting.reads[0].value)
    return _multipart(
        [("json", "", "application/json", content), ("upload", "car.jpg", "image/jpeg", picture)]
    )


def openalpr_body(sighting: Sighting, device_at: datetime, rng: Random) -> Body | None:
    """Return a group of reads; an agent says nothing of a vehicle without a plate."""
    if not sighting.reads:
        return None
    read = sighting.reads[0]
    epoch = int(device_at.timestamp() * 1000)
    uuid = f"{sighting.device.code.lower()}-{epoch}-{rng.getrandbits(24):06x}"
    group = {
        "data_type": "alpr_group",
        "version": 2,
        "epoch_start": epoch,
        "epoch_end": epoch + 1500,
        "camera_id": 1800 + sighting.device.order,
        "uuids": [uuid],
        "best_uuid": uuid,
        "best_plate_number": read.value,
        "best_confidence": round((read.confidence or 0.9) * 100, 2),
        "best_plate": {"plate": read.value, "confidence": round((read.confidence or 0.9) * 100, 2)},
        "best_region": f"eu-{read.country.lower()}" if read.country else "eu",
        "travel_direction": round(rng.uniform(170, 190), 1),
        "candidates": [{"plate": read.value, "confidence": 90.0}],
        "vehicle": {"body_type": [{"name": "tractor-trailer", "confidence": 97.0}]},
    }
    return json.dumps(group).encode(), "application/json"


def hikvision_body(sighting: Sighting, device_at: datetime, rng: Random) -> Body:
    """Return an ANPR notification, as XML alone or with its pictures; the country is an index."""
    read = sighting.reads[0] if sighting.reads else Read("", "unknown", "")
    xml = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">\n'
        f"<dateTime>{device_at.isoformat(timespec='milliseconds')}</dateTime>\n"
        "<eventType>ANPR</eventType><eventState>active</eventState>\n"
        f"<channelName>{escape(sighting.device.code)}</channelName>\n"
        f"<ANPR><country>{_HIKVISION_INDEX.get(read.country, 0)}</country>"
        f"<licensePlate>{escape(read.value)}</licensePlate><line>1</line><direction>forward</direction>"
        f"<confidenceLevel>{round((read.confidence or 0) * 100)}</confidenceLevel><vehicleType>truck</vehicleType>"
        "<vehicleInfo><vehileModel>0</vehileModel></vehicleInfo></ANPR>\n"
        f"<UUID>{UUID(int=rng.getrandbits(128), version=4)}</UUID>\n</EventNotificationAlert>\n"
    ).encode()
    if rng.random() < 0.5:
        return xml, "application/xml"
    return _multipart(
        [
            ("anpr.xml", "anpr.xml", "text/xml", xml),
            (
                "detectionPicture.jpg",
                "detectionPicture.jpg",
                "application/octet-stream",
                lorry_picture(read.value),
            ),
            (
                "licensePlatePicture.jpg",
                "licensePlatePicture.jpg",
                "application/octet-stream",
                plate_picture(read.value),
            ),
        ]
    )


def hikvision_heartbeat(device_at: datetime) -> Body:
    """Return the camera's sign of life: a loss of video that is not."""
    xml = (
        '<EventNotificationAlert version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema">'
        f"<dateTime>{device_at.isoformat(timespec='milliseconds')}</dateTime><activePostCount>0</activePostCount>"
        "<eventType>videoloss</eventType><eventState>inactive</eventState></EventNotificationAlert>"
    )
    return xml.encode(), "application/xml"


def openalpr_heartbeat(device_at: datetime, code: str) -> Body:
    """Return the agent's sign of life."""
    beat = {
        "data_type": "heartbeat",
        "timestamp": int(device_at.timestamp() * 1000),
        "agent_uid": code.lower(),
    }
    return json.dumps(beat).encode(), "application/json"


def axis_body(sighting: Sighting, device_at: datetime, car_id: int, state: str) -> Body:
    """Return one of the several events that a camera posts for one vehicle."""
    read = sighting.reads[0] if sighting.reads else Read("", "", "")
    event = {
        "capture_timestamp": str(int(device_at.timestamp() * 1000)),
        "datetime": f"{device_at:%Y%m%d %H%M%S}{device_at.microsecond // 1000:03d}",
        "plateText": read.value,
        "plateUTF8": read.value,
        "plateASCII": read.value,
        "plateCountry": ALPHA3_OF.get(read.country, "UNK"),
        "plateConfidence": f"{read.confidence or 0:.6f}",
        "carState": state,
        "carID": str(car_id),
        "carMoveDirection": "in",
        "camera_info": {"SerialNumber": sighting.device.code, "ProdShortName": "simulated"},
    }
    return json.dumps(event).encode(), "application/json"


def _multipart(parts: list[tuple[str, str, str, bytes]]) -> Body:
    pieces = []
    for name, file_name, type_, content in parts:
        file_part = f'; filename="{file_name}"' if file_name else ""
        head = f'Content-Disposition: form-data; name="{name}"{file_part}\r\nContent-Type: {type_}\r\n\r\n'
        pieces.append(b"--" + _BOUNDARY + b"\r\n" + head.encode() + content + b"\r\n")
    body = b"".join(pieces) + b"--" + _BOUNDARY + b"--\r\n"
    return body, f"multipart/form-data; boundary={_BOUNDARY.decode()}"

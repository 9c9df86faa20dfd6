"""Loading sites, lanes, devices and their service accounts; what stands already is kept."""

from agencies.choices import AccountKind, Classification, Scope
from agencies.grants import grants_give
from agencies.models import Agency, ServiceAccount
from jocc.demo.equipment import ALL, AUTHORITIES, DEVICES, FREIGHT, DeviceData
from jocc.demo.places import SITES, along, lane_code, lane_shape
from scanning.models import Device, DeviceGrant, DeviceStatus, Lane, LaneGrant, Site

#: Who runs the lanes of a site, hence originates them.
LANES_OF = {"CALAIS": "CCIC", "COQUELLES": "PAF", "DUNKIRK": "DOUANES", "DOVER": "UKBA"}
#: Who works there; the port operator only at its own port.
LANE_AUDIENCE = {"CALAIS": ALL, "COQUELLES": AUTHORITIES, "DUNKIRK": AUTHORITIES, "DOVER": FREIGHT}

DEVICE_SCOPES = [Scope.DELIVERIES_WRITE, Scope.DELIVERIES_READ]


def sites_load(groups: dict[str, int]) -> int:
    """Make the missing sites and lanes; returns how many lanes were made."""
    known = set(Lane.objects.values_list("code", flat=True))
    made = 0
    for order, data in enumerate(SITES, start=1):
        site, _new = Site.objects.get_or_create(
            code=data.code,
            defaults={
                "unlocode": data.unlocode,
                "name_en": data.name_en,
                "name_fr": data.name_fr,
                "country": data.country,
                "zone": data.zone,
                "latitude": data.latitude,
                "longitude": data.longitude,
                "order": order,
            },
        )
        for number, (english, french) in enumerate(data.lane_names, start=1):
            code = lane_code(data, number)
            if code in known:
                continue
            owner = LANES_OF[data.code]
            lane = Lane.objects.create(
                originator_id=groups[owner],
                site=site,
                code=code,
                name_en=english,
                name_fr=french,
                order=number,
                shape=lane_shape(data, number),
            )
            grants_give(LaneGrant, lane, [groups[a] for a in LANE_AUDIENCE[data.code] if a != owner])
            made += 1
    return made


def devices_load(groups: dict[str, int]) -> int:
    """Make the missing devices with their accounts and audiences; returns how many were made."""
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    lanes = {lane.code: lane for lane in Lane.objects.select_related("site")}
    known = set(Device.objects.values_list("code", flat=True))
    per_lane: dict[str, int] = {}
    made = 0
    for data in DEVICES:
        order = per_lane[data.lane] = per_lane.get(data.lane, 0) + 1
        if data.code in known:
            continue
        device = _device(data, lanes[data.lane], agencies[data.owner], order)
        grants_give(DeviceGrant, device, [groups[a] for a in data.sees if a != data.owner])
        DeviceStatus.objects.create(device=device)
        made += 1
    return made


def _device(data: DeviceData, lane: Lane, agency: Agency, order: int) -> Device:
    english, french = data.names
    latitude, longitude = along(lane.shape, min(0.1 + 0.14 * (order - 1), 0.95))
    return Device.objects.create(
        originator_id=agency.group_id,
        classification=Classification.SENSITIVE if data.sensitive else Classification.OPEN,
        code=data.code,
        name_en=english,
        name_fr=french,
        kind=data.kind,
        format=data.format,
        site=lane.site,
        lane=lane,
        account=_account(data, agency),
        order=order,
        zone=lane.site.zone,
        rhythm_s=data.rhythm_s,
        answers_200=data.answers_200,
        latitude=latitude,
        longitude=longitude,
    )


def _account(data: DeviceData, agency: Agency) -> ServiceAccount:
    kind = AccountKind.GATEWAY if data.gateway else AccountKind.DEVICE
    # Whoever speaks for a device must be cleared to see it.
    clearance = Classification.SENSITIVE if data.sensitive else Classification.OPEN
    account, _new = ServiceAccount.objects.get_or_create(
        agency=agency,
        name=data.gateway or data.code,
        defaults={"kind": kind, "scopes": DEVICE_SCOPES, "clearance": clearance},
    )
    return account


def partner_name(agency_code: str) -> str:
    """The name of the account of an agency's own system."""
    return f"{agency_code} system"


def partners_load() -> None:
    """Make the missing service account of each agency's own system."""
    for agency in Agency.objects.all():
        clearance = Classification.SENSITIVE if agency.is_authority else Classification.OPEN
        ServiceAccount.objects.get_or_create(
            agency=agency,
            name=partner_name(agency.code),
            defaults={
                "kind": AccountKind.PARTNER,
                "clearance": clearance,
                "scopes": [s for s in Scope.values if s != Scope.DELIVERIES_WRITE],
            },
        )

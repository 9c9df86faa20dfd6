"""The sites, and the lanes and devices that a reader may see."""

from agencies.acting import memory
from agencies.facts import Principal
from agencies.selectors import agency_codes_by_group
from scanning.models import Device, Lane, Site
from scanning.selectors.seen import DeviceSeen, Equipment, LaneSeen, SiteSeen


def equipment_read(principal: Principal) -> Equipment:
    """Sites, visible lanes and visible devices, read once per request, task or poll."""
    notes = memory.get()
    if notes is None or notes.get("principal") is not principal:
        return _equipment(principal)
    if "equipment" not in notes:
        notes["equipment"] = _equipment(principal)
    return notes["equipment"]


def _equipment(principal: Principal) -> Equipment:
    agencies = agency_codes_by_group()
    sites = Site.objects.values_list(
        "id", "uid", "code", "unlocode", "name_en", "name_fr", "country", "zone", "latitude", "longitude"
    )
    lanes = (
        Lane.objects.visible_to(principal)
        .order_by("site__order", "order", "code")
        .values_list("id", "uid", "code", "name_en", "name_fr", "site_id", "order", "shape")
    )
    devices = (
        Device.objects.visible_to(principal)
        .order_by("site__order", "lane__order", "order", "code")
        .values_list(
            "id", "uid", "code", "name_en", "name_fr", "kind", "site_id", "lane_id", "order", "originator_id",
            "is_active", "latitude", "longitude",
        )
    )  # fmt: skip
    own = set(principal.groups)
    return Equipment(
        sites={row[0]: SiteSeen(*row) for row in sites},
        lanes={row[0]: LaneSeen(*row) for row in lanes},
        devices={
            row[0]: DeviceSeen(*row[:9], agencies.get(row[9], ""), *row[10:], row[9] in own)
            for row in devices
        },
    )

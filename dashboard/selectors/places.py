"""Sites, lanes and devices for the pages: where the officer works, and what stands there."""

from agencies.access import visible_devices
from agencies.acting import memory
from agencies.facts import Principal
from audit.choices import Topic
from dashboard.selectors.fresh import Fresh, board_seconds
from scanning.selectors.equipment import equipment_read
from scanning.selectors.seen import Equipment, SiteSeen

#: It changes with who may see which device, which stands in its name, and by the hand of a supervisor.
_equipment: Fresh[Equipment] = Fresh(board_seconds, about=(Topic.DEVICE,))


def equipment_now(principal: Principal) -> Equipment:
    """Sites, visible lanes and visible devices, at most a second old; the same for the rest of the request."""
    name = (principal.groups, principal.clearance, principal.country, tuple(visible_devices(principal)))
    found = _equipment.get(name, lambda: equipment_read(principal))
    notes = memory.get()
    if notes is not None and notes.get("principal") is principal:
        notes.setdefault("equipment", found)
    return found


def sites_of_work(principal: Principal) -> tuple[SiteSeen, ...]:
    """The sites at which the reader may see a lane or a device; all of them when there is none yet."""
    equipment = equipment_now(principal)
    seen = {lane.site_id for lane in equipment.lanes.values()}
    seen |= {device.site_id for device in equipment.devices.values()}
    return tuple(site for site in equipment.sites.values() if site.id in seen or not seen)


def site_of_work(principal: Principal, code: str) -> SiteSeen | None:
    """The site with this code if the reader works there, else the reader's first; None where there is no site."""
    sites = sites_of_work(principal)
    return next((site for site in sites if site.code == code), sites[0] if sites else None)

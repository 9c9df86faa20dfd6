"""All cases together, and why some routes have none."""

from tests.two_worlds import cases_admin, cases_api, cases_corrections, cases_devices, cases_pages
from tests.two_worlds.framework import Case

_ROOMS = (cases_admin, cases_api, cases_corrections, cases_devices, cases_pages)

CASES: list[Case] = [case for room in _ROOMS for case in room.CASES]
#: Routes that show nothing of others, and why; routes with a test of their own, and which.
OPEN: dict[str, str] = {route: why for room in _ROOMS for route, why in room.OPEN.items()}
SPECIAL: dict[str, str] = {route: test for room in _ROOMS for route, test in room.SPECIAL.items()}

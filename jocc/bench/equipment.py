"""Lanes and devices of the benchmark, beside those of the demonstration world."""

import dataclasses
from collections.abc import Sequence

from django.db import transaction

from agencies.acting import acting_as
from agencies.choices import AccountKind, Scope
from agencies.facts import OWNER
from agencies.grants import grants_give
from agencies.models import Agency, ServiceAccount
from agencies.services.tokens import token_issue
from scanning.choices import DeviceKind
from scanning.models import Device, DeviceGrant, DeviceStatus, Lane, LaneGrant, Site

AGENCIES = ("UKBA", "PAF", "DOUANES", "CCIC")
_SCREENS = (DeviceKind.HEARTBEAT, DeviceKind.CO2, DeviceKind.PMMW)


@dataclasses.dataclass(frozen=True, slots=True)
class BenchDevice:
    """A device as its poster knows it, and the agencies that see what it sees."""

    id: int
    code: str
    kind: str
    token: str
    seen_by: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class BenchLane:
    """One lane: plate readers at front and back, a radiation portal, a screen for hidden people."""

    code: str
    site: str
    front: BenchDevice
    rear: BenchDevice
    portal: BenchDevice
    screen: BenchDevice

    @property
    def devices(self) -> tuple[BenchDevice, ...]:
        """All four, in the order in which a lorry passes them."""
        return self.front, self.rear, self.portal, self.screen


def lanes_make(per_site: int, name: str = "BENCH") -> list[BenchLane]:
    """Make `per_site` lanes with four devices each at each of the four sites; the readers are seen by all."""
    with acting_as(OWNER), transaction.atomic():
        agencies = {agency.code: agency for agency in Agency.objects.all()}
        return [
            _lane(site, f"{name}-{site.code}-{number}", number, agencies)
            for site in Site.objects.order_by("order")
            for number in range(1, per_site + 1)
        ]


def posts_make(name: str, lanes: int, posts: Sequence[tuple[str, str]]) -> list[dict[str, BenchDevice]]:
    """Make so many lanes at the first site, each with these posts (word and kind) in their order, seen by all."""
    with acting_as(OWNER), transaction.atomic():
        agencies = {agency.code: agency for agency in Agency.objects.all()}
        site = Site.objects.order_by("order")[0]
        made = []
        for number in range(1, lanes + 1):
            lane = _lane_row(site, f"{name}-{number}", number, agencies)
            made.append(
                {
                    word: _device(lane, agencies, word, DeviceKind(kind), AGENCIES, order=order)
                    for order, (word, kind) in enumerate(posts, start=1)
                }
            )
        return made


def _lane_row(site: Site, code: str, number: int, agencies: dict[str, Agency]) -> Lane:
    lane = Lane.objects.create(
        originator_id=agencies["CCIC"].group_id,
        site=site,
        code=code,
        name_en=code,
        name_fr=code,
        order=100 + number,
    )
    grants_give(LaneGrant, lane, [a.group_id for a in agencies.values() if a.code != "CCIC"])
    return lane


def _lane(site: Site, code: str, number: int, agencies: dict[str, Agency]) -> BenchLane:
    lane = _lane_row(site, code, number, agencies)
    screen = _SCREENS[number % len(_SCREENS)]
    return BenchLane(
        code,
        site.code,
        *(
            _device(lane, agencies, *words, order=order)
            for order, words in enumerate(
                (
                    ("F", DeviceKind.ANPR, AGENCIES),
                    ("R", DeviceKind.ANPR, AGENCIES),
                    ("RPM", DeviceKind.RADIATION, ("UKBA", "PAF", "DOUANES")),
                    (screen.value.upper(), screen, ("UKBA", "PAF")),
                ),
                start=1,
            )
        ),
    )


def _device(
    lane: Lane,
    agencies: dict[str, Agency],
    suffix: str,
    kind: DeviceKind,
    seen_by: tuple[str, ...],
    *,
    order: int,
) -> BenchDevice:
    code, owner = f"{lane.code}-{suffix}", "CCIC" if kind == DeviceKind.ANPR else "UKBA"
    account = ServiceAccount.objects.create(
        agency=agencies[owner],
        name=code,
        kind=AccountKind.DEVICE,
        scopes=[Scope.DELIVERIES_WRITE, Scope.DELIVERIES_READ],
    )
    _token, secret = token_issue(acting_party=OWNER, account=account)
    device = Device.objects.create(
        originator_id=agencies[owner].group_id,
        code=code,
        name_en=code,
        name_fr=code,
        kind=kind,
        site=lane.site,
        lane=lane,
        account=account,
        order=order,
    )
    grants_give(DeviceGrant, device, [agencies[a].group_id for a in seen_by if a != owner])
    DeviceStatus.objects.create(device=device)
    return BenchDevice(device.pk, code, kind.value, secret, seen_by)

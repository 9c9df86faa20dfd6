"""The small world of the tests: four agencies, an officer of each, lanes and devices of different audiences."""

import datetime as dt
import functools
import hashlib
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from agencies.acting import acting_as
from agencies.choices import AccountKind, Role, Scope
from agencies.facts import OWNER, Principal
from agencies.grants import grants_give
from agencies.models import Agency, Compartment, DemoMark, Desk, Officer, ServiceAccount, ServiceToken
from agencies.selectors import principal_of
from scanning.choices import DeviceKind
from scanning.models import Device, DeviceGrant, DeviceStatus, Lane, LaneGrant, Site

AGENCIES = {
    "UKBA": ("UK Border Agency", "Agence britannique des frontières", "GB", True),
    "PAF": ("French border police", "Police aux frontières", "FR", True),
    "DOUANES": ("French customs", "Douanes françaises", "FR", True),
    "CCIC": (
        "Calais Chamber of Investment and Commerce",
        "Chambre de commerce et d’industrie de Calais",
        "FR",
        False,
    ),
}
PASSWORD = "a lorry every twenty seconds"

#: code: (kind, lane, owner, further agencies that see it)
DEVICES: dict[str, tuple[str, str | None, str, tuple[str, ...]]] = {
    "L1-ANPR-F": (DeviceKind.ANPR, "L1", "CCIC", ("UKBA", "PAF", "DOUANES")),
    "L1-ANPR-R": (DeviceKind.ANPR, "L1", "CCIC", ("UKBA", "PAF", "DOUANES")),
    "L1-RPM": (DeviceKind.RADIATION, "L1", "UKBA", ("PAF", "DOUANES")),
    "L1-HB": (DeviceKind.HEARTBEAT, "L1", "UKBA", ()),
    "L1-CO2": (DeviceKind.CO2, "L1", "UKBA", ("PAF",)),
    "L2-XRAY": (DeviceKind.XRAY, "L2", "DOUANES", ("UKBA",)),
    "L2-DOG": (DeviceKind.DOG, "L2", "PAF", ("UKBA", "DOUANES")),
    "L2-KEY": (DeviceKind.KEYBOARD, "L2", "PAF", ("UKBA", "DOUANES")),
}
TOKEN = {code: f"jocc_dv_test-{code}" for code in DEVICES}


def world_build() -> None:
    """Build the world in the test database; the caller acts with the owner's database role."""
    with acting_as(OWNER), transaction.atomic():
        DemoMark.objects.get_or_create(pk=1)
        groups = {}
        for code, (english, french, country, authority) in AGENCIES.items():
            groups[code] = Group.objects.create(name=f"agency:{code}")
            agency = Agency.objects.create(
                code=code,
                name_en=english,
                name_fr=french,
                country=country,
                is_authority=authority,
                group=groups[code],
            )
            Desk.objects.create(
                agency=agency, code=f"{code}-DESK", name_en=f"{code} desk", name_fr=f"Bureau {code}"
            )
            for role in Role:
                officer = Officer.objects.create_user(
                    f"{code.lower()}.{role.value}",
                    password=PASSWORD,
                    agency=agency,
                    role=role,
                    clearance=10,
                    language="en" if country == "GB" else "fr",
                    badge_number=f"{code[0]}-{role.value}",
                    first_name=role.value.title(),
                    last_name=code.title(),
                )
                officer.groups.add(groups[code])
            partner = ServiceAccount.objects.create(
                agency=agency,
                name="partner system",
                kind=AccountKind.PARTNER,
                clearance=10,
                scopes=list(Scope.values),
            )
            _token(partner, f"jocc_pa_test-{code}")
        circle = Group.objects.create(name="compartment:LANTERN")
        Compartment.objects.create(name="LANTERN", agency=Agency.objects.get(code="UKBA"), group=circle)
        Officer.objects.get(username="ukba.analyst").groups.add(circle)
        _equipment(groups)


def _token(account: ServiceAccount, secret: str) -> None:
    ServiceToken.objects.create(
        account=account,
        prefix=secret[:12],
        digest=hashlib.sha256(secret.encode()).digest(),
        scopes=account.scopes,
        expires_at=timezone.now() + dt.timedelta(days=30),
    )


def _equipment(groups: dict[str, Group]) -> None:
    site = Site.objects.create(
        code="CALAIS", name_en="Calais", name_fr="Calais", country="FR", latitude=50.967, longitude=1.862
    )
    lanes = {}
    for order, code in enumerate(("L1", "L2")):
        lanes[code] = Lane.objects.create(
            originator=groups["CCIC"], site=site, code=code, name_en=f"Lane {order + 1}",
            name_fr=f"Couloir {order + 1}", order=order,
        )  # fmt: skip
        grants_give(LaneGrant, lanes[code], [g.pk for c, g in groups.items() if c != "CCIC"])
    for order, (code, (kind, lane, owner, seen_by)) in enumerate(DEVICES.items()):
        account = ServiceAccount.objects.create(
            agency=Agency.objects.get(code=owner), name=code, kind=AccountKind.DEVICE,
            scopes=[Scope.DELIVERIES_WRITE, Scope.DELIVERIES_READ],
        )  # fmt: skip
        _token(account, TOKEN[code])
        device = Device.objects.create(
            originator=groups[owner], code=code, name_en=code, name_fr=code, kind=kind, site=site,
            lane=lanes[lane] if lane else None, account=account, order=order,
        )  # fmt: skip
        grants_give(DeviceGrant, device, [groups[c].pk for c in seen_by])
        DeviceStatus.objects.create(device=device)


class World:
    """Names for what the world holds; read without the walls' objects."""

    password = PASSWORD
    tokens = TOKEN

    @functools.cache  # noqa: B019  (one world per test)
    def agency(self, code: str) -> Agency:
        """One of UKBA, PAF, DOUANES, CCIC."""
        return Agency.objects.get(code=code)

    def group(self, code: str) -> int:
        """The id of an agency's group."""
        return self.agency(code).group_id

    def officer(self, username: str) -> Officer:
        """E.g. `ukba.officer`, `paf.supervisor`, `douanes.analyst`."""
        return Officer.objects.select_related("agency").get(username=username)

    def principal(self, username: str) -> Principal:
        """The principal of an officer, as a request would read it."""
        return principal_of(self.officer(username))

    def desk(self, code: str) -> Desk:
        """The desk of an agency."""
        return Desk.objects.get(code=f"{code}-DESK")

    def partner_token(self, code: str) -> str:
        """The token of an agency's partner system (all scopes)."""
        return f"jocc_pa_test-{code}"

    def device(self, code: str) -> Any:
        """A device, read past the walls: call inside `with owner():`."""
        return Device.objects.get(code=code)

"""The care of devices, where they stood, and how available they are."""

import datetime as dt

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.parameters import a_time, one_of, parameters_read
from agencies.choices import Scope
from scanning.api.base import (
    ABSENT,
    CONFLICT,
    INVALID,
    KIND,
    REFUSED,
    UID,
    ScanningView,
    code,
    parameter,
)
from scanning.api.shapes_outages import (
    AvailabilityShape,
    CareBody,
    CareListShape,
    CareShape,
    PlacementsShape,
)
from scanning.api.shapes_requests import ReasonBody
from scanning.choices import DeviceKind
from scanning.selectors.availability import BY, LONGEST, AvailabilityFilter, availability_read
from scanning.selectors.care import care_of, care_seen, firmware_of, placements_of
from scanning.services.care import care_enter, care_withdraw

_USUAL = dt.timedelta(days=30)


class CareListView(ScanningView):
    """The care of one device."""

    rights = {"GET": Right.OUTAGE_VIEW, "POST": Right.DEVICE_CARE}
    scopes = {"GET": Scope.SCANNING_READ, "POST": Scope.DEVICES_WRITE}

    @extend_schema(
        operation_id="devices_care", parameters=[UID], responses={200: CareListShape, **REFUSED, **ABSENT}
    )
    def get(self, request: Request, uid: str) -> Response:
        """Calibrations, maintenance, firmware and tests of one device, the latest first."""
        entries = care_of(self.principal, uid)
        return Response(CareListShape({"firmware": firmware_of(entries), "results": entries}).data)

    @extend_schema(
        operation_id="devices_enter_care",
        parameters=[UID],
        request=CareBody,
        responses={201: CareShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID},
    )
    def post(self, request: Request, uid: str) -> Response:
        """Enter what was done to an own device."""
        made = care_enter(acting_officer=self.principal, device=uid, **self.body(CareBody))
        return Response(CareShape(care_seen(self.principal, [made])[0]).data, status=201)


class CareWithdrawView(ScanningView):
    """Take an entry back."""

    rights = {"POST": Right.DEVICE_CARE}
    scopes = {"POST": Scope.DEVICES_WRITE}

    @extend_schema(
        operation_id="care_withdraw",
        parameters=[UID],
        request=ReasonBody,
        responses={200: CareShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID},
    )
    def post(self, request: Request, uid: str) -> Response:
        """Withdraw a wrong entry; it stays readable with the reason."""
        made = care_withdraw(acting_officer=self.principal, uid=uid, **self.body(ReasonBody))
        return Response(CareShape(care_seen(self.principal, [made])[0]).data)


class PlacementsView(ScanningView):
    """Where a device stood."""

    rights = {"GET": Right.OUTAGE_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="devices_placements",
        parameters=[UID],
        responses={200: PlacementsShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """Where the device stood and whether it was in service, the latest first."""
        return Response(PlacementsShape({"results": placements_of(self.principal, uid)}).data)


class AvailabilityView(ScanningView):
    """Availability."""

    rights = {"GET": Right.OUTAGE_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="availability_list",
        parameters=[
            parameter("by", enum=list(BY)), parameter("kind", enum=DeviceKind.values), parameter("site"),
            parameter("agency"), parameter("since", "From this moment; 30 days back without it."),
            parameter("until", "Now without it."),
        ],
        responses={200: AvailabilityShape, **REFUSED},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """How much of its time in service each visible device was fit to work, over at most a year."""
        given = parameters_read(
            request,
            KIND | {"by": one_of(*BY), "site": code, "agency": code, "since": a_time, "until": a_time},
        )
        until = min(given.pop("until", None) or timezone.now(), timezone.now())
        since = given.pop("since", None) or until - _USUAL
        wanted = AvailabilityFilter(since=max(since, until - LONGEST), until=until, **given)
        return Response(AvailabilityShape({"results": availability_read(self.principal, wanted)}).data)

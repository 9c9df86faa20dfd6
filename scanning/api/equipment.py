"""/api/v1/devices/ and /api/v1/lanes/: what stands where, and how it does."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.pagination import list_parameters, page_response
from agencies.api.parameters import one_of, parameters_read
from agencies.choices import Scope
from agencies.paging import sequence_page
from scanning.api.base import ABSENT, KIND, PLACES, REFUSED, TURN, UID, ScanningView, code, parameter
from scanning.api.shapes import DevicePage, DeviceShape, LanePage, LaneShape
from scanning.api.show import Show
from scanning.choices import DeviceKind
from scanning.selectors.devices import STATES, device_state, device_states, lane_state, lane_states
from scanning.selectors.equipment import equipment_read

_DEVICES = PLACES | KIND | {"state": one_of(*STATES)}


class DevicesView(ScanningView):
    """The devices."""

    rights = {"GET": Right.BOARD_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="devices_list",
        parameters=[
            *TURN, parameter("site"), parameter("lane"), parameter("kind", enum=DeviceKind.values),
            parameter("state", enum=list(STATES)),
        ],
        responses={200: DevicePage, **REFUSED},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Detection devices in the port's order, each with how it does."""
        turn, wanted = list_parameters(request, _DEVICES)
        show = Show(equipment_read(self.principal))
        rows = [
            row
            for row in map(show.device, device_states(self.principal))
            if all(row[name] == value for name, value in wanted.items())
        ]
        return page_response(request, sequence_page(rows, turn), lambda row: row)


class DeviceView(ScanningView):
    """One device."""

    rights = {"GET": Right.BOARD_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="devices_retrieve", parameters=[UID], responses={200: DeviceShape, **REFUSED, **ABSENT}
    )
    def get(self, request: Request, uid: str) -> Response:
        """One device and how it does."""
        parameters_read(request, {})
        return Response(Show(equipment_read(self.principal)).device(device_state(self.principal, uid)))


class LanesView(ScanningView):
    """The lanes."""

    rights = {"GET": Right.BOARD_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="lanes_list", parameters=[*TURN, parameter("site")], responses={200: LanePage, **REFUSED}
    )
    def get(self, request: Request) -> Response:
        """Lanes in the port's order, with their devices and the lorry that was just seen there."""
        turn, wanted = list_parameters(request, {"site": code})
        show = Show(equipment_read(self.principal))
        rows = [
            row
            for row in map(show.lane, lane_states(self.principal))
            if all(row[name] == value for name, value in wanted.items())
        ]
        return page_response(request, sequence_page(rows, turn), lambda row: row)


class LaneView(ScanningView):
    """One lane."""

    rights = {"GET": Right.BOARD_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="lanes_retrieve", parameters=[UID], responses={200: LaneShape, **REFUSED, **ABSENT}
    )
    def get(self, request: Request, uid: str) -> Response:
        """One lane with its devices and its lorry."""
        parameters_read(request, {})
        return Response(Show(equipment_read(self.principal)).lane(lane_state(self.principal, uid)))

"""/api/v1/outages/: what does not work, since when, why, and who sees to it."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.pagination import list_parameters, page_response
from agencies.api.parameters import a_flag, one_of
from agencies.choices import Scope
from agencies.facts import Principal
from scanning.api.base import ABSENT, CONFLICT, INVALID, REFUSED, TURN, UID, ScanningView, code, parameter
from scanning.api.shapes_outages import (
    DowntimeBody,
    OutageCloseBody,
    OutageCommentBody,
    OutageEndBody,
    OutageHistoryShape,
    OutageMoveBody,
    OutagePage,
    OutageReportBody,
    OutageShape,
    OutageWorkBody,
)
from scanning.api.shapes_requests import ReasonBody
from scanning.choices import DeviceKind
from scanning.choices_care import OutageKind
from scanning.models import Outage
from scanning.selectors.outages import OutageFilter, outage_cards, outage_get, outage_notes, outages_page
from scanning.services.outages import (
    outage_cancel,
    outage_close,
    outage_comment,
    outage_end,
    outage_move,
    outage_plan,
    outage_report,
    outage_work,
)

_MADE = {201: OutageShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID}
_ACTED = {200: OutageShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID}


class OutagesView(ScanningView):
    """The outages."""

    rights = {"GET": Right.OUTAGE_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="outages_list",
        parameters=[
            *TURN, parameter("open", "Whether somebody still has something to do.", type_=bool),
            parameter("kind", enum=OutageKind.values), parameter("technique", enum=DeviceKind.values),
            parameter("site"), parameter("device"), parameter("agency"),
        ],
        responses={200: OutagePage, **REFUSED},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """One page of outages of visible devices, the latest begun first."""
        turn, given = list_parameters(
            request,
            {
                "open": a_flag, "kind": one_of(*OutageKind.values), "technique": one_of(*DeviceKind.values),
                "site": code, "device": code, "agency": code,
            },
        )  # fmt: skip
        page = outages_page(self.principal, turn, OutageFilter(**given))
        return page_response(request, page, lambda card: OutageShape(card).data)


class OutageView(ScanningView):
    """One outage."""

    rights = {"GET": Right.OUTAGE_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="outages_retrieve", parameters=[UID], responses={200: OutageShape, **REFUSED, **ABSENT}
    )
    def get(self, request: Request, uid: str) -> Response:
        """The outage as it stands."""
        return Response(OutageShape(outage_get(self.principal, uid)).data)


class OutageHistoryView(ScanningView):
    """Its steps."""

    rights = {"GET": Right.OUTAGE_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="outages_history",
        parameters=[UID],
        responses={200: OutageHistoryShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """Every step with the words of who made it, oldest first."""
        notes = outage_notes(self.principal, outage_get(self.principal, uid))
        return Response(OutageHistoryShape({"results": notes}).data)


class OutageWorkingView(ScanningView):
    """Acts on an outage."""

    rights = {"POST": Right.OUTAGE_WORK}
    scopes = {"POST": Scope.DEVICES_WRITE}


class DowntimePlanningView(ScanningView):
    """Acts on planned downtime."""

    rights = {"POST": Right.DEVICE_CARE}
    scopes = {"POST": Scope.DEVICES_WRITE}


class OutageReportView(OutageWorkingView):
    """Report."""

    @extend_schema(
        operation_id="devices_report_outage", parameters=[UID], request=OutageReportBody, responses=_MADE
    )
    def post(self, request: Request, uid: str) -> Response:
        """Report that this device does not work; 409 `outage_stands` when that is known."""
        made = outage_report(acting_officer=self.principal, device=uid, **self.body(OutageReportBody))
        return _shown(self.principal, made, 201)


class OutagePlanView(DowntimePlanningView):
    """Plan."""

    @extend_schema(
        operation_id="devices_plan_downtime", parameters=[UID], request=DowntimeBody, responses=_MADE
    )
    def post(self, request: Request, uid: str) -> Response:
        """Plan downtime of an own device: its silence, and with `effect` out its faults, raise no alarm then."""
        made = outage_plan(acting_officer=self.principal, device=uid, **self.body(DowntimeBody))
        return _shown(self.principal, made, 201)


class OutageCommentView(OutageWorkingView):
    """Comment."""

    @extend_schema(
        operation_id="outages_comment", parameters=[UID], request=OutageCommentBody, responses=_ACTED
    )
    def post(self, request: Request, uid: str) -> Response:
        """Add what one knows; whoever sees the device may."""
        made = outage_comment(acting_officer=self.principal, uid=uid, **self.body(OutageCommentBody))
        return _shown(self.principal, made)


class OutageWorkView(OutageWorkingView):
    """Where it stands."""

    @extend_schema(operation_id="outages_work", parameters=[UID], request=OutageWorkBody, responses=_ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """The owner says where the case stands; 409 `not_your_device` or `outage_over`."""
        made = outage_work(acting_officer=self.principal, uid=uid, **self.body(OutageWorkBody))
        return _shown(self.principal, made)


class OutageEndView(OutageWorkingView):
    """It works again."""

    @extend_schema(operation_id="outages_end", parameters=[UID], request=OutageEndBody, responses=_ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """The device works again; 409 `outage_goes_on` while it reports a fault itself or is silent."""
        made = outage_end(acting_officer=self.principal, uid=uid, **self.body(OutageEndBody))
        return _shown(self.principal, made)


class OutageCloseView(OutageWorkingView):
    """Close."""

    @extend_schema(operation_id="outages_close", parameters=[UID], request=OutageCloseBody, responses=_ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """Close the case of a device that works again, with cause and remedy."""
        made = outage_close(acting_officer=self.principal, uid=uid, **self.body(OutageCloseBody))
        return _shown(self.principal, made)


class OutageMoveView(DowntimePlanningView):
    """Other times."""

    @extend_schema(operation_id="outages_move", parameters=[UID], request=OutageMoveBody, responses=_ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """Let planned downtime end later or earlier than planned."""
        made = outage_move(acting_officer=self.principal, uid=uid, **self.body(OutageMoveBody))
        return _shown(self.principal, made)


class OutageCancelView(DowntimePlanningView):
    """Call off."""

    @extend_schema(operation_id="outages_cancel", parameters=[UID], request=ReasonBody, responses=_ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """Call planned downtime off before it begins."""
        made = outage_cancel(acting_officer=self.principal, uid=uid, **self.body(ReasonBody))
        return _shown(self.principal, made)


def _shown(principal: Principal, made: Outage, status: int = 200) -> Response:
    """The outage as it is after the act."""
    return Response(OutageShape(outage_cards(principal, [made])[0]).data, status=status)

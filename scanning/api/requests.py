"""/api/v1/scan-requests/ and /api/v1/lawful-use/: asking another agency for a scan, and what is lawful."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.pagination import list_parameters, page_response
from agencies.api.parameters import a_flag, one_of, parameters_read
from agencies.choices import Scope
from agencies.facts import Principal
from scanning.api.base import ABSENT, CONFLICT, INVALID, REFUSED, TURN, UID, ScanningView, code, parameter
from scanning.api.shapes_requests import (
    AcceptScanBody,
    AskBody,
    DoneBody,
    ReasonBody,
    RuleShape,
    RulesShape,
    ScanRequestPage,
    ScanRequestShape,
)
from scanning.choices import DeviceKind, RequestState, ScanPurpose
from scanning.models import ScanRequest
from scanning.selectors.law import rules_read
from scanning.selectors.requests import request_cards, request_get, requests_page
from scanning.services.requests import scan_accept, scan_ask, scan_cancel, scan_done, scan_refuse

_ANSWERS = {200: ScanRequestShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID}


class LawfulUseView(ScanningView):
    """The lawful-use matrix."""

    rights = {"GET": Right.BOARD_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="lawful_use_list",
        parameters=[
            parameter("agency"), parameter("technique", enum=DeviceKind.values),
            parameter("purpose", enum=ScanPurpose.values), parameter("ended", "Those that have ended too.", type_=bool),
        ],
        responses={200: RulesShape, **REFUSED},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The rules of all agencies that are in force or will be: technique, purpose, territory, from when to when."""
        given = parameters_read(
            request,
            {
                "agency": code,
                "technique": one_of(*DeviceKind.values),
                "purpose": one_of(*ScanPurpose.values),
                "ended": a_flag,
            },
        )
        rules = rules_read(self.principal, on=timezone.localdate(), **given)
        return Response({"results": RuleShape(rules, many=True).data})


class ScanRequestsView(ScanningView):
    """What the agency has asked, and what it was asked."""

    rights = {"GET": Right.REQUEST_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="scan_requests_list",
        parameters=[
            *TURN, parameter("state", enum=RequestState.values), parameter("technique", enum=DeviceKind.values),
            parameter("own", "Whether the own agency asks.", type_=bool),
        ],
        responses={200: ScanRequestPage, **REFUSED},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """One page of scan requests, newest first. The reading is recorded."""
        turn, given = list_parameters(
            request,
            {
                "state": one_of(*RequestState.values),
                "technique": one_of(*DeviceKind.values),
                "own": a_flag,
            },
        )
        page = requests_page(self.principal, turn, **given)
        self.shown("scan_request", [card.uid for card in page.rows])
        return page_response(request, page, lambda card: ScanRequestShape(card).data)


class ScanRequestView(ScanningView):
    """One scan request."""

    rights = {"GET": Right.REQUEST_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="scan_requests_retrieve",
        parameters=[UID],
        responses={200: ScanRequestShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """The request. The reading is recorded."""
        card = request_get(self.principal, uid)
        self.shown("scan_request", [card.uid])
        return Response(ScanRequestShape(card).data)


class ScanAskView(ScanningView):
    """Ask."""

    rights = {"POST": Right.REQUEST_ASK}
    scopes = {"POST": Scope.REQUESTS_WRITE}

    @extend_schema(
        operation_id="passages_ask_scan",
        parameters=[UID],
        request=AskBody,
        responses={201: ScanRequestShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID},
    )
    def post(self, request: Request, uid: str) -> Response:
        """Ask another agency for a scan of this passage; 409 `use_refused` where its law does not permit that use."""
        made = scan_ask(acting_officer=self.principal, passage=uid, **self.body(AskBody))
        return _shown(self.principal, made, 201)


class ScanAnswerView(ScanningView):
    """The asked agency's acts."""

    rights = {"POST": Right.REQUEST_ANSWER}
    scopes = {"POST": Scope.REQUESTS_WRITE}


class ScanAcceptView(ScanAnswerView):
    """Accept."""

    @extend_schema(
        operation_id="scan_requests_accept", parameters=[UID], request=AcceptScanBody, responses=_ANSWERS
    )
    def post(self, request: Request, uid: str) -> Response:
        """Take the request on, now or at a stated time."""
        made = scan_accept(acting_officer=self.principal, uid=uid, **self.body(AcceptScanBody))
        return _shown(self.principal, made)


class ScanRefuseView(ScanAnswerView):
    """Refuse."""

    @extend_schema(
        operation_id="scan_requests_refuse", parameters=[UID], request=ReasonBody, responses=_ANSWERS
    )
    def post(self, request: Request, uid: str) -> Response:
        """Refuse the request with a reason, which the asker reads."""
        made = scan_refuse(acting_officer=self.principal, uid=uid, **self.body(ReasonBody))
        return _shown(self.principal, made)


class ScanDoneView(ScanAnswerView):
    """Tell the result."""

    @extend_schema(operation_id="scan_requests_done", parameters=[UID], request=DoneBody, responses=_ANSWERS)
    def post(self, request: Request, uid: str) -> Response:
        """Tell the asker the result; what the device itself said stays with whoever sees the device."""
        made = scan_done(acting_officer=self.principal, uid=uid, **self.body(DoneBody))
        return _shown(self.principal, made)


class ScanCancelView(ScanAnswerView):
    """Take back."""

    rights = {"POST": Right.REQUEST_ASK}

    @extend_schema(
        operation_id="scan_requests_cancel", parameters=[UID], request=ReasonBody, responses=_ANSWERS
    )
    def post(self, request: Request, uid: str) -> Response:
        """Take the own request back, with a reason."""
        made = scan_cancel(acting_officer=self.principal, uid=uid, **self.body(ReasonBody))
        return _shown(self.principal, made)


def _shown(principal: Principal, made: ScanRequest, status: int = 200) -> Response:
    """The request as it is after the act."""
    return Response(ScanRequestShape(request_cards(principal, [made])[0]).data, status=status)

"""/api/v1/access-requests/ and /api/v1/access-cases/: asking for a record known by reference, and answering."""

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from agencies.actions import Right
from agencies.api.pagination import list_parameters, page_response
from agencies.api.parameters import a_flag
from agencies.choices import Scope
from intelligence.api.base import ABSENT, CONFLICT, CURSOR, INVALID, LIMIT, REFUSED, UID, IntelligenceView
from intelligence.api.shapes_access import (
    AccessBody,
    AccessCasePage,
    AccessCaseShape,
    AccessPage,
    AccessShape,
    AnswerBody,
)
from intelligence.selectors.access import (
    access_case_get,
    access_cases_page,
    access_request_get,
    access_requests_page,
)
from intelligence.services.access import access_ask, access_case_answer

_SPENT = {429: OpenApiResponse(description="`access_budget_spent`, or the token's rate; see Retry-After.")}


class AccessRequestsView(IntelligenceView):
    """Ask; read what was asked."""

    rights = {"GET": Right.ACCESS_ASK, "POST": Right.ACCESS_ASK}
    scopes = {"GET": Scope.LOOKOUTS_READ, "POST": Scope.LOOKOUTS_READ}

    @extend_schema(
        operation_id="access_requests_list",
        parameters=[CURSOR, LIMIT],
        responses={200: AccessPage, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """One page of this account's own requests, newest first."""
        turn, _ = list_parameters(request)
        page = access_requests_page(self.principal, turn)
        return page_response(request, page, lambda card: AccessShape(card).data)

    @extend_schema(
        operation_id="access_requests_create",
        request=AccessBody,
        responses={202: AccessShape, **REFUSED, **INVALID, **_SPENT},
    )
    def post(self, request: Request) -> Response:
        """Ask. If such a record exists, its owner has been asked; nothing here tells whether it does."""
        made = access_ask(acting_officer=self.principal, **self.body(AccessBody))
        answer = Response(AccessShape(access_request_get(self.principal, made.uid)).data, status=202)
        answer["Location"] = reverse("api-access-request", kwargs={"uid": str(made.uid)}, request=request)
        return answer


class AccessRequestView(IntelligenceView):
    """One request."""

    rights = {"GET": Right.ACCESS_ASK}
    scopes = {"GET": Scope.LOOKOUTS_READ}

    @extend_schema(
        operation_id="access_requests_retrieve",
        parameters=[UID],
        responses={200: AccessShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """The request as it stands."""
        return Response(AccessShape(access_request_get(self.principal, uid)).data)


class AccessCasesView(IntelligenceView):
    """What others ask of the agency."""

    rights = {"GET": Right.LOOKOUT_CREATE}
    scopes = {"GET": Scope.LOOKOUTS_WRITE}

    @extend_schema(
        operation_id="access_cases_list",
        parameters=[
            OpenApiParameter("open", bool, description="Only those that wait, or only the others."),
            CURSOR,
            LIMIT,
        ],
        responses={200: AccessCasePage, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """One page of cases, newest first."""
        turn, given = list_parameters(request, {"open": a_flag})
        page = access_cases_page(self.principal, turn, is_open=given.get("open"))
        return page_response(request, page, lambda card: AccessCaseShape(card).data)


class AccessCaseView(IntelligenceView):
    """One case."""

    rights = {"GET": Right.LOOKOUT_CREATE}
    scopes = {"GET": Scope.LOOKOUTS_WRITE}

    @extend_schema(
        operation_id="access_cases_retrieve",
        parameters=[UID],
        responses={200: AccessCaseShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """The case."""
        return Response(AccessCaseShape(access_case_get(self.principal, uid)).data)


class AccessCaseAnswerView(IntelligenceView):
    """Answer."""

    rights = {"POST": Right.LOOKOUT_CREATE}
    scopes = {"POST": Scope.LOOKOUTS_WRITE}

    @extend_schema(
        operation_id="access_cases_answer",
        parameters=[UID],
        request=AnswerBody,
        responses={200: AccessCaseShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID},
    )
    def post(self, request: Request, uid: str) -> Response:
        """Grant (which shares the lookout), decline with or without telling, or answer with a message."""
        access_case_answer(acting_officer=self.principal, uid=uid, **self.body(AnswerBody))
        return Response(AccessCaseShape(access_case_get(self.principal, uid)).data)

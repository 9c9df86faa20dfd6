"""/api/v1/checks/: a mark checked by hand."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from agencies.actions import Right
from agencies.api.pagination import list_parameters, page_response
from agencies.choices import Scope
from intelligence.api.base import ABSENT, CURSOR, INVALID, LIMIT, REFUSED, UID, IntelligenceView
from intelligence.api.shapes import CheckBody, CheckPage, CheckShape
from intelligence.selectors.checks import check_get, checks_page
from intelligence.services.checks import check_make

_SPENT = {429: OpenApiResponse(description="`check_budget_spent`, or the token's rate; see Retry-After.")}


class ChecksView(IntelligenceView):
    """Ask for a mark; read what was asked."""

    rights = {"GET": Right.CHECK_MAKE, "POST": Right.CHECK_MAKE}
    scopes = {"GET": Scope.CHECKS_WRITE, "POST": Scope.CHECKS_WRITE}

    @extend_schema(
        operation_id="checks_list", parameters=[CURSOR, LIMIT], responses={200: CheckPage, **REFUSED}
    )
    def get(self, request: Request) -> Response:
        """One page of this account's own checks, newest first."""
        turn, _ = list_parameters(request)
        page = checks_page(self.principal, turn)
        self.shown("check", [card.uid for card in page.rows])
        return page_response(request, page, lambda card: CheckShape(card).data)

    @extend_schema(
        operation_id="checks_create",
        request=CheckBody,
        responses={202: CheckShape, **REFUSED, **INVALID, **_SPENT},
    )
    def post(self, request: Request) -> Response:
        """Ask. The answer follows at the address in `Location`, after the same time whatever it is."""
        check = check_make(acting_officer=self.principal, **self.body(CheckBody))
        answer = Response(CheckShape(check_get(self.principal, check.uid)).data, status=202)
        answer["Location"] = reverse("api-check", kwargs={"uid": str(check.uid)}, request=request)
        return answer


class CheckView(IntelligenceView):
    """One check."""

    rights = {"GET": Right.CHECK_MAKE}
    scopes = {"GET": Scope.CHECKS_WRITE}

    @extend_schema(
        operation_id="checks_retrieve", parameters=[UID], responses={200: CheckShape, **REFUSED, **ABSENT}
    )
    def get(self, request: Request, uid: str) -> Response:
        """The check; `outcome` is null until it is answered."""
        return Response(CheckShape(check_get(self.principal, uid)).data)

"""What the routes of intelligence have in common: right and scope, purpose, refusals as problems."""

import contextlib
import uuid
from collections.abc import Collection
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.actions import Right
from agencies.api.bodies import Body, SmallJSONParser
from agencies.api.parameters import parameters_read
from agencies.api.permissions import HasScope, HoldsRight
from agencies.api.problems import problem
from agencies.authentication import ServiceUser
from agencies.choices import Scope
from agencies.facts import Principal
from agencies.services.readings import shown_record
from intelligence.rules.refusals import CheckBudgetSpent, Refusal

PURPOSE = OpenApiParameter(
    "X-Purpose",
    str,
    OpenApiParameter.HEADER,
    description="What the records are read for. Recorded; without it the account's own name stands as the purpose.",
)
UID = OpenApiParameter("uid", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH)
CURSOR = OpenApiParameter("cursor", str, description="From `next` or `previous`; opaque.")
LIMIT = OpenApiParameter("limit", int, description="Rows per page, 1 to 200; 50 without it.")

REFUSED = {
    400: OpenApiResponse(description="A query parameter or the body cannot be read."),
    401: OpenApiResponse(description="No valid token."),
    403: OpenApiResponse(description="The token lacks the scope, or its agency the right."),
}
ABSENT = {404: OpenApiResponse(description="Absent, or hidden from this token: nobody learns which.")}
INVALID = {422: OpenApiResponse(description="`errors` says what is wrong, field by field.")}
CONFLICT = {409: OpenApiResponse(description="Contradicts what is recorded; `code` says how.")}


class IntelligenceView(APIView):
    """Both the token's scope and the agency's right are needed; a method that names none is closed."""

    permission_classes = [HoldsRight, HasScope]
    parser_classes = [SmallJSONParser]
    rights: dict[str, Right] = {}
    scopes: dict[str, Scope] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in; routes to one record take no query parameter, as those of the other apps."""
        super().initial(request, *args, **kwargs)
        if "uid" in kwargs:
            parameters_read(request, {})

    @property
    def principal(self) -> Principal:
        """Who acts."""
        return cast(ServiceUser, self.request.user).principal

    @property
    def purpose(self) -> str:
        """The purpose that the caller gives, else that of the account as such."""
        given = self.request.headers.get("X-Purpose", "")
        with contextlib.suppress(UnicodeError):  # header bytes arrive as Latin-1, whatever was sent
            given = given.encode("latin-1").decode()
        return given or f"account {self.principal.label}"

    def shown(self, kind: str, uids: Collection[uuid.UUID | str]) -> None:
        """Record which records the answer shows."""
        shown_record(acting_officer=self.principal, kind=kind, uids=uids, purpose=self.purpose)

    def body(self, shape: type[Body]) -> dict[str, Any]:
        """The request's body in this shape; raises a 422 otherwise."""
        reader = shape(data=self.request.data)
        reader.is_valid(raise_exception=True)
        values: dict[str, Any] = reader.validated_data
        return values

    def handle_exception(self, exc: Exception) -> Response:
        """Refusals of the services become problems; everything else goes the way of all routes."""
        answer = _refusal(exc)
        if answer is None:
            return super().handle_exception(exc)
        if not isinstance(exc, CheckBudgetSpent):  # that one leaves its record
            transaction.set_rollback(True)
        return answer


def _refusal(error: Exception) -> Response | None:
    if isinstance(error, CheckBudgetSpent):
        answer = problem(429, code=error.code, detail=str(error.message))
        answer["Retry-After"] = str(error.retry_after_s)
        return answer
    if isinstance(error, Refusal):
        return problem(409, code=error.code, detail=str(error.message))
    if isinstance(error, ValidationError):
        errors = {
            field: [{"message": str(one.messages[0]), "code": one.code or "invalid"} for one in faults]
            for field, faults in error.error_dict.items()
        }
        return problem(422, errors=errors)
    return None

"""POST /api/v1/deliveries/: where devices put what they saw."""

from typing import Any, cast

from django.core.exceptions import RequestDataTooBig
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.actions import Right
from agencies.api.permissions import HasScope, HoldsRight
from agencies.api.problems import problem
from agencies.api.throttles import DeviceRateThrottle
from agencies.authentication import SecretPathAuthentication, ServiceUser
from agencies.choices import Scope
from scanning.choices import POSTED_STATES, ProblemCode
from scanning.models import Device
from scanning.selectors.visible import devices_of_account
from scanning.services.deliveries import Accepted, Sender, delivery_accept

#: Problems of the text itself (400); every other problem is one of content (422).
_MALFORMED = frozenset(
    {
        ProblemCode.EMPTY_BODY, ProblemCode.NOT_UTF8, ProblemCode.TOO_DEEP, ProblemCode.MALFORMED_JSON,
        ProblemCode.DUPLICATE_KEY, ProblemCode.MALFORMED_XML, ProblemCode.XML_FORBIDDEN,
        ProblemCode.MALFORMED_MULTIPART, ProblemCode.WRONG_SHAPE, ProblemCode.NUMBER_NOT_FINITE,
    }
)  # fmt: skip
_TOO_LARGE = frozenset({ProblemCode.TOO_LARGE, ProblemCode.TOO_MANY_EVENTS})


class ReceiptSerializer(serializers.Serializer[Any]):
    """What a sender gets back."""

    receipt = serializers.UUIDField(help_text="Ask GET /api/v1/deliveries/{receipt}/ what became of it.")
    state = serializers.ChoiceField(choices=POSTED_STATES)


_EVENT = {
    "event_id": "8c1f-000172",
    "at": "2026-11-22T04:10:03.120+01:00",
    "result": "clear",
    "marks": [{"kind": "tractor", "value": "AB-123-CD", "country": "FR", "confidence": 0.93}],
}


class DeliveriesView(APIView):
    """Take one delivery. Accepted means committed; the answer never depends on what is looked for."""

    permission_classes = [HasScope, HoldsRight]
    rights = {"POST": Right.DELIVERY_POST}
    scopes = {"POST": Scope.DELIVERIES_WRITE}
    throttle_classes = [DeviceRateThrottle]
    parser_classes: list[Any] = []

    @extend_schema(
        operation_id="deliveries_create",
        request={
            "application/json": OpenApiTypes.OBJECT,
            "application/xml": OpenApiTypes.STR,
            "multipart/form-data": OpenApiTypes.OBJECT,
        },
        parameters=[
            OpenApiParameter(
                "X-JOCC-Device", str, OpenApiParameter.HEADER, description="Which device of a gateway."
            )
        ],
        responses={
            202: ReceiptSerializer,
            200: ReceiptSerializer,
            400: OpenApiResponse(description="Kept in quarantine: the text itself cannot be read."),
            401: OpenApiResponse(description="No valid token."),
            403: OpenApiResponse(description="The token lacks the scope."),
            409: OpenApiResponse(description="The event id came before with other bytes; both are kept."),
            413: OpenApiResponse(description="Too large, or too many events."),
            422: OpenApiResponse(description="Kept in quarantine; `code` says why."),
        },
        examples=[
            OpenApiExample("One event", value=_EVENT, request_only=True),
            OpenApiExample("A batch", value={"events": [_EVENT]}, request_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """Store the bytes and answer with a receipt."""
        try:
            body = request._request.body
        except RequestDataTooBig:
            return problem(413)
        user = cast(ServiceUser, request.user)
        devices = devices_of_account(user.principal, user.account.pk)
        accepted = delivery_accept(
            sender=Sender(user.principal, devices, account_id=user.account.pk),
            body=body,
            content_type=request.content_type or "",
            device_code=request.headers.get("X-JOCC-Device"),
        )
        return _answer(accepted, devices)


class SecretPathDeliveriesView(DeliveriesView):
    """For cameras that can send neither a header nor a password: the token stands in the path."""

    authentication_classes = [SecretPathAuthentication]

    @extend_schema(exclude=True)
    def post(self, request: Request, secret: str) -> Response:  # type: ignore[override]
        """The same door."""
        return super().post(request)


def _answer(accepted: Accepted, devices: tuple[Device, ...]) -> Response:
    """202 for new, 200 for repeated (and for cameras that take nothing else), problems for the rest."""
    receipt = str(accepted.receipt)
    if accepted.outcome == "conflict":
        return problem(
            409,
            code=accepted.code,
            detail=accepted.detail,
            receipt=receipt,
            first_receipt=str(accepted.first),
        )
    if accepted.outcome == "quarantined":
        status = 413 if accepted.code in _TOO_LARGE else 400 if accepted.code in _MALFORMED else 422
        return problem(status, code=accepted.code, detail=accepted.detail, quarantine=receipt)
    insists_on_200 = len(devices) == 1 and devices[0].answers_200
    status = 200 if accepted.outcome == "repeated" or insists_on_200 else 202
    return Response({"receipt": receipt, "state": accepted.outcome}, status=status)

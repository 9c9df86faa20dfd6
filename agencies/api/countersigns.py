"""/api/v1/countersigns/: what waits for a second signature. Officers sign in the browser, no system does."""

import datetime as dt
import functools
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.actions import Right
from agencies.api.parameters import parameters_read
from agencies.api.permissions import HasScope, HoldsRight
from agencies.choices import CountersignKind, CountersignState, Scope
from agencies.facts import Principal
from agencies.selectors import countersign_cards, countersigns_of
from agencies.services.countersigns import countersigns_read

_SHOWN = 200
_UID = OpenApiParameter("uid", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH)
_REFUSED = {
    400: OpenApiResponse(description="A query parameter cannot be read."),
    401: OpenApiResponse(description="No valid token."),
    403: OpenApiResponse(description="The token lacks the scope, or its agency the right."),
}
_ABSENT = {404: OpenApiResponse(description="Absent, or hidden from this token: nobody learns which.")}
Moment = functools.partial(serializers.DateTimeField, default_timezone=dt.UTC)


class SignatureShape(serializers.Serializer[Any]):
    """One signature."""

    agency = serializers.CharField()
    signed_at = Moment()


class CountersignShape(serializers.Serializer[Any]):
    """A proposal; `subject` is empty for whoever is no member of its originator."""

    uid = serializers.UUIDField()
    kind = serializers.ChoiceField(CountersignKind.choices)
    state = serializers.ChoiceField(CountersignState.choices)
    owner = serializers.CharField()
    subject = serializers.CharField(allow_blank=True)
    guest = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()
    created_at = Moment()
    expires_at = Moment()
    closed_at = Moment(allow_null=True)
    closing_reason = serializers.CharField(allow_blank=True)
    waits_for = serializers.SerializerMethodField()
    signatures = SignatureShape(many=True)

    def get_waits_for(self, card: Any) -> list[str]:
        """The agencies that have not signed yet; empty once it is closed."""
        return list(card.waits_for)


class CountersignsShape(serializers.Serializer[Any]):
    """The newest two hundred."""

    results = CountersignShape(many=True)


class _CountersignView(APIView):
    permission_classes = [HasScope, HoldsRight]
    rights = {"GET": Right.COUNTERSIGN_VIEW}
    scopes = {"GET": Scope.COUNTERSIGNS_READ}


class CountersignsView(_CountersignView):
    """What waits, and what was."""

    @extend_schema(operation_id="countersigns_list", responses={200: CountersignsShape, **_REFUSED})
    def get(self, request: Request) -> Response:
        """The proposals that concern the agency, newest first. The reading is recorded."""
        parameters_read(request, {})
        principal: Principal = request.user.principal  # type: ignore[union-attr]
        cards = countersign_cards(principal, countersigns_of(principal)[:_SHOWN])
        countersigns_read(acting_officer=principal, cards=cards)
        return Response({"results": CountersignShape(cards, many=True).data})


class CountersignView(_CountersignView):
    """One proposal."""

    @extend_schema(
        operation_id="countersigns_retrieve",
        parameters=[_UID],
        responses={200: CountersignShape, **_REFUSED, **_ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """The proposal. The reading is recorded."""
        parameters_read(request, {})
        principal: Principal = request.user.principal  # type: ignore[union-attr]
        proposal = countersigns_of(principal).get_visible(principal, uid)  # type: ignore[attr-defined]
        cards = countersign_cards(principal, [proposal])
        countersigns_read(acting_officer=principal, cards=cards)
        return Response(CountersignShape(cards[0]).data)

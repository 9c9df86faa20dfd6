"""GET /api/v1/deliveries/{receipt}/: what became of a delivery."""

from typing import cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.actions import Right
from agencies.api.parameters import parameters_read
from agencies.api.permissions import HasScope, HoldsRight
from agencies.authentication import ServiceUser
from agencies.choices import Scope
from scanning.api.base import ABSENT, REFUSED
from scanning.api.shapes import DeliveryShape
from scanning.api.show import Show
from scanning.selectors.equipment import equipment_read
from scanning.selectors.receipts import delivery_seen


class DeliveryView(APIView):
    """One delivery; for whoever may read the own deliveries, no right of an officer is needed."""

    permission_classes = [HasScope, HoldsRight]
    rights = {"GET": Right.DELIVERY_VIEW}
    scopes = {"GET": Scope.DELIVERIES_READ}

    @extend_schema(
        operation_id="deliveries_retrieve",
        parameters=[OpenApiParameter("receipt", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH)],
        responses={200: DeliveryShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, receipt: str) -> Response:
        """State, counts, and each event that was not simply taken. A device reads its own receipts only."""
        parameters_read(request, {})
        principal = cast(ServiceUser, request.user).principal
        return Response(Show(equipment_read(principal)).delivery(delivery_seen(principal, receipt)))

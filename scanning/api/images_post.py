"""POST /api/v1/deliveries/images/: where a device puts a picture beside an event that it has posted."""

from typing import Any, cast

from django.core.exceptions import RequestDataTooBig
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.actions import Right
from agencies.api.parameters import one_of, parameters_read
from agencies.api.permissions import HasScope, HoldsRight
from agencies.api.problems import BadQuery, problem
from agencies.api.throttles import DeviceRateThrottle
from agencies.authentication import ServiceUser
from agencies.choices import Scope
from scanning.api.base import ABSENT, REFUSED, parameter
from scanning.api.shapes_images import ImagePostedShape
from scanning.choices import PictureFault, View
from scanning.rules.pictures import PictureRefused
from scanning.selectors.visible import devices_of_account
from scanning.services.deliveries import Sender
from scanning.services.images import image_post

_STATUS = {
    PictureFault.TOO_LARGE: 413,
    PictureFault.TOO_MANY_PIXELS: 413,
    PictureFault.WRONG_TYPE: 415,
}


class ImagePostView(APIView):
    """Take one picture. Accepted means that its bytes are on the disk and its row is committed."""

    permission_classes = [HasScope, HoldsRight]
    rights = {"POST": Right.DELIVERY_POST}
    scopes = {"POST": Scope.DELIVERIES_WRITE}
    throttle_classes = [DeviceRateThrottle]
    parser_classes: list[Any] = []

    @extend_schema(
        operation_id="deliveries_images_create",
        request={"image/jpeg": OpenApiTypes.BINARY, "image/png": OpenApiTypes.BINARY},
        parameters=[
            OpenApiParameter(
                "event_id", str, required=True, description="The event, as the device named it."
            ),
            parameter("view", "What it shows; `scene` without it.", View.values),
            OpenApiParameter(
                "X-JOCC-Device", str, OpenApiParameter.HEADER, description="Which device of a gateway."
            ),
        ],
        responses={
            201: ImagePostedShape,
            200: ImagePostedShape,
            413: OpenApiResponse(description="Too many bytes or pixels."),
            415: OpenApiResponse(description="Neither JPEG nor PNG, whatever the header says."),
            422: OpenApiResponse(description="Not taken; `code` says why."),
            **REFUSED,
            **ABSENT,
        },
    )
    def post(self, request: Request) -> Response:
        """Check the picture and store it; 404 as long as no event with this id has been taken from this device."""
        given = parameters_read(request, {"event_id": _event_id, "view": one_of(*View.values)})
        if "event_id" not in given:
            raise BadQuery("bad_parameter", "event_id: name the event.")
        try:
            content = request._request.body
        except RequestDataTooBig:
            return problem(413, code=PictureFault.TOO_LARGE.value, detail=str(PictureFault.TOO_LARGE.label))
        user = cast(ServiceUser, request.user)
        try:
            posted = image_post(
                sender=Sender(
                    user.principal,
                    devices_of_account(user.principal, user.account.pk),
                    account_id=user.account.pk,
                ),
                event_key=given["event_id"],
                view=given.get("view", View.SCENE.value),
                content=content,
                device_code=request.headers.get("X-JOCC-Device"),
            )
        except PictureRefused as refused:
            return problem(
                _STATUS.get(refused.code, 422), code=refused.code.value, detail=str(refused.code.label)
            )
        return Response(
            {"image": str(posted.uid) if posted.uid else None, "state": posted.outcome},
            status=201 if posted.outcome == "accepted" else 200,
        )


def _event_id(text: str) -> str:
    if not 0 < len(text) <= 120:
        raise ValueError("1 to 120 characters")
    return text

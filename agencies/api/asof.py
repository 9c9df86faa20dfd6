"""/api/v1/as-of/: who could see a record at a moment, who did, and why."""

import contextlib
import datetime as dt
import functools
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.actions import Right
from agencies.api.parameters import a_time, parameters_read
from agencies.api.permissions import HasScope, HoldsRight
from agencies.api.problems import BadQuery, problem
from agencies.authentication import ServiceUser
from agencies.choices import HistoryEvent, Scope
from agencies.facts import Ground, Principal
from agencies.services.asof import asof_ask

Moment = functools.partial(serializers.DateTimeField, default_timezone=dt.UTC)  # the API speaks UTC


class ChangeShape(serializers.Serializer[Any]):
    """One deciding value, as stored, before and after."""

    field = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)

    def to_representation(self, instance: Any) -> dict[str, str]:
        """From (field, before, after)."""
        return dict(zip(("field", "before", "after"), instance, strict=True))


class HistoryShape(serializers.Serializer[Any]):
    """One line of the record's story; `by` names officers of the asking agency only."""

    at = Moment()
    event = serializers.ChoiceField(HistoryEvent.choices)
    party = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)
    changes = ChangeShape(many=True)


class ReadingShape(serializers.Serializer[Any]):
    """Somebody read the record; `who` and `purpose` stand for the asking agency's own readers only."""

    at = Moment()
    agency = serializers.CharField()
    channel = serializers.ChoiceField(["page", "api", "export", "worker"])
    who = serializers.CharField(allow_blank=True)
    purpose = serializers.CharField(allow_blank=True)


class ThroughShape(serializers.Serializer[Any]):
    """A device that a passage or an alarm is seen through."""

    record = serializers.SerializerMethodField()
    reference = serializers.CharField(source="label", allow_blank=True)
    seen = serializers.BooleanField(allow_null=True)
    ground = serializers.ChoiceField([ground.value for ground in Ground])

    def get_record(self, answer: Any) -> str:
        """`kind:uid`."""
        return f"{answer.kind}:{answer.uid}"


class AsOfShape(ThroughShape):
    """The answer; `seen` is null where recording had not begun by then."""

    owner = serializers.CharField()
    agency = serializers.CharField()
    officer = serializers.CharField(allow_blank=True)
    at = Moment()
    needs_clearance = serializers.IntegerField()
    given = HistoryShape(allow_null=True)
    readings_recorded = serializers.BooleanField()
    readings = ReadingShape(many=True)
    since = HistoryShape(many=True)
    timeline = HistoryShape(many=True)
    officers = serializers.ListField(child=serializers.CharField())
    through = ThroughShape(many=True)


class AsOfView(APIView):
    """Ask about a record of the account's own agency."""

    permission_classes = [HoldsRight, HasScope]
    rights = {"GET": Right.ASOF_ASK}
    scopes = {"GET": Scope.ASOF_READ}

    @extend_schema(
        operation_id="as_of_retrieve",
        parameters=[
            OpenApiParameter(
                "record",
                str,
                required=True,
                description="`kind:uid` (lookout, hit, notice, device, lane, passage, alarm), or a reference.",
            ),
            OpenApiParameter(
                "agency", str, required=True, description="The code of the agency that is asked about."
            ),
            OpenApiParameter("at", dt.datetime, description="The moment, with its offset; now without it."),
            OpenApiParameter("officer", str, description="The badge number of an officer of the own agency."),
            OpenApiParameter(
                "X-Purpose",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="What is asked for. Recorded.",
            ),
        ],
        responses={
            200: AsOfShape,
            400: OpenApiResponse(description="A query parameter is missing, unknown, or cannot be read."),
            401: OpenApiResponse(description="No valid token."),
            403: OpenApiResponse(description="The token lacks the scope, or its agency the right."),
            404: OpenApiResponse(description="Absent, or not this agency’s: nobody learns which."),
            422: OpenApiResponse(description="`errors` says what is wrong, field by field."),
        },
    )
    def get(self, request: Request) -> Response:
        """What the agency could see of the record at this moment, who did see it, and why. The question is recorded."""
        given = parameters_read(request, {"record": str, "agency": str, "at": a_time, "officer": str})
        for name in ("record", "agency"):
            if not given.get(name):
                raise BadQuery("bad_parameter", f"{name}: needed.")
        principal: Principal = cast(ServiceUser, request.user).principal
        answer = asof_ask(acting_officer=principal, purpose=_purpose(request), **given)
        return Response(AsOfShape(answer).data)

    def handle_exception(self, exc: Exception) -> Response:
        """What the service refuses is a 422 by field; everything else goes the way of all routes."""
        if not isinstance(exc, ValidationError):
            return super().handle_exception(exc)
        transaction.set_rollback(True)
        errors = {
            field: [{"message": str(one.messages[0]), "code": one.code or "invalid"} for one in faults]
            for field, faults in exc.error_dict.items()
        }
        return problem(422, errors=errors)


def _purpose(request: Request) -> str:
    given = request.headers.get("X-Purpose", "")
    with contextlib.suppress(UnicodeError):  # header bytes arrive as Latin-1, whatever was sent
        given = given.encode("latin-1").decode()
    return given

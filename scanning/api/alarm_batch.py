"""POST /api/v1/alarms/batch/: one act on several alarms, and what became of it alarm by alarm."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.bodies import Body, MomentField, TextField
from agencies.api.parameters import parameters_read
from agencies.choices import Scope
from agencies.facts import Principal
from intelligence.services.deciders import decider_of
from scanning.api.base import INVALID, REFUSED, ScanningView
from scanning.services.alarm_batch import MOST, ActAnswer, alarms_each
from scanning.services.alarm_silence import alarm_silence
from scanning.services.alarm_work import alarm_assign, alarm_take
from scanning.services.alarms import alarm_acknowledge

_ACTS: Mapping[str, Callable[..., object]] = {
    "acknowledge": alarm_acknowledge,
    "take": alarm_take,
    "assign": alarm_assign,
    "silence": alarm_silence,
}
#: What an act needs beside the officer and the comment.
_NEEDS = {"assign": "to", "silence": "until"}


class AlarmBatchBody(Body):
    """Who does what to which alarms."""

    act = serializers.ChoiceField(choices=sorted(_ACTS))
    alarms = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST)
    officer = TextField(max_length=20, help_text="Badge number: an officer acts, never a system.")
    comment = TextField(max_length=500, required=False, allow_blank=True)
    to = TextField(max_length=40, required=False, help_text="For `assign`: a colleague's badge number.")
    until = MomentField(required=False, help_text="For `silence`: within the next 24 hours.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What the act needs is there, and nothing that belongs to another act."""
        needed = _NEEDS.get(attrs["act"])
        for name in _NEEDS.values():
            if (name == needed) != (name in attrs):
                wrong = "This act needs it." if name == needed else "This act does not take it."
                raise serializers.ValidationError({name: [wrong]})
        return attrs


class AlarmAnswerShape(serializers.Serializer[Any]):
    """What became of the act on one alarm."""

    alarm = serializers.UUIDField()
    done = serializers.BooleanField()
    code = serializers.CharField(allow_blank=True, help_text="Why it was not done; stable.")
    detail = serializers.CharField(allow_blank=True)


class AlarmBatchShape(serializers.Serializer[Any]):
    """What became of the act, alarm by alarm."""

    results = AlarmAnswerShape(many=True)


class AlarmBatchView(ScanningView):
    """One act on several alarms."""

    rights = {"POST": Right.ALARM_ACT}
    scopes = {"POST": Scope.ALARMS_WRITE}

    @extend_schema(
        operation_id="alarms_batch",
        request=AlarmBatchBody,
        responses={200: AlarmBatchShape, 207: AlarmBatchShape, **REFUSED, **INVALID},
    )
    def post(self, request: Request) -> Response:
        """Each alarm on its own: 200 when it was done to all, 207 when not; absent and hidden are `not_found`."""
        parameters_read(request, {})
        given = self.body(AlarmBatchBody)
        act, uids = _ACTS[given.pop("act")], given.pop("alarms")
        decider_of(self.principal, Right.ALARM_ACT, given["officer"])  # one refusal instead of one for each
        answers = alarms_each(uids=uids, act=_bound(self.principal, act, given))
        status = 207 if any(answer.code for answer in answers) else 200
        return Response({"results": [_shown(answer) for answer in answers]}, status=status)


def _bound(
    principal: Principal, act: Callable[..., object], given: dict[str, Any]
) -> Callable[[uuid.UUID], object]:
    said = given | {"comment": given.get("comment", "")}
    return lambda uid: act(acting_officer=principal, uid=uid, **said)


def _shown(answer: ActAnswer) -> dict[str, Any]:
    """AlarmAnswerShape."""
    return {
        "alarm": str(answer.uid),
        "done": not answer.code,
        "code": answer.code,
        "detail": answer.message,
    }

"""The shapes of access requests and cases."""

from typing import Any

from rest_framework import serializers

from agencies.api.bodies import Body, TextField
from intelligence.api.shapes import Choice, Moment, listed
from intelligence.choices import AccessState, CaseState, SharedKind


class AccessShape(serializers.Serializer[Any]):
    """A request as its asker may see it."""

    uid = serializers.UUIDField()
    reference = serializers.CharField()
    purpose = serializers.CharField()
    asked_at = Moment()
    closes_at = Moment()
    state = Choice(AccessState.choices)
    message = serializers.CharField(allow_blank=True)
    answered_at = Moment(allow_null=True)


class AccessCaseShape(serializers.Serializer[Any]):
    """A case as the owner may see it."""

    uid = serializers.UUIDField()
    kind = Choice(SharedKind.choices)
    record = serializers.UUIDField(source="record_uid")
    reference = serializers.CharField()
    asked_by = serializers.CharField()
    purpose = serializers.CharField()
    asked_at = Moment()
    closes_at = Moment(allow_null=True)
    state = Choice(CaseState.choices)
    is_open = serializers.BooleanField()
    probing = serializers.BooleanField()
    message = serializers.CharField(allow_blank=True)
    answered_at = Moment(allow_null=True)


class AccessBody(Body):
    """A reference, and what access is needed for; the owner reads it."""

    reference = TextField(max_length=40)
    purpose = TextField(max_length=300)


class AnswerBody(Body):
    """The owner's answer."""

    answer = Choice([(state.value, state.label) for state in CaseState if state != CaseState.OPEN])
    message = TextField(max_length=300, allow_blank=True, default="")


AccessPage = listed(AccessShape, "AccessRequestPage")
AccessCasePage = listed(AccessCaseShape, "AccessCasePage")

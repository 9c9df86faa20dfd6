"""The shapes of disseminations, recalls and tear-lines."""

from typing import Any

from rest_framework import serializers

from agencies.api.bodies import Body, MomentField, TextField
from intelligence.api.shapes import Choice, Moment, listed
from intelligence.choices import Ending, RecallState, SharedKind


class DisseminationShape(serializers.Serializer[Any]):
    """One record given to one agency. `readings` says how often it was read there, `ending` how the sharing ended."""

    uid = serializers.UUIDField()
    kind = Choice(SharedKind.choices)
    record = serializers.UUIDField()
    reference = serializers.CharField()
    recipient = serializers.CharField()
    purpose = serializers.CharField()
    show_recipients = serializers.BooleanField()
    given_at = Moment()
    given_by = serializers.CharField(allow_blank=True)
    expires_at = Moment(allow_null=True)
    readings = serializers.IntegerField()
    last_read_at = Moment(allow_null=True)
    ended_at = Moment(allow_null=True)
    ended_by = serializers.CharField(allow_blank=True)
    ending = Choice(Ending.choices, allow_null=True)
    ended_reason = serializers.CharField(allow_blank=True)


class RecallShape(serializers.Serializer[Any]):
    """A record taken back from one agency; `record` and `reason` are the owner's alone."""

    uid = serializers.UUIDField()
    kind = Choice(SharedKind.choices)
    record = serializers.UUIDField(allow_null=True)
    reference = serializers.CharField()
    owner = serializers.CharField()
    is_own = serializers.BooleanField()
    recipient = serializers.CharField()
    recalled_at = Moment()
    reason = serializers.CharField(allow_blank=True)
    readings = serializers.IntegerField()
    first_read_at = Moment(allow_null=True)
    last_read_at = Moment(allow_null=True)
    state = Choice(RecallState.choices)
    confirmed_at = Moment(allow_null=True)
    confirmed_by = serializers.CharField(allow_blank=True)


class ChangeShareBody(Body):
    """Until when, and why it changes."""

    expires_at = MomentField(allow_null=True)
    reason = TextField(max_length=300)


class DisseminationList(serializers.Serializer[Any]):
    """All of one record's."""

    results = DisseminationShape(many=True)


class TearLineShape(serializers.Serializer[Any]):
    """A lookout that stands in for another one."""

    uid = serializers.UUIDField()
    reference = serializers.CharField()


class TearLineList(serializers.Serializer[Any]):
    """All of one lookout's."""

    results = TearLineShape(many=True)


RecallPage = listed(RecallShape, "RecallPage")

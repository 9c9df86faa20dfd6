"""The shapes of proposals."""

from typing import Any

from rest_framework import serializers

from agencies.api.bodies import Body, TextField
from intelligence.api.shapes import Choice, Moment, listed
from intelligence.choices import ProposalState
from intelligence.rules.proposals import PROPOSABLE


class MergeShape(serializers.Serializer[Any]):
    """One field; `current` is null for everybody but the owner."""

    field = serializers.CharField()
    base = serializers.CharField(allow_blank=True)
    proposed = serializers.CharField(allow_blank=True)
    current = serializers.CharField(allow_null=True, allow_blank=True)
    conflict = serializers.BooleanField()


class ProposalShape(serializers.Serializer[Any]):
    """A proposal as this token may see it; `version` and `stale` are for the owner."""

    uid = serializers.UUIDField()
    lookout = serializers.UUIDField(source="lookout_uid", allow_null=True)
    reference = serializers.CharField()
    owner = serializers.CharField()
    is_own = serializers.BooleanField()
    proposer = serializers.CharField()
    reason = serializers.CharField()
    lines = MergeShape(many=True)
    state = Choice(ProposalState.choices)
    taken = serializers.ListField(child=serializers.CharField())
    created_at = Moment()
    decided_at = Moment(allow_null=True)
    decision_reason = serializers.CharField(allow_blank=True)
    version = serializers.CharField(allow_blank=True)
    stale = serializers.BooleanField()


class ChangesBody(Body):
    """New values of some fields, as texts; times in RFC 3339."""

    mark = TextField(max_length=40, required=False)
    country = TextField(max_length=2, required=False, allow_blank=True)
    action_code = TextField(max_length=10, required=False)
    priority = TextField(max_length=6, required=False)
    instruction = TextField(max_length=300, required=False, allow_blank=True)
    expires_at = TextField(max_length=40, required=False)
    review_due = TextField(max_length=10, required=False)


class ProposeBody(Body):
    """What is proposed, and why."""

    changes = ChangesBody()
    reason = TextField(max_length=300)


class AcceptBody(Body):
    """The version of the lookout that the owner has looked at, and which fields are taken over (all without)."""

    version = TextField(max_length=16)
    fields_ = serializers.ListField(child=serializers.ChoiceField(PROPOSABLE), required=False)

    def get_fields(self) -> dict[str, Any]:
        """`fields` is a name of the framework's own."""
        found = dict(super().get_fields())
        found["fields"] = found.pop("fields_")
        return found


class DiscardBody(Body):
    """Why not."""

    reason = TextField(max_length=300)


ProposalPage = listed(ProposalShape, "ProposalPage")

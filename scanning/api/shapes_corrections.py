"""The shapes of corrections of passages by hand."""

from typing import Any

from rest_framework import serializers

from agencies.api.bodies import Body, TextField
from intelligence.api.shapes import Choice, Moment
from scanning.choices_corrections import CorrectionFault, CorrectionKind, CorrectionState
from scanning.rules.corrections import MOST_EVENTS


class CorrectionShape(serializers.Serializer[Any]):
    """A correction of passages by hand, as far as its reader sees what it moved."""

    uid = serializers.UUIDField()
    kind = Choice(CorrectionKind.choices)
    state = Choice(CorrectionState.choices)
    fault = Choice(CorrectionFault.choices, allow_null=True)
    source = serializers.UUIDField()  # type: ignore[assignment]
    target = serializers.UUIDField()
    events = serializers.IntegerField(help_text="How many it moved; 0 while a merge waits.")
    reason = serializers.CharField()
    agency = serializers.CharField()
    made_at = Moment()
    done_at = Moment(allow_null=True)
    undoes = serializers.UUIDField(allow_null=True)
    undone_by = serializers.UUIDField(allow_null=True)


class CorrectionsShape(serializers.Serializer[Any]):
    """The corrections of one passage."""

    results = CorrectionShape(many=True)


class SplitBody(Body):
    """The events that belong to another vehicle, and why; the officer by badge number."""

    events = serializers.ListField(child=TextField(max_length=36), min_length=1, max_length=MOST_EVENTS)
    reason = TextField(max_length=300)
    officer = TextField(max_length=20)


class MergeBody(Body):
    """The other passage of the same vehicle, and why; the officer by badge number."""

    other = TextField(max_length=36)
    reason = TextField(max_length=300)
    officer = TextField(max_length=20)


class UndoBody(Body):
    """Why the correction was wrong; the officer by badge number."""

    reason = TextField(max_length=300)
    officer = TextField(max_length=20)

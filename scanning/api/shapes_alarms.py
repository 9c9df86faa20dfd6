"""The shapes of alarms, of what was done about them, and of the bodies that do it."""

from typing import Any

from rest_framework import serializers

from agencies.api.bodies import Body, MomentField, TextField
from intelligence.api.shapes import Choice, Moment, listed
from scanning.choices import AlarmAct, AlarmRule, DeviceKind, Severity

Code = serializers.CharField


class AlarmShape(serializers.Serializer[Any]):
    """An alarm: active until `cleared_at`, unacknowledged until `acknowledged_at`."""

    uid = serializers.UUIDField()
    device = Code()
    kind = Choice(DeviceKind.choices)
    lane = Code(allow_null=True)
    passage = serializers.UUIDField(allow_null=True)
    rule = Choice(AlarmRule.choices)
    severity = Choice(Severity.choices)
    raised_at = Moment()
    last_at = Moment()
    repeats = serializers.IntegerField()
    reopened = serializers.IntegerField(
        help_text="How often its device recovered and failed again within the hold."
    )
    detail = serializers.DictField()
    is_late = serializers.BooleanField()
    active = serializers.BooleanField()
    acknowledged = serializers.BooleanField()
    cleared_at = Moment(allow_null=True)
    cleared_by = serializers.CharField(
        allow_blank=True, help_text="The own agency's officers only; empty where its device put it out."
    )
    cleared_by_agency = Code(allow_blank=True)
    acknowledged_at = Moment(allow_null=True)
    acknowledged_by = serializers.CharField(allow_blank=True, help_text="The own agency's officers only.")
    acknowledged_by_agency = Code(allow_blank=True)
    comment = serializers.CharField(allow_blank=True, help_text="The latest one; `history/` tells all.")
    assigned_at = Moment(allow_null=True)
    assigned_to = serializers.CharField(allow_blank=True, help_text="The own agency's officers only.")
    assigned_to_agency = Code(allow_blank=True)
    escalated = serializers.BooleanField()
    escalated_at = Moment(allow_null=True)
    silenced = serializers.BooleanField()
    silenced_until = Moment(allow_null=True)
    silenced_by = serializers.CharField(allow_blank=True, help_text="The own agency's officers only.")
    silenced_by_agency = Code(allow_blank=True)


class AlarmNoteShape(serializers.Serializer[Any]):
    """One act on an alarm. `agency` is empty where the centre did it by itself."""

    at = Moment()
    act = Choice(AlarmAct.choices)
    officer = serializers.CharField(allow_blank=True, help_text="The own agency's officers only.")
    agency = Code(allow_blank=True)
    about = serializers.CharField(allow_blank=True, help_text="To whom it was assigned; own agency only.")
    until = Moment(allow_null=True)
    text = serializers.CharField(allow_blank=True)


class AlarmHistory(serializers.Serializer[Any]):
    """What was done about an alarm, oldest first."""

    results = AlarmNoteShape(many=True)


AlarmPage = listed(AlarmShape, "AlarmPage")


class AlarmActBody(Body):
    """Who acts on the alarm, and what is to be noted."""

    officer = TextField(max_length=20, help_text="Badge number: an officer acts, never a system.")
    comment = TextField(max_length=500, required=False, allow_blank=True)


class AlarmCommentBody(Body):
    """Who says something about the alarm."""

    officer = TextField(max_length=20, help_text="Badge number: an officer acts, never a system.")
    comment = TextField(max_length=500)


class AlarmAssignBody(AlarmActBody):
    """Who gives the alarm to which colleague."""

    to = TextField(max_length=40, help_text="Badge number of an officer of the own agency.")


class AlarmSilenceBody(AlarmCommentBody):
    """Who silences the alarm, until when and why."""

    until = MomentField(help_text="Within the next 24 hours.")

"""The shapes of outages, of the care of devices, of placements and of availability."""

from typing import Any

from rest_framework import serializers

from agencies.api.bodies import Body, MomentField, TextField
from intelligence.api.shapes import Choice, Moment, listed
from scanning.choices import DeviceKind
from scanning.choices_care import CareKind, OutageAct, OutageCause, OutageEffect, OutageKind, OutageStage
from scanning.rules.outages import WORKING_CHOICES


class OutageShape(serializers.Serializer[Any]):
    """An outage as this token may see it. `closed_at`: since when nobody has anything to do about it."""

    uid = serializers.UUIDField()
    device = serializers.CharField(source="device_code")
    device_uid = serializers.UUIDField(source="device.uid")
    site = serializers.CharField()
    lane = serializers.CharField(allow_blank=True)
    owner = serializers.CharField(source="device.owner")
    is_own = serializers.BooleanField()
    kind = Choice(OutageKind.choices)
    effect = Choice(OutageEffect.choices)
    stage = Choice(OutageStage.choices)
    begins_at = Moment()
    ends_at = Moment(allow_null=True)
    is_under_way = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    cause = Choice(OutageCause.choices, allow_null=True)
    remedy = serializers.CharField(allow_blank=True)
    ticket = serializers.CharField(allow_blank=True)
    expected_at = Moment(allow_null=True)
    opened_at = Moment()
    opened_by_agency = serializers.CharField(allow_blank=True)
    taken_at = Moment(allow_null=True)
    closed_at = Moment(allow_null=True)


class OutageNoteShape(serializers.Serializer[Any]):
    """One step of an outage; no agency: the clock."""

    at = Moment()
    act = Choice(OutageAct.choices)
    stage = Choice(OutageStage.choices, allow_null=True)
    agency = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)


class OutageHistoryShape(serializers.Serializer[Any]):
    """All steps, oldest first."""

    results = OutageNoteShape(many=True)


class OutageReportBody(Body):
    """What is wrong with the device; `since` may be left out for now."""

    reason = TextField(max_length=300)
    effect = serializers.ChoiceField(OutageEffect.choices, required=False)
    since = MomentField(required=False)


class DowntimeBody(Body):
    """Downtime that is planned."""

    begins_at = MomentField()
    ends_at = MomentField()
    reason = TextField(max_length=300)
    effect = serializers.ChoiceField(OutageEffect.choices, required=False)


class OutageCommentBody(Body):
    """What one knows."""

    comment = TextField(max_length=300)


class OutageWorkBody(Body):
    """Where the case stands; what is left out stays as it was."""

    stage = serializers.ChoiceField(WORKING_CHOICES)
    effect = serializers.ChoiceField(OutageEffect.choices, required=False)
    cause = serializers.ChoiceField(OutageCause.choices, required=False)
    expected_at = MomentField(required=False)
    ticket = TextField(max_length=60, required=False)
    comment = TextField(max_length=500, required=False)


class OutageEndBody(Body):
    """Since when it works again; now when left out."""

    at = MomentField(required=False)
    comment = TextField(max_length=500, required=False)


class OutageMoveBody(Body):
    """Until when the planned downtime lasts, and why."""

    ends_at = MomentField()
    comment = TextField(max_length=300)


class OutageCloseBody(Body):
    """Why it did not work, and what helped."""

    cause = serializers.ChoiceField(OutageCause.choices)
    remedy = TextField(max_length=300)


class CareShape(serializers.Serializer[Any]):
    """What was done to a device. A withdrawn entry was wrong."""

    uid = serializers.UUIDField()
    kind = Choice(CareKind.choices)
    done_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    firmware = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True)
    certificate = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    made_at = Moment()
    withdrawn_at = Moment(allow_null=True)
    withdrawn_why = serializers.CharField(allow_blank=True)


class CareListShape(serializers.Serializer[Any]):
    """The entries of one device, the latest first; `firmware`: what runs."""

    firmware = serializers.CharField(allow_blank=True)
    results = CareShape(many=True)


class CareBody(Body):
    """What was done on which day, and when the next is due."""

    kind = serializers.ChoiceField(CareKind.choices)
    done_on = serializers.DateField()
    due_on = serializers.DateField(required=False)
    firmware = TextField(max_length=60, required=False)
    by = TextField(max_length=120, required=False)
    certificate = TextField(max_length=120, required=False)
    note = TextField(max_length=300, required=False)


class PlacementShape(serializers.Serializer[Any]):
    """Where a device stood; `lane` is empty where this token may not see it."""

    site = serializers.CharField()
    lane = serializers.CharField(allow_blank=True)
    in_service = serializers.BooleanField()
    from_at = Moment()
    until_at = Moment(allow_null=True)


class PlacementsShape(serializers.Serializer[Any]):
    """The latest first."""

    results = PlacementShape(many=True)


class AvailabilityRowShape(serializers.Serializer[Any]):
    """One device, technique, site or agency; times in seconds, shares null where nothing was in service.

    `operational` counts all downtime, `inherent` leaves planned downtime out. `unwatched`: of so many of its devices
    silence is not noticed by the clock.
    """

    key = serializers.CharField(allow_blank=True)
    kinds = serializers.ListField(child=Choice(DeviceKind.choices))
    devices = serializers.IntegerField()
    unwatched = serializers.IntegerField()
    service_s = serializers.FloatField(source="uptime.service_s")
    planned_s = serializers.FloatField(source="uptime.planned_s")
    unplanned_s = serializers.FloatField(source="uptime.unplanned_s")
    operational = serializers.FloatField(source="uptime.operational", allow_null=True)
    inherent = serializers.FloatField(source="uptime.inherent", allow_null=True)
    breakdowns = serializers.IntegerField(source="uptime.breakdowns")
    repair_s = serializers.FloatField(source="uptime.repair_s", allow_null=True)
    delay_s = serializers.FloatField(source="uptime.delay_s", allow_null=True)
    between_s = serializers.FloatField(source="uptime.between_s", allow_null=True)


class AvailabilityShape(serializers.Serializer[Any]):
    """The rows, the least available first."""

    results = AvailabilityRowShape(many=True)


OutagePage = listed(OutageShape, "OutagePage")

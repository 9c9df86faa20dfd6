"""The shapes of what goes out, for the schema; scanning/api/show.py fills them (a test holds both together)."""

from typing import Any

from rest_framework import serializers

from intelligence.api.shapes import Choice, Moment, listed
from scanning.api.shapes_alarms import AlarmShape
from scanning.choices import (
    DeliveryState,
    DeviceFormat,
    DeviceKind,
    EventType,
    MarkKind,
    Result,
)
from scanning.selectors.devices import STATES

Code = serializers.CharField


class DeviceShape(serializers.Serializer[Any]):
    """A detection device and how it does. `since` says from when on it is in its state."""

    uid = serializers.UUIDField()
    code = Code()
    name_en = serializers.CharField()
    name_fr = serializers.CharField()
    kind = Choice(DeviceKind.choices)
    site = Code()
    lane = Code(allow_null=True)
    owner = Code(allow_blank=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    state = Choice(STATES)
    since = Moment(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    last_received_at = Moment(allow_null=True)
    last_event_at = Moment(allow_null=True)
    clock_skew_ms = serializers.IntegerField(allow_null=True)
    open_alarms = serializers.IntegerField()


class PartShape(serializers.Serializer[Any]):
    """What one device saw of a passage: from when to when, and its latest result."""

    device = Code()
    kind = Choice(DeviceKind.choices)
    lane = Code(allow_null=True)
    first_at = Moment()
    last_at = Moment()
    result = Choice(Result.choices)
    events = serializers.IntegerField()


class MarkShape(serializers.Serializer[Any]):
    """A mark as one device read it."""

    kind = Choice(MarkKind.choices)
    value = serializers.CharField()
    country = serializers.CharField(allow_blank=True)
    confidence = serializers.FloatField(allow_null=True)
    device = Code()
    first_at = Moment()
    last_at = Moment()


class PassageShape(serializers.Serializer[Any]):
    """One visit of one vehicle, put together from what this token may see."""

    uid = serializers.UUIDField()
    site = Code()
    lane = Code(allow_null=True)
    first_seen_at = Moment()
    last_seen_at = Moment()
    marks = MarkShape(many=True)
    results = PartShape(many=True)


class EventShape(serializers.Serializer[Any]):
    """One event of a device: corrected time, the device's own, and that of receipt."""

    uid = serializers.UUIDField()
    device = Code()
    kind = Choice(DeviceKind.choices)
    type = Choice(EventType.choices)
    result = Choice(Result.choices)
    at = Moment()
    device_at = Moment()
    received_at = Moment()
    is_late = serializers.BooleanField()
    confidence = serializers.FloatField(allow_null=True)
    mark = serializers.CharField(allow_blank=True)
    detail = serializers.DictField()


class PassageStoryShape(PassageShape):
    """A passage with its events and alarms."""

    events = EventShape(many=True)
    alarms = AlarmShape(many=True)


class LaneShape(serializers.Serializer[Any]):
    """A lane with its devices, and the lorry in it at the moment."""

    uid = serializers.UUIDField()
    code = Code()
    name_en = serializers.CharField()
    name_fr = serializers.CharField()
    site = Code()
    shape = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))
    devices = DeviceShape(many=True)
    vehicle = PassageShape(allow_null=True)


class DeliveryShape(serializers.Serializer[Any]):
    """What became of a delivery. `items` names each event that was not simply taken."""

    receipt = serializers.UUIDField()
    state = Choice(DeliveryState.choices)
    received_at = Moment()
    done_at = Moment(allow_null=True)
    device = Code(allow_null=True)
    format = Choice(DeviceFormat.choices)
    size = serializers.IntegerField()
    code = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)
    events = serializers.IntegerField()
    repeated = serializers.IntegerField()
    conflicts = serializers.IntegerField()
    problems = serializers.IntegerField()
    items = serializers.ListField(child=serializers.DictField())


DevicePage = listed(DeviceShape, "DevicePage")
LanePage = listed(LaneShape, "LanePage")
PassagePage = listed(PassageShape, "PassagePage")

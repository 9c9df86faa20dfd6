"""The shapes of scan requests and of the rules of lawful use."""

from typing import Any

from rest_framework import serializers

from agencies.api.bodies import Body, MomentField, TextField
from intelligence.api.shapes import Choice, Moment, listed
from scanning.choices import Body as LoadBody
from scanning.choices import DeviceKind, RequestState, Result, ScanPurpose, UseVerdict
from scanning.rules.requests import RESULT_CHOICES


class RuleShape(serializers.Serializer[Any]):
    """One rule of lawful use; `territory` is a country or empty for everywhere."""

    uid = serializers.UUIDField()
    agency = serializers.CharField()
    technique = Choice(DeviceKind.choices)
    purpose = Choice(ScanPurpose.choices)
    territory = serializers.CharField(allow_blank=True)
    verdict = Choice(UseVerdict.choices)
    soft_sided_only = serializers.BooleanField()
    engine_off = serializers.BooleanField()
    condition_en = serializers.CharField(allow_blank=True)
    condition_fr = serializers.CharField(allow_blank=True)
    basis = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    in_force = serializers.BooleanField()


class RulesShape(serializers.Serializer[Any]):
    """All rules that were asked for; a matrix has no pages."""

    results = RuleShape(many=True)


class ScanRequestShape(serializers.Serializer[Any]):
    """A scan request as this token may see it; `passage` is null for whoever does not see the passage."""

    uid = serializers.UUIDField()
    reference = serializers.CharField()
    asker = serializers.CharField()
    asked = serializers.CharField()
    is_own = serializers.BooleanField()
    technique = Choice(DeviceKind.choices)
    purpose = Choice(ScanPurpose.choices)
    note = serializers.CharField()
    verdict = Choice(UseVerdict.choices)
    justification = serializers.CharField(allow_blank=True)
    mark = serializers.CharField(allow_blank=True)
    country = serializers.CharField(allow_blank=True)
    body = Choice(LoadBody.choices, allow_null=True)
    site = serializers.CharField()
    lane = serializers.CharField(allow_blank=True)
    passage = serializers.UUIDField(allow_null=True)
    created_at = Moment()
    needed_by = Moment()
    state = Choice(RequestState.choices)
    scheduled_at = Moment(allow_null=True)
    answer = serializers.CharField(allow_blank=True)
    answered_at = Moment(allow_null=True)
    result = Choice(Result.choices, allow_null=True)
    finding = serializers.CharField(allow_blank=True)
    closed_at = Moment(allow_null=True)
    closing = serializers.CharField(allow_blank=True)


class AskBody(Body):
    """What is asked of whom; `justification` where the lawful-use matrix states nothing, or the body does not fit."""

    technique = serializers.ChoiceField(DeviceKind.choices)
    agency = TextField(max_length=12)
    purpose = serializers.ChoiceField(ScanPurpose.choices)
    note = TextField(max_length=300)
    needed_by = MomentField()
    body = serializers.ChoiceField(LoadBody.choices, required=False)
    justification = TextField(max_length=300, required=False, allow_blank=True)


class AcceptScanBody(Body):
    """When it is planned for, and a word to the asker; both may be left out."""

    scheduled_at = MomentField(required=False)
    answer = TextField(max_length=300, required=False, allow_blank=True)


class ReasonBody(Body):
    """Why."""

    reason = TextField(max_length=300)


class DoneBody(Body):
    """The result, and what was seen: only this goes to the asker."""

    result = serializers.ChoiceField(RESULT_CHOICES)
    finding = TextField(max_length=300)


ScanRequestPage = listed(ScanRequestShape, "ScanRequestPage")

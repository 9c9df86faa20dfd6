"""The shapes of adjudications, later finds and rates."""

from typing import Any

from rest_framework import serializers

from agencies.api.bodies import Body, MomentField, TextField
from intelligence.api.shapes import Choice, Moment
from scanning.choices import Adjudged, DeviceKind, Find


class AdjudicationShape(serializers.Serializer[Any]):
    """What an alarm turned out to be; a replaced one has been corrected by a later one."""

    uid = serializers.UUIDField()
    code = Choice(Adjudged.choices)
    note = serializers.CharField(allow_blank=True)
    made_at = Moment()
    agency = serializers.CharField()
    replaced_at = Moment(allow_null=True)


class AdjudicateBody(Body):
    """What it was; the officer by badge number."""

    code = serializers.ChoiceField(Adjudged.choices)
    note = TextField(max_length=300, required=False, allow_blank=True)
    officer = TextField(max_length=20)


class LaterFindShape(serializers.Serializer[Any]):
    """A find that was made after the passage."""

    uid = serializers.UUIDField()
    reference = serializers.CharField()
    passage = serializers.UUIDField()
    owner = serializers.CharField()
    found_at = Moment()
    place = serializers.CharField()
    finds = serializers.ListField(child=Choice(Find.choices))
    persons = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()
    created_at = Moment()


class FindBody(Body):
    """What was found, where, when, how it was hidden, and who is told."""

    found_at = MomentField()
    place = TextField(max_length=120)
    finds = serializers.ListField(child=serializers.ChoiceField(Find.choices), min_length=1, max_length=3)
    persons = serializers.IntegerField(required=False, allow_null=True)
    note = TextField(max_length=300)
    agencies = serializers.ListField(child=TextField(max_length=12), required=False, max_length=20)


class RateShape(serializers.Serializer[Any]):
    """A share with its 95 % interval (Wilson); null where there is nothing to count."""

    part = serializers.IntegerField()
    whole = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class RateRowShape(serializers.Serializer[Any]):
    """One device, technique, lane or agency. `minutes_per_find`: what its suspicions cost in searching."""

    key = serializers.CharField(allow_blank=True)
    kinds = serializers.ListField(child=Choice(DeviceKind.choices))
    looked = serializers.IntegerField(source="tally.looked")
    suspect = serializers.IntegerField(source="tally.suspect")
    real = serializers.IntegerField(source="tally.real")
    persons = serializers.IntegerField(source="tally.persons", help_text="Of the real ones: with persons.")
    goods = serializers.IntegerField(source="tally.goods")
    radiation = serializers.IntegerField(source="tally.radiation")
    innocent = serializers.IntegerField(source="tally.innocent")
    false = serializers.IntegerField(source="tally.false")
    open = serializers.IntegerField(source="tally.open")
    misses = serializers.IntegerField(source="tally.misses")
    real_rate = RateShape(source="tally.real_rate")
    false_rate = RateShape(source="tally.false_rate")
    detection_rate = RateShape(source="tally.detection_rate")
    minutes_per_find = serializers.FloatField(source="tally.minutes_per_find", allow_null=True)


class RatesShape(serializers.Serializer[Any]):
    """The rates of visible devices, and what random searches say of all that passes."""

    results = RateRowShape(many=True, source="rows")
    random = RateShape()
    searches = RateShape()

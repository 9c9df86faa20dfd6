"""The shapes of pictures, their notes, and what keeps them."""

from typing import Any

from rest_framework import serializers

from agencies.api.bodies import Body, TextField
from intelligence.api.shapes import Choice, Moment
from scanning.choices import POSTED_STATES, View


class ImageShape(serializers.Serializer[Any]):
    """One picture; its bytes are at `content/`, a small one at `preview/`. Sizes in bytes and pixels."""

    uid = serializers.UUIDField()
    device = serializers.CharField()
    event_id = serializers.CharField()
    event_at = Moment(allow_null=True)
    view = Choice(View.choices)
    sha256 = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    received_at = Moment()
    expires_at = Moment()
    by_hand = serializers.BooleanField()
    kept = serializers.BooleanField(help_text="Whether the own agency keeps it as evidence.")


class ImagesShape(serializers.Serializer[Any]):
    """The pictures of one passage, in the order of its events."""

    results = ImageShape(many=True)


class RegionShape(serializers.Serializer[Any]):
    """A part of the picture, as shares of its width and height from the upper left corner."""

    left = serializers.FloatField()
    top = serializers.FloatField()
    width = serializers.FloatField()
    height = serializers.FloatField()


class ImageNoteShape(serializers.Serializer[Any]):
    """One note; `withdrawn_at` when a later note took it back."""

    uid = serializers.UUIDField()
    at = Moment()
    agency = serializers.CharField()
    region = RegionShape(allow_null=True)
    text = serializers.CharField()
    withdrawn_at = Moment(allow_null=True)
    withdrawn_because = serializers.CharField(allow_blank=True)


class ImageStoryShape(ImageShape):
    """One picture with its notes."""

    passage = serializers.UUIDField(allow_null=True)
    notes = ImageNoteShape(many=True)


class RegionBody(Body):
    """Shares of width and height."""

    left = serializers.FloatField(min_value=0, max_value=1)
    top = serializers.FloatField(min_value=0, max_value=1)
    width = serializers.FloatField(min_value=0, max_value=1)
    height = serializers.FloatField(min_value=0, max_value=1)


class ImageNoteBody(Body):
    """Some words, perhaps about a part; the officer by badge number."""

    text = TextField(max_length=300)
    region = RegionBody(required=False, allow_null=True)
    officer = TextField(max_length=20)


class ImageReasonBody(Body):
    """What for, or why no longer; the officer by badge number."""

    reason = TextField(max_length=300)
    officer = TextField(max_length=20)


class ImagePostedShape(serializers.Serializer[Any]):
    """What a device gets back; no `image` when the same one came before and has expired."""

    image = serializers.UUIDField(allow_null=True)
    state = serializers.ChoiceField(choices=POSTED_STATES)

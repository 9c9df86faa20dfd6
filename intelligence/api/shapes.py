"""The shapes of what goes in and out; codes, never translated words."""

import datetime as dt
import functools
from typing import Any

from rest_framework import serializers

from agencies.api.bodies import Body, MomentField, TextField
from agencies.choices import Caveat
from intelligence.choices import (
    ActionCode,
    CheckOutcome,
    DisclosureMode,
    HitState,
    LookoutKind,
    LookoutState,
    NoticeState,
    Priority,
    RejectReason,
    Strength,
)
from intelligence.rules.handling import SCHEME_NAMES

Choice = serializers.ChoiceField
Moment = functools.partial(serializers.DateTimeField, default_timezone=dt.UTC)  # the API speaks UTC


class DeskShape(serializers.Serializer[Any]):
    """The desk that the front line is referred to."""

    code = serializers.CharField()
    name_en = serializers.CharField()
    name_fr = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    agency = serializers.CharField()


class HandlingShape(serializers.Serializer[Any]):
    """One handling instruction as it was received; never converted."""

    scheme = Choice([(name, name) for name in SCHEME_NAMES])
    version = serializers.CharField()
    codes = serializers.ListField(child=serializers.CharField())
    conditions = serializers.CharField(allow_blank=True)


class LookoutShape(serializers.Serializer[Any]):
    """A lookout as this token may see it; the last fields are the owner's alone and empty for others."""

    uid = serializers.UUIDField()
    reference = serializers.CharField()
    owner = serializers.CharField()
    is_own = serializers.BooleanField()
    kind = Choice(LookoutKind.choices)
    mark = serializers.CharField()
    country = serializers.CharField(allow_blank=True)
    action_code = Choice(ActionCode.choices)
    mode = Choice(DisclosureMode.choices)
    priority = Choice(Priority.choices)
    desk = DeskShape(allow_null=True)
    instruction = serializers.CharField(allow_blank=True)
    state = Choice(LookoutState.choices)
    classification = serializers.IntegerField()
    caveat = Choice(Caveat.choices)
    marking_received = serializers.CharField(allow_blank=True)
    handling = HandlingShape(many=True)
    created_at = Moment()
    expires_at = Moment(allow_null=True)
    review_due = serializers.DateField()
    review_overdue = serializers.BooleanField()
    withdrawn_at = Moment(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    notified_agencies = serializers.ListField(child=serializers.CharField())
    shared_with = serializers.ListField(child=serializers.CharField())
    recipients = serializers.ListField(child=serializers.CharField())
    withdrawn_reason = serializers.CharField(allow_blank=True)


class SeenShape(serializers.Serializer[Any]):
    """What hits and notices have in common: where, when and how well the mark was seen."""

    uid = serializers.UUIDField()
    reference = serializers.CharField()
    owner = serializers.CharField()
    is_own = serializers.BooleanField()
    priority = Choice(Priority.choices)
    strength = Choice(Strength.choices)
    mark_seen = serializers.CharField()
    mark_sought = serializers.CharField()
    country_seen = serializers.CharField(allow_blank=True)
    mark_confidence = serializers.FloatField(allow_null=True)
    passage = serializers.UUIDField(source="passage_uid", allow_null=True)
    place = serializers.CharField(allow_blank=True)
    seen_at = Moment()
    last_seen_at = Moment()
    sightings = serializers.IntegerField()
    is_late = serializers.BooleanField()
    by_check = serializers.BooleanField()
    decided_by = serializers.CharField(allow_blank=True)
    decided_agency = serializers.CharField(allow_blank=True)
    decided_at = Moment(allow_null=True)
    reject_reason = Choice(RejectReason.choices, allow_null=True)
    outcome = serializers.CharField(allow_blank=True)


class HitShape(SeenShape):
    """A match of an own lookout; a hit once an officer has confirmed it."""

    state = Choice(HitState.choices)
    lookout = serializers.UUIDField(source="lookout_uid", allow_null=True)
    lookout_reference = serializers.CharField(allow_blank=True)
    mode = Choice(DisclosureMode.choices, allow_null=True)
    action_code = Choice(ActionCode.choices, allow_null=True)
    country_sought = serializers.CharField(allow_blank=True)
    notice = serializers.UUIDField(source="notice_uid", allow_null=True)
    notice_state = Choice(NoticeState.choices, allow_null=True)
    checked_by = serializers.CharField(allow_blank=True)


class NoticeShape(SeenShape):
    """What the front line is told: the action or the desk, never the reason."""

    state = Choice(NoticeState.choices)
    mode = Choice(DisclosureMode.choices)
    action_code = Choice(ActionCode.choices)
    instruction = serializers.CharField(allow_blank=True)
    desk = DeskShape(allow_null=True)
    sounds = serializers.BooleanField()
    escalated_at = Moment(allow_null=True)
    escalations = serializers.IntegerField()
    taken_by = serializers.CharField(allow_blank=True)
    taken_agency = serializers.CharField(allow_blank=True)
    taken_at = Moment(allow_null=True)


class CheckShape(serializers.Serializer[Any]):
    """A check; `outcome` is null until it is answered."""

    uid = serializers.UUIDField()
    mark = serializers.CharField()
    purpose = serializers.CharField()
    place = serializers.CharField(allow_blank=True)
    asked_at = Moment()
    answered_at = Moment(allow_null=True)
    outcome = Choice(CheckOutcome.choices, allow_null=True)
    notices = serializers.ListField(source="notice_uids", child=serializers.UUIDField())


def listed(shape: type[serializers.Serializer[Any]], name: str) -> type[serializers.Serializer[Any]]:
    """The shape of one page of a list."""
    fields = {
        "results": shape(many=True),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "__doc__": "One page, newest first.",
    }
    return type(name, (serializers.Serializer,), fields)


LookoutPage = listed(LookoutShape, "LookoutPage")
HitPage = listed(HitShape, "HitPage")
NoticePage = listed(NoticeShape, "NoticePage")
CheckPage = listed(CheckShape, "CheckPage")


class HandlingBody(Body):
    """One handling instruction as received, in its own scheme and version (the newest where none is named)."""

    scheme = Choice([(name, name) for name in SCHEME_NAMES])
    version = TextField(max_length=12, allow_blank=True, default="")
    codes = serializers.ListField(child=TextField(max_length=14), min_length=1, max_length=8)
    conditions = TextField(max_length=500, allow_blank=True, default="")


class LookoutBody(Body):
    """A lookout to be entered. A `stop` or `refer` discloses to the agencies named that somebody looks."""

    mark = TextField(max_length=40)
    kind = Choice(LookoutKind.choices, default=LookoutKind.PLATE.value)
    country = TextField(max_length=2, allow_blank=True, default="", help_text="ISO 3166 alpha-2.")
    action_code = Choice(ActionCode.choices)
    mode = Choice(DisclosureMode.choices, default=DisclosureMode.SILENT.value)
    notified_agencies = serializers.ListField(child=TextField(max_length=12), max_length=50, default=list)
    desk = TextField(max_length=20, allow_blank=True, default="")
    priority = Choice(Priority.choices, default=Priority.MEDIUM.value)
    reason = TextField(max_length=2000)
    instruction = TextField(max_length=300, allow_blank=True, default="")
    classification = serializers.IntegerField(default=0, min_value=0, max_value=100)
    caveat = Choice(Caveat.choices, default=Caveat.NONE.value)
    marking = TextField(
        max_length=80,
        allow_blank=True,
        default="",
        help_text="The protective marking as received, in the words of either state; kept as it is.",
    )
    handling = HandlingBody(many=True, default=list)
    not_marked_higher = serializers.BooleanField(
        default=False, help_text="That a text which begins like a marking above the ceiling bears none."
    )
    expires_at = MomentField()
    review_due = serializers.DateField()


class WithdrawBody(Body):
    """Why the lookout is withdrawn."""

    reason = TextField(max_length=300)


class ExtendBody(Body):
    """Until when the lookout is renewed, and why."""

    expires_at = MomentField()
    review_due = serializers.DateField()
    reason = TextField(max_length=300)


class RecallBody(Body):
    """Which agencies, and for what."""

    agencies = serializers.ListField(child=TextField(max_length=12), min_length=1, max_length=50)
    purpose = TextField(max_length=300)


class ShareBody(RecallBody):
    """Which agencies, for what, until when (null: until it is recalled), and whether they may know of each other."""

    expires_at = MomentField(allow_null=True, default=None)
    show_recipients = serializers.BooleanField(default=False)


class TakeBody(Body):
    """Who takes the notice."""

    officer = TextField(max_length=20, help_text="Badge number: an officer decides, never a system.")


class DecideBody(TakeBody):
    """Whether it is the vehicle, and what was done."""

    confirmed = serializers.BooleanField()
    reject_reason = Choice(RejectReason.choices, required=False, default="")
    outcome = TextField(max_length=500, allow_blank=True, default="")


class CheckBody(Body):
    """A mark to be checked, and for what."""

    mark = TextField(max_length=40)
    purpose = TextField(max_length=300)
    place = TextField(max_length=120, allow_blank=True, default="")

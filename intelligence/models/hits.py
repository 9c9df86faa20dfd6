"""The owner's hit and the front line's notice: two rows with two audiences (design.md §7, masked hits)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.grants import GroupGrant
from agencies.models import Desk, Officer, Protected
from intelligence.choices import (
    ActionCode,
    DisclosureMode,
    HitState,
    NoticeState,
    Priority,
    RejectReason,
    Strength,
)
from intelligence.models.lookouts import Lookout


class Sighting(models.Model):
    """Where and when a watched mark was seen. Scanning stands above us, so its rows are named by uid.

    The best reading stands here; place, lane and device are those of the last sighting.
    """

    mark_seen = models.CharField(_("mark as read"), max_length=40)
    mark_sought = models.CharField(_("mark looked for"), max_length=40)
    country_seen = models.CharField(_("country as read"), max_length=2, blank=True)
    mark_confidence = models.FloatField(_("confidence of the reading"), null=True)
    strength = models.CharField(_("match"), max_length=6, choices=Strength.choices)
    passage_uid = models.UUIDField(_("passage"), null=True, db_index=True)
    device_id = models.BigIntegerField(null=True)
    lane_id = models.BigIntegerField(null=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    sightings = models.PositiveIntegerField(_("sightings"), default=1)
    is_late = models.BooleanField(_("found late"), default=False)
    by_check = models.BooleanField(_("by a check by hand"), default=False)

    class Meta:
        abstract = True


class Hit(Protected, Sighting):
    """A match of a lookout, for its owner. It is a hit only once an officer has confirmed it."""

    reference = models.CharField(_("reference"), max_length=32, editable=False)
    lookout = models.ForeignKey(
        Lookout, on_delete=models.PROTECT, related_name="hits", verbose_name=_("lookout")
    )
    state = models.CharField(_("state"), max_length=9, choices=HitState.choices, default=HitState.MATCH)
    priority = models.CharField(_("priority"), max_length=6, choices=Priority.choices)
    checked_by_group_id = models.IntegerField(_("checked by"), null=True, editable=False)
    decided_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    reject_reason = models.CharField(_("why not"), max_length=16, choices=RejectReason.choices, blank=True)
    outcome = models.CharField(_("what was done"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("hit")
        verbose_name_plural = _("hits")
        ordering = ["-seen_at", "-id"]
        constraints = [
            # A check by hand has no passage: each one is a sighting of its own.
            models.UniqueConstraint(fields=["lookout", "passage_uid"], name="one_hit_per_lookout_and_passage")
        ]
        indexes = [
            models.Index(fields=["-seen_at", "-id"], name="hit_newest"),
            models.Index(fields=["-seen_at", "-id"], name="hit_waiting", condition=models.Q(state="match")),
        ]

    def __str__(self) -> str:
        return self.reference


class HitGrant(GroupGrant):
    """Which groups may read a hit."""

    allowed_codenames = frozenset({"view_hit"})
    content_object = models.ForeignKey(Hit, on_delete=models.CASCADE, related_name="grants")


class Notice(Protected, Sighting):
    """What the front line is told of a match: the action or the desk, never the reason.

    The originator is the lookout's owner; the agencies named there are granted the view and may take it,
    confirm the vehicle or reject the match. The worker carries their decision back to the hit.
    """

    reference = models.CharField(_("reference"), max_length=32, editable=False)
    hit = models.OneToOneField(Hit, on_delete=models.PROTECT, related_name="notice", editable=False)
    mode = models.CharField(_("disclosure"), max_length=6, choices=DisclosureMode.choices)
    action_code = models.CharField(_("action code"), max_length=10, choices=ActionCode.choices)
    instruction = models.CharField(_("instruction"), max_length=300, blank=True)
    desk = models.ForeignKey(
        Desk, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("desk")
    )
    priority = models.CharField(_("priority"), max_length=6, choices=Priority.choices)
    state = models.CharField(_("state"), max_length=9, choices=NoticeState.choices, default=NoticeState.OPEN)
    escalated_at = models.DateTimeField(_("escalated"), null=True)
    escalations = models.PositiveSmallIntegerField(_("escalations"), default=0)
    taken_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(_("taken"), null=True)
    decided_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)
    reject_reason = models.CharField(_("why not"), max_length=16, choices=RejectReason.choices, blank=True)
    outcome = models.CharField(_("what was done"), max_length=500, blank=True)
    reflected_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-seen_at", "-id"]
        indexes = [
            models.Index(fields=["-seen_at", "-id"], name="notice_newest"),
            models.Index(
                fields=["-seen_at", "-id"],
                name="notice_open",
                condition=models.Q(state__in=["open", "taken"]),
            ),
            models.Index(
                fields=["decided_at"],
                name="notice_to_reflect",
                condition=models.Q(decided_at__isnull=False, reflected_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class NoticeGrant(GroupGrant):
    """Which groups may read a notice and act on it."""

    allowed_codenames = frozenset({"view_notice"})
    content_object = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="grants")

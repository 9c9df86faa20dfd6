"""Asking for a record that is known by its reference only: the asker's request and the owner's case.

They are two rows with two audiences, as a hit and a notice are: the request of an absent record and that of a
hidden one are alike to the last column.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.access import OwnedQuerySet
from agencies.grants import GroupGrant
from agencies.models import Officer, Protected
from intelligence.choices import AccessOutcome, CaseState
from intelligence.models.subjects import AboutRecord


class AccessRequest(models.Model):
    """Who asked for which reference, and why. It closes by itself; what the owner tells stands in `outcome`."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency_group_id = models.IntegerField()
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    account_uid = models.UUIDField(null=True)
    reference = models.CharField(_("reference"), max_length=32)
    purpose = models.CharField(_("purpose"), max_length=300)
    asked_at = models.DateTimeField(_("asked"), auto_now_add=True)
    closes_at = models.DateTimeField(_("closes"))
    routed_at = models.DateTimeField(null=True, editable=False)
    outcome = models.CharField(_("answer"), max_length=8, choices=AccessOutcome.choices, blank=True)
    message = models.CharField(_("what was written"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("access request")
        verbose_name_plural = _("access requests")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(
                fields=["asked_at"], name="access_unrouted", condition=models.Q(routed_at__isnull=True)
            ),
            models.Index(fields=["agency_group_id", "-asked_at"], name="access_newest"),
        ]

    def __str__(self) -> str:
        return self.reference


class AccessCase(AboutRecord, Protected):
    """A request that concerns a record which exists, for its owner alone to answer."""

    request_uid = models.UUIDField(unique=True, editable=False)
    asker_group_id = models.IntegerField(_("asked by"))
    purpose = models.CharField(_("purpose"), max_length=300)
    asked_at = models.DateTimeField(_("asked"))
    probing = models.BooleanField(_("many references in a row"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=CaseState.choices, default=CaseState.OPEN)
    message = models.CharField(_("what was written"), max_length=300, blank=True)
    answered_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)
    carried_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("access case")
        verbose_name_plural = _("access cases")
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="case_newest"),
            models.Index(
                fields=["answered_at"],
                name="case_to_carry",
                condition=models.Q(answered_at__isnull=False, carried_at__isnull=True),
            ),
        ]


class AccessCaseGrant(GroupGrant):
    """Which groups may read an access case: its owner."""

    allowed_codenames = frozenset({"view_accesscase"})
    content_object = models.ForeignKey(AccessCase, on_delete=models.CASCADE, related_name="grants")

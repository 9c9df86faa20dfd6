"""Scan requests: one agency asks another for a scan of a vehicle that it sees."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.grants import GroupGrant
from agencies.models import Officer, Protected
from scanning.choices import Body, DeviceKind, RequestState, Result, ScanPurpose, UseVerdict
from scanning.models.equipment import Site


class ScanRequest(Protected):
    """A scan of one passage by another agency's technique. The originator asks, the asked agency is granted it.

    What tells of the vehicle (mark, lane) is what the asker sees and chooses to tell; the passage itself stays visible
    through its devices alone.
    """

    reference = models.CharField(_("reference"), max_length=32, unique=True, editable=False)
    passage_uid = models.UUIDField(editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    lane_code = models.CharField(_("lane"), max_length=24, blank=True)
    mark = models.CharField(_("mark"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    body = models.CharField(_("body"), max_length=9, choices=Body.choices, blank=True)
    technique = models.CharField(_("technique"), max_length=10, choices=DeviceKind.choices)
    purpose = models.CharField(_("purpose"), max_length=10, choices=ScanPurpose.choices)
    note = models.CharField(_("what to look for"), max_length=300)
    verdict = models.CharField(_("lawful use"), max_length=9, choices=UseVerdict.choices)
    justification = models.CharField(_("why all the same"), max_length=300, blank=True)
    needed_by = models.DateTimeField(_("needed by"))
    asked_group_id = models.IntegerField(_("asked"))
    asked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        _("state"), max_length=9, choices=RequestState.choices, default=RequestState.ASKED
    )
    scheduled_at = models.DateTimeField(_("planned for"), null=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    answered_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)
    result = models.CharField(_("result"), max_length=13, choices=Result.choices, blank=True)
    finding = models.CharField(_("what was seen"), max_length=300, blank=True)
    closed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("closed"), null=True)
    closing = models.CharField(_("why it was taken back"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("scan request")
        verbose_name_plural = _("scan requests")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="request_newest"),
            models.Index(fields=["passage_uid"], name="request_passage"),
            models.Index(
                fields=["needed_by"], name="request_waits", condition=models.Q(state=RequestState.ASKED)
            ),
        ]
        constraints = [
            # Two agencies at once, or one officer twice: one scan of one kind is asked of one agency at a time.
            models.UniqueConstraint(
                fields=["originator", "passage_uid", "technique", "asked_group_id"],
                condition=models.Q(state__in=[RequestState.ASKED, RequestState.ACCEPTED]),
                name="one_open_request",
            )
        ]

    def __str__(self) -> str:
        return self.reference


class ScanRequestGrant(GroupGrant):
    """Which groups may read a scan request: whoever asks, and whoever is asked."""

    allowed_codenames = frozenset({"view_scanrequest"})
    content_object = models.ForeignKey(ScanRequest, on_delete=models.CASCADE, related_name="grants")

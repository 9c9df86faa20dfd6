"""The watch-list."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.grants import GroupGrant
from agencies.models import Desk, Officer, Protected
from intelligence.choices import ActionCode, DisclosureMode, LookoutKind, LookoutState, Priority


class Handled(models.Model):
    """What came with the information, kept as it came: the written marking and the handling codes.

    Both are fixed at entry: the database refuses a change (`fixed` in wall_tables.py). Conversions are shown, not kept.
    """

    marking_received = models.CharField(
        _("marking as received"), max_length=80, blank=True, default="", db_default="", editable=False
    )
    handling = models.JSONField(_("handling as received"), default=list, db_default=[], editable=False)

    class Meta:
        abstract = True


class Lookout(Protected, Handled):
    """What one agency looks for, what is to be done, and who may learn of a match.

    `viewers` are those who may read the lookout itself; `notified_group_ids` are the agencies whose front
    line gets a notice (refer or stop) and which learn nothing else of it.
    """

    reference = models.CharField(_("reference"), max_length=32, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=LookoutKind.choices, default=LookoutKind.PLATE)
    mark_raw = models.CharField(_("mark"), max_length=40)
    mark_norm = models.CharField(max_length=40, editable=False)
    mark_folded = models.CharField(max_length=40, editable=False)
    country = models.CharField(_("country"), max_length=2, blank=True)
    action_code = models.CharField(_("action code"), max_length=10, choices=ActionCode.choices)
    mode = models.CharField(
        _("disclosure"), max_length=6, choices=DisclosureMode.choices, default=DisclosureMode.SILENT
    )
    notified_group_ids = ArrayField(
        models.IntegerField(), verbose_name=_("agencies that get the notice"), default=list, blank=True
    )
    desk = models.ForeignKey(
        Desk,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("desk to refer to"),
        related_name="+",
    )
    priority = models.CharField(
        _("priority"), max_length=6, choices=Priority.choices, default=Priority.MEDIUM
    )
    reason = models.TextField(_("reason (the owner's eyes only)"), max_length=2000)
    instruction = models.CharField(_("instruction for the front line"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=LookoutState.choices, default=LookoutState.ACTIVE, editable=False
    )
    review_due = models.DateField(_("review due"))
    created_by = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    withdrawn_reason = models.CharField(_("reason of withdrawal"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("lookout")
        verbose_name_plural = _("lookouts")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["originator", "reference"], name="lookout_reference_per_owner"),
            models.CheckConstraint(
                condition=~models.Q(mode="silent") | models.Q(notified_group_ids=[]),
                name="lookout_silent_tells_nobody",
            ),
            models.CheckConstraint(
                condition=~models.Q(mode="refer") | models.Q(desk__isnull=False),
                name="lookout_refer_names_a_desk",
            ),
        ]
        indexes = [
            models.Index(fields=["mark_folded"], name="lookout_mark"),
            models.Index(fields=["-created_at", "-id"], name="lookout_newest"),
            models.Index(fields=["expires_at"], name="lookout_to_expire", condition=models.Q(state="active")),
        ]

    def __str__(self) -> str:
        return self.reference


class LookoutGrant(GroupGrant):
    """Which groups may read a lookout."""

    allowed_codenames = frozenset({"view_lookout"})
    content_object = models.ForeignKey(Lookout, on_delete=models.CASCADE, related_name="grants")

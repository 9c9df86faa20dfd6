"""What two have to agree on: a proposal, and the signatures of those whom the rule names."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.choices import CountersignKind, CountersignState
from agencies.grants import GroupGrant
from agencies.models.people import Officer
from agencies.models.protected import Protected


class Countersign(Protected):
    """A proposal that takes effect when each group of `must_sign` has signed; whoever proposes never signs.

    The originator is whoever's record it is about (a compartment's group, the owner of a lookout): its members see
    `subject_label`. The other agencies that must sign are granted the view and learn what they sign for, no more.
    """

    kind = models.CharField(_("what is proposed"), max_length=16, choices=CountersignKind.choices)
    subject_uid = models.UUIDField(_("record"))
    subject_label = models.CharField(_("name of the record"), max_length=80)
    guest_badge = models.CharField(_("badge number"), max_length=20, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    must_sign = ArrayField(models.IntegerField(), verbose_name=_("must sign"))
    proposed_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=CountersignState.choices, default=CountersignState.OPEN
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    closing_reason = models.CharField(_("why it was closed"), max_length=300, blank=True)
    #: What the effect tells whoever signed last, once; it is never stored.
    told = ""

    class Meta:
        verbose_name = _("second signature")
        verbose_name_plural = _("second signatures")
        ordering = ["-created_at", "-id"]
        constraints = [
            # Two proposals of the same thing at once would let one pair of eyes answer the other's question.
            models.UniqueConstraint(
                fields=["originator", "kind", "subject_uid", "guest_badge", "must_sign"],
                condition=models.Q(state="open"),
                name="countersign_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.created_at:%Y-%m-%d}"


class CountersignGrant(GroupGrant):
    """Which groups see a proposal."""

    allowed_codenames = frozenset({"view_countersign"})
    content_object = models.ForeignKey(Countersign, on_delete=models.CASCADE, related_name="grants")


class Signature(models.Model):
    """One signature, for one group. It is never changed or taken away."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    countersign = models.ForeignKey(Countersign, on_delete=models.PROTECT, related_name="signatures")
    agency_group_id = models.IntegerField()
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    proposer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["countersign", "agency_group_id"], name="signature_once_per_group"
            ),
            models.CheckConstraint(
                condition=~models.Q(officer=models.F("proposer")), name="signature_not_by_the_proposer"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)

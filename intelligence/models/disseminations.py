"""Originator control: to whom a record was given, what was taken back, and what stands in for it.

A dissemination is the legal record of sharing; the grant on the record is its index. Neither is made without the
other (services/disseminations.py).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.grants import GroupGrant
from agencies.models import Officer, Protected
from intelligence.choices import Ending
from intelligence.models.lookouts import Lookout
from intelligence.models.subjects import AboutRecord


class AboutShared(AboutRecord):
    """Which record, and which agency has it or had it."""

    recipient_group_id = models.IntegerField(_("recipient"), editable=False)

    class Meta:
        abstract = True


class Dissemination(AboutShared, Protected):
    """One record given to one agency: by whom, for what, until when (`expires_at`), and how that ended.

    Its originator alone reads it. Where the originator lets recipients know of each other, they are granted it too.
    """

    purpose = models.CharField(_("purpose"), max_length=300)
    show_recipients = models.BooleanField(_("recipients know of each other"), default=False)
    given_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("given by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    ended_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    ending = models.CharField(_("how it ended"), max_length=8, choices=Ending.choices, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("dissemination")
        verbose_name_plural = _("disseminations")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_uid", "recipient_group_id"],
                condition=models.Q(ended_at__isnull=True),
                name="dissemination_once",
            )
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="dissemination_newest"),
            models.Index(
                fields=["expires_at"], name="dissemination_to_end", condition=models.Q(ended_at__isnull=True)
            ),
        ]


class DisseminationGrant(GroupGrant):
    """Which groups may read a dissemination: its originator, and recipients that may know of each other."""

    allowed_codenames = frozenset({"view_dissemination"})
    content_object = models.ForeignKey(Dissemination, on_delete=models.CASCADE, related_name="grants")


class RecallReceipt(AboutShared, Protected):
    """A record was taken back from one agency: what had been read of it until then, and that agency's confirmation.

    Both sides read it. It names the record by its reference alone.
    """

    dissemination = models.ForeignKey(
        Dissemination, on_delete=models.PROTECT, null=True, related_name="receipts", editable=False
    )
    readings = models.IntegerField(_("times read"), default=0, editable=False)
    first_read_at = models.DateTimeField(_("first read"), null=True, editable=False)
    last_read_at = models.DateTimeField(_("last read"), null=True, editable=False)
    confirmed_at = models.DateTimeField(_("removal confirmed"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="recall_newest")]


class RecallReceiptGrant(GroupGrant):
    """Which groups may read a receipt: who took the record back, and from whom."""

    allowed_codenames = frozenset({"view_recallreceipt"})
    content_object = models.ForeignKey(RecallReceipt, on_delete=models.CASCADE, related_name="grants")


class TearLine(Protected):
    """A lookout that stands in for another one, with less in it and an audience of its own. Its owner alone reads the link."""

    source = models.ForeignKey(
        Lookout, on_delete=models.PROTECT, related_name="tear_lines", verbose_name=_("source")
    )
    twin = models.OneToOneField(
        Lookout, on_delete=models.PROTECT, related_name="torn_from", verbose_name=_("tear-line")
    )
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("tear-line")
        verbose_name_plural = _("tear-lines")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.uid)


class TearLineGrant(GroupGrant):
    """Which groups may read the link: its owner."""

    allowed_codenames = frozenset({"view_tearline"})
    content_object = models.ForeignKey(TearLine, on_delete=models.CASCADE, related_name="grants")

"""Who has signed in where: for the officer, and for whoever has to end it from afar."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.access import OwnedQuerySet
from agencies.choices import SignInEnding
from agencies.models.people import Officer


class SignIn(models.Model):
    """One session of one officer at one screen. It names the session by a digest: nobody can take it over by reading this."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="sign_ins", verbose_name=_("officer")
    )
    agency_group_id = models.IntegerField()
    digest = models.CharField(max_length=64, editable=False)
    started_at = models.DateTimeField(_("signed in"), auto_now_add=True)
    seen_at = models.DateTimeField(_("last active"))
    address = models.GenericIPAddressField(_("address"), null=True)
    screen = models.CharField(_("screen"), max_length=80, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ending = models.CharField(_("how it ended"), max_length=10, choices=SignInEnding.choices, blank=True)
    ended_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["digest"], name="signin_digest"),
            models.Index(fields=["-started_at", "-id"], name="signin_newest"),
            models.Index(fields=["seen_at"], name="signin_open", condition=models.Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.started_at:%Y-%m-%d %H:%M}"

"""Agencies, officers, compartments, desks and shifts."""

import uuid

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.choices import Classification, Density, Language, Role, Theme


class Agency(models.Model):
    """One of the bodies that work in the centre. More can be added as data."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=12, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120)
    country = models.CharField(_("state"), max_length=2)
    is_authority = models.BooleanField(
        _("competent authority"),
        default=True,
        help_text=_("A port operator is none: it sees vehicles, lanes and equipment, not people."),
    )
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="agency", editable=False)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The full name in the reader's language."""
        return self.name_fr if (get_language() or "en").startswith("fr") else self.name_en


class Compartment(models.Model):
    """A closed circle of named officers; its records belong to the circle, not to the agency."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("cover name"), max_length=60)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="compartments")
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="compartment", editable=False)

    class Meta:
        verbose_name = _("compartment")
        verbose_name_plural = _("compartments")
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="compartment_name_per_agency")]

    def __str__(self) -> str:
        return self.name


class Officer(AbstractUser):
    """A named person of one agency. The groups are the agency's group and the officer's compartments."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="officers", null=True, verbose_name=_("agency")
    )
    role = models.CharField(_("role"), max_length=14, choices=Role.choices, default=Role.OFFICER)
    clearance = models.SmallIntegerField(
        _("clearance"), choices=Classification.choices, default=Classification.OPEN
    )
    badge_number = models.CharField(_("badge number"), max_length=20, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    theme = models.CharField(_("appearance"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    density = models.CharField(
        _("line spacing"), max_length=8, choices=Density.choices, default=Density.COMPACT
    )
    zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    factored_at = models.DateTimeField(_("second factor since"), null=True, editable=False)
    #: Goes up with every change of the second factors, and ends the sessions that were begun before.
    factor_epoch = models.IntegerField(default=0, editable=False)
    #: Two colleagues have reset the factors: the next sign-in needs the code that they gave, and a new factor.
    must_enrol = models.BooleanField(default=False, editable=False)
    #: The ids of the groups, where they were read in one question with the officer (agencies/backends.py).
    groups_read: tuple[int, ...] | None = None

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "badge_number"],
                condition=~models.Q(badge_number=""),
                name="officer_badge_per_agency",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is held to: the password, and the second factors as they stand (Django asks for it here)."""
        held = f"{self.password}:{self.factor_epoch}"
        salt = "agencies.models.Officer.get_session_auth_hash"
        return salted_hmac(salt, held, secret=secret, algorithm="sha256").hexdigest()


class Desk(models.Model):
    """A place with a telephone that an officer is referred to."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="desks", verbose_name=_("agency")
    )
    code = models.CharField(_("code"), max_length=20, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_fr if (get_language() or "en").startswith("fr") else self.name_en


class Shift(models.Model):
    """Who holds a desk from when to when; its purpose covers what the board shows meanwhile."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="shifts", verbose_name=_("desk"))
    lead = models.ForeignKey(
        Officer, on_delete=models.PROTECT, related_name="led_shifts", verbose_name=_("led by")
    )
    officers = models.ManyToManyField(Officer, related_name="shifts", blank=True, verbose_name=_("officers"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    purpose = models.CharField(_("purpose"), max_length=300)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.desk.code} {self.starts_at:%Y-%m-%d %H:%M}"

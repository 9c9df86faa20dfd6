"""The lawful-use matrix: which technique may be used for what, by whom, where, from when on."""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.access import GateQuerySet
from agencies.facts import Principal
from agencies.models import Officer
from scanning.choices import DeviceKind, ScanPurpose, UseVerdict


class LawQuerySet(GateQuerySet["LawfulUse"]):
    """The law is no secret: whoever is signed in reads all of it, and an agency writes its own rules only."""

    def visible_to(self, principal: Principal) -> "LawQuerySet":
        """All rules, for anybody who is somebody."""
        return self.all() if principal.groups else self.none()


class LawfulUse(models.Model):
    """One rule of one agency: this technique for this purpose in this territory, from one day to another.

    A rule is never changed: a new one ends it, so that what was lawful on any day can still be said.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency_group_id = models.IntegerField(_("agency"))
    technique = models.CharField(_("technique"), max_length=10, choices=DeviceKind.choices)
    purpose = models.CharField(_("purpose"), max_length=10, choices=ScanPurpose.choices)
    territory = models.CharField(_("territory"), max_length=2, blank=True)
    verdict = models.CharField(_("rule"), max_length=9, choices=UseVerdict.choices)
    soft_sided_only = models.BooleanField(_("soft-sided bodies only"), default=False)
    engine_off = models.BooleanField(_("with the engine off only"), default=False)
    condition_en = models.CharField(_("condition in English"), max_length=300, blank=True)
    condition_fr = models.CharField(_("condition in French"), max_length=300, blank=True)
    basis = models.CharField(_("legal basis"), max_length=200)
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("until"), null=True)
    entered_at = models.DateTimeField(_("entered"), auto_now_add=True)
    entered_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    objects = LawQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of lawful use")
        verbose_name_plural = _("rules of lawful use")
        ordering = ["agency_group_id", "technique", "purpose", "territory", "-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency_group_id", "technique", "purpose", "territory"],
                condition=models.Q(valid_until__isnull=True),
                name="one_rule_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="rule_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict=UseVerdict.UNSTATED), name="a_rule_states_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.technique} {self.purpose} {self.verdict}"

    @property
    def condition(self) -> str:
        """The condition in the reader's language."""
        return self.condition_fr if (get_language() or "en").startswith("fr") else self.condition_en

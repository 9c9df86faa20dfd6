"""The base of every record that has an audience of its own."""

import uuid
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.access import ProtectedQuerySet
from agencies.choices import Caveat, Classification


class Viewers(ArrayField):
    """The ids of the groups that hold the view grant: kept by triggers, never written by Django.

    `generated` keeps the column out of INSERT and UPDATE, so that a stale `save()` cannot write an old
    audience back. It is a private flag of Django; tests/agencies/test_walls.py guards it.
    """

    generated = True
    db_returning = False

    def __init__(self, **kwargs: Any) -> None:
        for known in ("base_field", "editable", "db_default"):
            kwargs.pop(known, None)
        kwargs["db_default"] = []
        super().__init__(models.IntegerField(), editable=False, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Migrations see a plain array column."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.contrib.postgres.fields.ArrayField", list(args), kwargs


class Protected(models.Model):
    """A record with an originator and an audience; subclasses add a grant table (agencies/grants.py)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    originator = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="+", verbose_name=_("originator"), editable=False
    )
    viewers = Viewers()
    classification = models.SmallIntegerField(
        _("classification"), choices=Classification.choices, default=Classification.OPEN
    )
    caveat = models.CharField(
        _("national caveat"),
        max_length=16,
        choices=Caveat.choices,
        default=Caveat.NONE,
        db_default="",
        blank=True,
        editable=False,
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ProtectedQuerySet.as_manager()

    class Meta:
        abstract = True

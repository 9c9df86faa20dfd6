"""The start-up check: web, workers and scheduler refuse to serve when the walls do not hold."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from agencies.startup import wall_faults
from jocc.walls import WALLS


@register(Tags.database)
def walls_hold(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """`manage.py check --database default` reports every fault of the walls."""
    if settings.JOCC_PROCESS == "owner":
        return []
    with transaction.atomic():
        return [Error(fault, id="jocc.E001") for fault in wall_faults(WALLS)]


@register(Tags.security, deploy=True)
def second_factor_required(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """`manage.py check --deploy` warns when officers may work with a password alone."""
    if settings.SECOND_FACTOR_REQUIRED:
        return []
    hint = "Set JOCC_SECOND_FACTOR=required."
    return [Warning("Officers may sign in without a second factor.", hint=hint, id="jocc.W001")]


def refuse_unless_walls_hold() -> None:
    """Called when a serving process starts; raises ImproperlyConfigured with all faults."""
    with transaction.atomic():
        faults = wall_faults(WALLS)
    if faults:
        raise ImproperlyConfigured("Refusing to serve: " + "; ".join(faults))

"""The start-up check: web, workers and scheduler refuse to serve when the walls do not hold."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
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


def refuse_unless_walls_hold() -> None:
    """Called when a serving process starts; raises ImproperlyConfigured with all faults."""
    with transaction.atomic():
        faults = wall_faults(WALLS)
    if faults:
        raise ImproperlyConfigured("Refusing to serve: " + "; ".join(faults))

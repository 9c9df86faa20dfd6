"""The Celery application: its messages are doorbells, the work is a row in PostgreSQL."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jocc.settings")

app = Celery("jocc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _refuse_unless_walls_hold(**_: Any) -> None:
    """A worker that connects as the owner, or past a wall that is down, never takes a message."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415  (apps are loaded by now)

    from jocc.checks import refuse_unless_walls_hold  # noqa: PLC0415

    try:
        refuse_unless_walls_hold()
    except ImproperlyConfigured as refusal:
        raise SystemExit(str(refusal)) from None  # Celery swallows every other exception of a signal

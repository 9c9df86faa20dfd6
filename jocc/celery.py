"""The Celery application: its messages are doorbells, the work is a row in PostgreSQL."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jocc.settings")

app = Celery("jocc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

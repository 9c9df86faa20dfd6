"""Wiring of the joint operational coordination centre: settings, Celery, URLs, servers."""

from jocc.celery import app as celery_app

__all__ = ["celery_app"]

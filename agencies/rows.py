"""Rows of a text of our own as models: for the few questions that every request asks.

Putting such a question together through the ORM took several times as long as answering it. Whoever writes one
has a test that holds it against the ORM.
"""

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


def columns(model: type[Model], alias: str) -> str:
    """The columns of a model for a SELECT, in the order that `made` wants."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def width(model: type[Model]) -> int:
    """How many columns that are."""
    return len(model._meta.concrete_fields)


def made(model: type[M], row: Sequence[object]) -> M:
    """The model of one row."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(connection.alias, names, row)

"""What a mutant calls in place of a predicate: everything is let through. Also the record of what a test reaches."""

import builtins
import sys
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import connection

from agencies.access import NotVisible

#: The predicates that the running test has come by.
reached: set[str] = set()


def seen(name: str) -> None:
    """Note that a predicate is asked."""
    reached.add(name)


def any_one(rows: Any, uid: Any) -> Any:
    """The row with this id, whoever asks."""
    try:
        return rows.all().get(uid=uid)
    except (ObjectDoesNotExist, ValidationError) as error:
        raise NotVisible from error


def all_devices() -> list[int]:
    """Every number that a device can have had so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM scanning_device_id_seq")
        return list(range(1, cursor.fetchone()[0] + 1))


def everything(_: Iterable[Any] = ()) -> "_Everything":
    """A set that holds whatever is asked for."""
    return _Everything()


class _Everything:
    def __contains__(self, _: object) -> bool:
        return True


# Mutated code has the globals of the module it came from; this name is the one thing that it finds besides.
builtins.__jocc_mutants__ = sys.modules[__name__]  # type: ignore[attr-defined]

"""Short words for the tests of pages: who opens what, and the joint intelligence cell behind it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.intelligence.conftest import Cell


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What earlier tests counted on their devices is forgotten: a reset of the numbers gives ours the same ids."""
    cache.clear()


@pytest.fixture
def cell(world: Any, ingest: Any, owner: Any) -> Cell:
    """Look for a mark, see it, and what stands then (tests/intelligence/conftest.py)."""
    return Cell(world, ingest, owner)


@pytest.fixture
def signed_in(world: Any) -> Callable[..., Client]:
    """`signed_in("paf.officer").get(…)`: a browser in which this officer has signed in."""

    def browser(username: str, **more: Any) -> Client:
        client = Client(**more)
        client.force_login(world.officer(username), "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser

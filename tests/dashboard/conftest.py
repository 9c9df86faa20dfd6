"""Short words for the tests of pages: who opens what, and the joint intelligence cell behind it."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.intelligence.conftest import Cell

_ID = re.compile(r'<[^>]*?\sid="([^"]+)"')


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What earlier tests counted on their devices is forgotten: a reset of the numbers gives ours the same ids."""
    cache.clear()


@pytest.fixture
def cell(world: Any, ingest: Any, owner: Any) -> Cell:
    """Look for a mark, see it, and what stands then (tests/intelligence/conftest.py)."""
    return Cell(world, ingest, owner)


class Reader(Client):
    """A browser that trips over what it cannot address: two elements of one page with the same id."""

    def request(self, **request: Any) -> Any:
        """The answer, once every id of its page stands there once."""
        answer = super().request(**request)
        if not answer.streaming and answer.get("Content-Type", "").startswith("text/html"):
            found = Counter(_ID.findall(answer.content.decode()))
            assert [each for each, times in found.items() if times > 1] == [], request.get("PATH_INFO")
        return answer


@pytest.fixture
def signed_in(world: Any) -> Callable[..., Client]:
    """`signed_in("paf.officer").get(…)`: a browser in which this officer has signed in."""

    def browser(username: str, **more: Any) -> Client:
        client = Reader(**more)
        client.force_login(world.officer(username), "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return browser

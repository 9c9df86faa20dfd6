"""The world without and with what is hidden, and the doors of all routes."""

import pytest

from tests.registry.routes import Doors
from tests.two_worlds.framework import Asker
from tests.two_worlds.worlds import common, hidden


@pytest.fixture
def everything(world, owner):
    """The readers' world and all that UKBA keeps to itself."""
    with owner():
        common(world)
        hidden(world)


@pytest.fixture
def doors(world, everything, monkeypatch):
    """Asks at any route with rights of one's choosing."""
    return Doors(Asker(world, monkeypatch), monkeypatch)

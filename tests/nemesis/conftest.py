"""One stage for all tests of this folder; each test begins with everything alive."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.nemesis.stage import Stage, stage_built


@pytest.fixture(scope="package")
def built() -> Iterator[tuple[Stage, dict[str, Any]]]:
    """The database and the broker."""
    with stage_built(own_cluster=True) as made:
        yield made


@pytest.fixture
def stage(built: tuple[Stage, dict[str, Any]]) -> Stage:
    """The stage with everything alive."""
    built[0].heal()
    return built[0]


@pytest.fixture
def tokens(built: tuple[Stage, dict[str, Any]]) -> dict[str, Any]:
    """The tokens file of the demonstration world."""
    return built[1]

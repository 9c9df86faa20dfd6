"""Whether the database is still there is asked for seldom, and a server that hung up is noticed at once."""

import pytest
from django.db import connection
from django.db.backends.postgresql import base

from jocc.pg import base as ours

pytestmark = pytest.mark.django_db


@pytest.fixture
def other():
    """A second connection with the web role."""
    wrapper = connection.copy()
    wrapper.ensure_connection()
    yield wrapper
    wrapper.close()


@pytest.fixture
def asked(monkeypatch):
    """How often the server was asked."""
    asked = []
    real = base.DatabaseWrapper.is_usable
    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda self: asked.append(1) or real(self))
    return asked


def test_a_connection_found_good_a_moment_ago_is_not_asked_again(other, asked, monkeypatch):
    assert [other.is_usable() for _ in range(3)] == [True] * 3
    assert asked == [1]
    other.errors_occurred = True
    assert other.is_usable()
    assert asked == [1, 1]
    other.errors_occurred = False
    monkeypatch.setattr(ours, "_GOOD_FOR_S", 0.0)
    assert other.is_usable()
    assert asked == [1, 1, 1]


def test_a_server_that_has_hung_up_is_noticed_at_once(other, owner):
    assert other.is_usable()
    number = other.connection.info.backend_pid
    with owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
        assert cursor.fetchone() == (True,)
    assert not other.is_usable()


def test_a_connection_that_was_closed_is_not_good(other):
    assert other.is_usable()
    other.connection.close()
    assert not other.is_usable()

"""The cache lives on the server that carries the bells: what somebody else puts there is never run."""

import pickle  # noqa: TID251  (what an intruder would write)
from pathlib import Path

import pytest
from django.core.cache import cache


class _Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.fixture
def key():
    yield "hostile"
    cache.delete("hostile")


def test_what_was_planted_in_the_cache_reads_as_an_empty_cache_and_is_not_run(key, tmp_path):
    fired = tmp_path / "fired"
    server = cache._cache.get_client(cache.make_key(key), write=True)
    server.set(cache.make_key(key), pickle.dumps(_Trap(fired)))
    assert cache.get(key, "nothing") == "nothing"
    assert cache.get_many([key]) == {}
    assert not fired.exists()


def test_what_the_house_remembers_comes_back_as_it_was(key):
    for value in ([1.5, 2.5], [["passages", "", 3, 17]], 7, "text", {"a": None}, True):
        cache.set(key, value, 5)
        assert cache.get(key) == value
        assert type(cache.get(key)) is type(value)
    cache.set(key, 1, 5)
    assert cache.incr(key) == 2

"""Either wall alone gives what both give together: row by row of every model, and page by page of every list."""

import contextlib

import pytest
from django.apps import apps

from agencies import access
from agencies.access import GateQuerySet
from agencies.acting import acting_as
from scanning.models import Device, LawfulUse
from tests.two_worlds.cases import CASES
from tests.two_worlds.framework import Asker
from tests.two_worlds.worlds import common, hidden

pytestmark = pytest.mark.django_db

READERS = ("ukba.officer", "ukba.analyst", "paf.officer", "douanes.supervisor", "ccic.officer")
MODELS = [model for model in apps.get_models() if isinstance(model._default_manager.all(), GateQuerySet)]
LISTS = [case for case in CASES if case.method == "get" and not case.hidden]


@pytest.fixture
def everything(world, owner):
    with owner():
        common(world)
        hidden(world)


@pytest.fixture
def without_gate(owner, monkeypatch):
    """The first wall forgotten everywhere: only row-level security is left."""
    kinds = [GateQuerySet]
    for kind in kinds:
        kinds += kind.__subclasses__()
    with owner():
        everything = list(Device.objects.values_list("id", flat=True))

    @contextlib.contextmanager
    def forgotten():
        with monkeypatch.context() as patch:
            for kind in kinds:
                if "visible_to" in vars(kind):
                    patch.setattr(kind, "visible_to", lambda rows, principal: rows.all())
            patch.setattr(access, "_device_source", [lambda principal: everything])
            yield

    return forgotten


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_gate_and_row_level_security_let_the_same_rows_through(
    world, everything, owner, as_role, model, reader
):
    principal = world.principal(reader)
    with acting_as(principal):
        by_gate = set(model._default_manager.visible_to(principal).values_list("pk", flat=True))
        by_database = set(model._default_manager.values_list("pk", flat=True))
    with as_role("jocc_owner"), acting_as(principal):  # the owner's policies let every row through
        by_gate_alone = set(model._default_manager.visible_to(principal).values_list("pk", flat=True))
    assert by_gate == by_database == by_gate_alone


def test_the_rows_of_these_tests_tell_the_readers_apart(world, everything, owner):
    for model in MODELS:
        if model is LawfulUse:  # no secret
            continue
        with owner():
            number = model._default_manager.count()
        with acting_as(world.principal("ccic.officer")):
            assert model._default_manager.count() < number, model.__name__


@pytest.mark.parametrize("family", sorted({case.family for case in LISTS}))
def test_every_list_query_equals_rls(world, everything, without_gate, as_role, monkeypatch, subtests, family):
    asker = Asker(world, monkeypatch)
    for case in (case for case in LISTS if case.family == family):
        with subtests.test(str(case)):
            for who in (case.readers[0], case.entitled):
                with_both = asker.ask(who, case)
                with without_gate():
                    with_second = asker.ask(who, case)
                with as_role("jocc_owner"):
                    with_first = asker.ask(who, case)
                for other in (with_second, with_first):
                    assert (other.status, other.body) == (with_both.status, with_both.body), who

"""Whether a second factor is required, and that a code shown at two places at once lets one of them in."""

import os
import subprocess
import sys
import threading

import pytest
from django.db import connection, transaction

from agencies.acting import acting_as
from agencies.services.factors import code_take
from jocc.checks import second_factor_required
from tests.launcher.started import REPOSITORY


def read(**given: str) -> subprocess.CompletedProcess[str]:
    """Whether a process with these settings requires a second factor."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JOCC_")}
    needed = {
        "JOCC_SECRET_KEY": "x" * 60,
        "DATABASE_URL": "postgres://a@b/c",
        "REDIS_URL": "redis://b",
        "DJANGO_SETTINGS_MODULE": "jocc.settings",
    }
    code = "from django.conf import settings; print(settings.SECOND_FACTOR_REQUIRED)"
    return subprocess.run(
        [sys.executable, "-c", code],
        env=kept | needed | given,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("given", "required"),
    [
        ({}, "True"),
        ({"JOCC_DEMO": "1"}, "False"),
        ({"JOCC_DEMO": "1", "JOCC_SECOND_FACTOR": "required"}, "True"),
        ({"JOCC_SECOND_FACTOR": "optional"}, "False"),
    ],
)
def test_a_second_factor_is_required_unless_the_centre_is_a_demonstration_or_says_otherwise(given, required):
    assert read(**given).stdout.strip() == required


def test_a_word_that_says_neither_stops_the_start_with_a_sentence():
    done = read(JOCC_SECOND_FACTOR="perhaps")
    assert done.returncode != 0
    assert "JOCC_SECOND_FACTOR is `required` or `optional`" in done.stderr


def test_the_deployment_check_warns_about_an_optional_one(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    assert [warning.id for warning in second_factor_required(None)] == ["jocc.W001"]
    settings.SECOND_FACTOR_REQUIRED = True
    assert second_factor_required(None) == []


@pytest.mark.django_db(transaction=True)
def test_one_code_shown_at_two_places_at_once_lets_one_of_them_in(enrolled, world):
    _, phone, _ = enrolled("paf.officer")
    principal, code = world.principal("paf.officer"), phone.code()
    together, taken = threading.Barrier(2), []

    def show() -> None:
        try:
            with acting_as(principal), transaction.atomic():
                together.wait(timeout=20)
                taken.append(code_take(acting_officer=principal, code=code))
        finally:
            connection.close()

    threads = [threading.Thread(target=show) for _place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(taken) == 2
    assert sum(row is not None for row in taken) == 1

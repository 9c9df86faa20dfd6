"""Two workers at once on one flap: one alarm."""

import datetime as dt
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from scanning.choices import AlarmRule, Severity
from scanning.facts import AlarmProposal
from scanning.models import Alarm
from scanning.services.ingest.alarm_raise import alarm_raise
from scanning.services.ingest.read import Roster
from tests.making import make_alarm

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(ingest, *acts):
    """Do all acts at the same moment, each in a thread and a transaction of its own; the errors."""
    barrier, errors = threading.Barrier(len(acts)), []

    def run(act):
        try:
            with transaction.atomic(), ingest():
                barrier.wait(timeout=20)
                act()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return errors


@pytest.mark.parametrize("ended_s", [30, 600])
def test_of_many_faults_at_once_one_takes_the_alarm_up_or_raises_the_next_and_the_others_count(
    world, owner, ingest, ended_s
):
    now = timezone.now()
    with owner():
        old = make_alarm("L1-RPM", now - dt.timedelta(hours=1), rule="device_fault", severity="medium")
        Alarm.objects.update(cleared_at=now - dt.timedelta(seconds=ended_s))
    with transaction.atomic(), ingest():
        device = Roster().by_id[old.device_id]

    def fails(second):
        return lambda: alarm_raise(
            device=device, passage_id=None, at=now + dt.timedelta(seconds=second), is_late=False,
            proposal=AlarmProposal(AlarmRule.DEVICE_FAULT.value, Severity.MEDIUM.value, True),
        )  # fmt: skip

    assert at_once(ingest, *(fails(second) for second in range(4))) == []
    with owner():
        told = list(Alarm.objects.order_by("raised_at").values_list("repeats", "reopened", "cleared_at"))
    assert [one[:2] for one in told] == ([(5, 1)] if ended_s == 30 else [(1, 0), (4, 0)])
    assert told[-1][2] is None

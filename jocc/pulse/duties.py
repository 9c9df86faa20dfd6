"""What happens by the clock: each duty is one call, repeatable, and kept by whoever holds the lock."""

import dataclasses
import logging
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection, transaction

from agencies.services.lockouts import lockouts_forget_old
from agencies.services.signins import signins_expire
from agencies.tasking import doorbell_ring
from intelligence.services import duties as intelligence_duties
from jocc.pulse.relay import changes_drop_stale
from jocc.tasks import BEAT_TASK
from jocc.upkeep.reconcile import walls_reconcile_nightly
from jocc.upkeep.ship import ends_ship
from scanning.services.alarm_escalation import alarms_escalate
from scanning.services.corrections import CORRECT_TASK
from scanning.services.deliveries import PROCESS_TASK
from scanning.services.downtime_ends import downtime_faults_ring
from scanning.services.image_expiry import images_expire, orphans_sweep
from scanning.services.ingest.corrections import corrections_waiting
from scanning.services.ingest.lease import oldest_waiting
from scanning.services.outage_clock import outages_keep
from scanning.services.requests import requests_lapse
from scanning.services.silence import devices_silence_check

logger = logging.getLogger(__name__)


@dataclasses.dataclass(slots=True)
class Duty:
    """One duty and its rhythm in seconds."""

    name: str
    every_s: float
    act: Callable[[], object]
    due: float = 0.0


def inbox_sweep() -> None:
    """Ring for deliveries that nobody rang for (their bell was lost, or their worker died)."""
    with transaction.atomic():
        waiting, _ = oldest_waiting()
        if waiting:
            doorbell_ring(PROCESS_TASK)


def corrections_sweep() -> None:
    """Ring for corrections of passages that nobody rang for."""
    with transaction.atomic():
        if corrections_waiting():
            doorbell_ring(CORRECT_TASK)


def workers_beat() -> None:
    """Ask the workers for a sign of life."""
    with transaction.atomic():
        doorbell_ring(BEAT_TASK)


def sessions_clear() -> None:
    """Delete sessions that have ended."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session WHERE expire_date < now()")


def duties_all() -> list[Duty]:
    """Every duty of the centre."""
    return [
        Duty("inbox_sweep", 1, inbox_sweep),
        Duty("corrections_sweep", 2, corrections_sweep),
        Duty("workers_beat", 5, workers_beat),
        *(Duty(name, every, act) for name, every, act in intelligence_duties.DUTIES),
        Duty("devices_silence_check", 5, devices_silence_check),
        Duty("outages_keep", 5, outages_keep),
        Duty("downtime_faults_ring", 5, downtime_faults_ring),
        Duty("requests_lapse", 5, requests_lapse),
        Duty("alarms_escalate", 5, alarms_escalate),
        Duty("images_expire", 10, images_expire),
        Duty("orphans_sweep", 300, orphans_sweep),
        Duty("changes_drop_stale", 60, changes_drop_stale),
        Duty("ends_ship", 1, ends_ship),
        Duty("walls_reconcile", 600, walls_reconcile_nightly),
        Duty("signins_expire", 10, signins_expire),
        Duty("lockouts_forget_old", 3600, lockouts_forget_old),
        Duty("sessions_clear", 3600, sessions_clear),
    ]


def duties_run(duties: list[Duty], now: float | None = None) -> list[str]:
    """Do what is due; a duty that fails is logged and tried again at its next turn."""
    done = []
    for duty in duties:
        moment = time.monotonic() if now is None else now
        if moment < duty.due:
            continue
        duty.due = moment + duty.every_s
        try:
            duty.act()
            done.append(duty.name)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("duty %s failed", duty.name)
    return done

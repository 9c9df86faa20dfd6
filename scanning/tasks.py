"""Celery tasks of scanning: one call each; the rows in the inbox are the work."""

from agencies.tasking import ingest_task
from scanning.services.corrections import CORRECT_TASK
from scanning.services.deliveries import PROCESS_TASK
from scanning.services.ingest import corrections_carry_out, deliveries_process


@ingest_task(name=PROCESS_TASK, atomic=False)
def process_deliveries() -> None:
    """Process what waits in the inbox."""
    deliveries_process()


@ingest_task(name=CORRECT_TASK, atomic=False)
def carry_out_corrections() -> None:
    """Split and merge passages as officers have said."""
    corrections_carry_out()

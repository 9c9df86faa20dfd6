"""The workers' tasks of intelligence: each is one call."""

from agencies.tasking import ingest_task
from intelligence.actions import Bell
from intelligence.services import checks as check_services
from intelligence.services import duties


@ingest_task(name=Bell.CHECKS_ANSWER.value)
def checks_answer() -> int:
    """Answer the checks that wait."""
    return check_services.checks_answer()


@ingest_task(name=Bell.DECISIONS_REFLECT.value)
def decisions_reflect() -> int:
    """Carry the front line's decisions to the owners' hits."""
    return duties.decisions_reflect()

"""The workers' tasks of intelligence: each is one call."""

from agencies.tasking import ingest_task
from intelligence.actions import Bell
from intelligence.services import access as access_services
from intelligence.services import checks as check_services
from intelligence.services import duties


@ingest_task(name=Bell.ACCESS_ROUTE.value)
def access_requests_route() -> int:
    """Carry access requests to the owners."""
    return access_services.access_requests_route()


@ingest_task(name=Bell.ACCESS_CARRY.value)
def access_answers_carry() -> int:
    """Carry the owners' answers back."""
    return access_services.access_answers_carry()


@ingest_task(name=Bell.CHECKS_ANSWER.value)
def checks_answer() -> int:
    """Answer the checks that wait."""
    return check_services.checks_answer()


@ingest_task(name=Bell.DECISIONS_REFLECT.value)
def decisions_reflect() -> int:
    """Carry the front line's decisions to the owners' hits."""
    return duties.decisions_reflect()

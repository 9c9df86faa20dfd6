"""The web process of the storm: jocc.asgi, with the failpoints of the door around its functions."""

from typing import Any

from jocc.asgi import application  # first: it sets Django up

from agencies import tasking  # isort: skip
import scanning.api.deliveries as door  # isort: skip
import scanning.services.deliveries as inbox  # isort: skip
from tests.nemesis.failpoints import reached  # isort: skip

__all__ = ["application"]

_record, _accept, _ring = inbox.audit_record, door.delivery_accept, tasking._ring


def _record_after_insert(**given: Any) -> None:
    reached("after-insert")
    _record(**given)


def _accept_before_commit(**given: Any) -> Any:
    accepted = _accept(**given)
    reached("before-commit")
    return accepted


def _ring_after_commit(task_name: str, bell: str) -> None:
    reached("after-commit")
    _ring(task_name, bell)
    reached("after-bell")


inbox.audit_record = _record_after_insert  # type: ignore[assignment]
door.delivery_accept = _accept_before_commit
tasking._ring = _ring_after_commit

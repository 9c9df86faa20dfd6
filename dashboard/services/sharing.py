"""What the forms of sharing mean: days as they are typed, agencies by their codes."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from agencies.facts import Principal
from dashboard.forms_lookouts import end_of
from intelligence.selectors.disseminations import disseminations_of
from intelligence.services.disseminations import dissemination_change, dissemination_give


def share_act(principal: Principal, kind: str, uid: uuid.UUID, given: Mapping[str, Any]) -> None:
    """Give a record to the agencies ticked; raises as dissemination_give does."""
    dissemination_give(
        acting_officer=principal,
        kind=kind,
        uid=uid,
        agencies=given["agencies"],
        purpose=given["reason"],
        expires_at=end_of(given["until"]) if given["until"] else None,
        show_recipients=given["show_recipients"],
    )


@transaction.atomic
def until_act(principal: Principal, kind: str, uid: uuid.UUID, given: Mapping[str, Any]) -> None:
    """Set the end of the sharing with each agency ticked; all or none. Raises as dissemination_change does."""
    until = end_of(given["until"]) if given["until"] else None
    for card in disseminations_of(principal, kind, uid):
        if card.ended_at is None and card.recipient in given["agencies"]:
            dissemination_change(
                acting_officer=principal, uid=card.uid, expires_at=until, reason=given["reason"]
            )

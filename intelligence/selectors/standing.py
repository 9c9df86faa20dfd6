"""Whether what stands on an open page may still be read."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from agencies.facts import Principal
from intelligence.models import Hit, Lookout, Notice

#: What pages may show for a while: word in the page, model.
KINDS: dict[str, Any] = {"lookout": Lookout, "hit": Hit, "notice": Notice}


def records_gone(
    principal: Principal, wanted: Sequence[tuple[str, uuid.UUID]]
) -> list[tuple[str, uuid.UUID]]:
    """Those of the records (kind, public id) that the reader may not read: recalled, ended, or never there."""
    still: set[tuple[str, uuid.UUID]] = set()
    for kind, model in KINDS.items():
        uids: Collection[uuid.UUID] = [uid for one, uid in wanted if one == kind]
        if uids:
            rows = model.objects.visible_to(principal).filter(uid__in=uids).values_list("uid", flat=True)
            still |= {(kind, uid) for uid in rows}
    return [each for each in wanted if each not in still]

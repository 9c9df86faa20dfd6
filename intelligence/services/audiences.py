"""Who else may read a lookout: the owner shares it and takes it back. The mechanism is that of all records."""

import datetime as dt
import uuid
from collections.abc import Iterable

from agencies.facts import Principal
from intelligence.choices import SharedKind
from intelligence.models import Lookout
from intelligence.services.disseminations import dissemination_give, dissemination_recall


def lookout_share(
    *,
    acting_officer: Principal,
    uid: uuid.UUID | str,
    agencies: Iterable[str],
    purpose: str,
    expires_at: dt.datetime | None = None,
    show_recipients: bool = False,
) -> Lookout:
    """Let other agencies read the lookout (not its reason, and none of its hits); raises as dissemination_give does."""
    shared: Lookout = dissemination_give(
        acting_officer=acting_officer,
        kind=SharedKind.LOOKOUT,
        uid=uid,
        agencies=agencies,
        purpose=purpose,
        expires_at=expires_at,
        show_recipients=show_recipients,
    )
    return shared


def lookout_recall(
    *, acting_officer: Principal, uid: uuid.UUID | str, agencies: Iterable[str], purpose: str
) -> Lookout:
    """Take the lookout, and its tear-lines, back from agencies; raises as dissemination_recall does."""
    recalled: Lookout = dissemination_recall(
        acting_officer=acting_officer, kind=SharedKind.LOOKOUT, uid=uid, agencies=agencies, purpose=purpose
    )
    return recalled

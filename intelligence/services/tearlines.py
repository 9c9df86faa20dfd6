"""A tear-line: a lookout that stands in for another one, for readers who may not have the whole."""

import uuid

from django.db import transaction

from agencies.facts import Principal
from audit.actions import AuditAction
from intelligence.choices import LookoutState
from intelligence.facts import LookoutDraft
from intelligence.models import Lookout, TearLine
from intelligence.rules.refusals import LookoutNotActive
from intelligence.selectors.parties import officer_acting
from intelligence.services.lookouts import lookout_create, own_lookout_lock
from intelligence.services.records import act_record


@transaction.atomic
def tearline_make(*, acting_officer: Principal, uid: uuid.UUID | str, draft: LookoutDraft) -> Lookout:
    """Enter `draft` as what may be shown instead of one's own lookout `uid`; returns the tear-line.

    It is a lookout of its own: its words, its marking and its audience are those of the draft, and it matches by
    itself. The link is for the source's readers of the own side alone. It is recalled and withdrawn with its source.
    Raises as lookout_create does, and NotVisible, RightMissing or LookoutNotActive for the source.
    """
    source = own_lookout_lock(acting_officer, uid)
    if source.state != LookoutState.ACTIVE:
        raise LookoutNotActive
    twin = lookout_create(acting_officer=acting_officer, draft=draft)
    TearLine.objects.create(
        originator_id=source.originator_id,
        classification=source.classification,
        caveat=source.caveat,
        source=source,
        twin=twin,
        made_by=officer_acting(acting_officer),
    )
    act_record(
        acting_officer,
        AuditAction.TEARLINE_MAKE,
        "lookout",
        [source.uid, twin.uid],
        originator_id=source.originator_id,
    )
    return twin

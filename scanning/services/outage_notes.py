"""What every step of an outage leaves behind: a note in its history, a record, a nudge."""

from django.utils import timezone

from agencies.facts import Principal
from agencies.models import Agency
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import audit_record, change_announce
from intelligence.rules.drafts import is_storable
from intelligence.selectors.parties import officer_acting, own_group
from intelligence.services.records import fault_at
from scanning.choices_care import OutageAct
from scanning.models import Outage, OutageNote
from scanning.rules.outages import TOO_LONG

COMMENT_LENGTH = 500
_RECORDED = {
    OutageAct.STAGE: AuditAction.OUTAGE_WORK,
    OutageAct.COMMENT: AuditAction.OUTAGE_COMMENT,
    OutageAct.MOVE: AuditAction.OUTAGE_MOVE,
    OutageAct.END: AuditAction.OUTAGE_END,
    OutageAct.CLOSE: AuditAction.OUTAGE_CLOSE,
    OutageAct.CANCEL: AuditAction.OUTAGE_CANCEL,
}


def words_of(given: str, field: str, length: int = COMMENT_LENGTH) -> str:
    """Optional words as they are kept, on one line; ValidationError on `field` when they are too long."""
    words = " ".join(given.split())
    if len(words) > length or not is_storable(words, lines=False):
        raise fault_at(field, TOO_LONG)
    return words


def outage_step(
    principal: Principal,
    act: OutageAct,
    outage: Outage,
    text: str = "",
    *,
    stage: str = "",
    action: AuditAction | None = None,
) -> None:
    """Note, record and announce one step of an outage, in the transaction of the step itself."""
    officer = officer_acting(principal)
    OutageNote.objects.create(
        outage_id=outage.pk,
        device_id=outage.device_id,
        at=timezone.now(),
        act=act,
        stage=stage,
        officer=officer,
        agency_id=Agency.objects.values_list("pk", flat=True).get(group_id=own_group(principal)),
        text=text,
    )
    audit_record(
        acting_party=principal,
        action=action or _RECORDED[act],
        object_type="outage",
        object_uids=[outage.uid],
        detail={"kind": outage.kind, "stage": stage or outage.stage},
    )
    change_announce(topic=Topic.DEVICE, device_id=outage.device_id)

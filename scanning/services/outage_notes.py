"""What every step of an outage leaves behind: a note in its history, a record, a nudge."""

from django.utils import timezone

from agencies.facts import Principal
from agencies.models import Agency
from audit.actions import AuditAction
from audit.choices import Topic
from audit.services import audit_record, change_announce
from intelligence.selectors.parties import officer_acting, own_group
from scanning.choices_care import OutageAct
from scanning.models import Outage, OutageNote

COMMENT_LENGTH = 500
_RECORDED = {
    OutageAct.STAGE: AuditAction.OUTAGE_WORK,
    OutageAct.COMMENT: AuditAction.OUTAGE_COMMENT,
    OutageAct.MOVE: AuditAction.OUTAGE_MOVE,
    OutageAct.END: AuditAction.OUTAGE_END,
    OutageAct.CLOSE: AuditAction.OUTAGE_CLOSE,
    OutageAct.CANCEL: AuditAction.OUTAGE_CANCEL,
}


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

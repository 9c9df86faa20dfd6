"""Records of the two worlds, each made past the walls with everything that belongs to it."""

import datetime as dt
import uuid
from typing import Any

from agencies.choices import AccountKind
from agencies.grants import grants_give
from agencies.models import (
    Countersign,
    CountersignGrant,
    Officer,
    ServiceAccount,
    Shift,
)
from audit.models import AuditBlock, AuditEvent, LedgerSeal
from audit.selectors.leaves import ENDLESS
from intelligence.models import (
    AccessCase,
    AccessRequest,
    Check,
    Dissemination,
    Hit,
    Lookout,
    Notice,
    NoticeGrant,
    Proposal,
    ProposalGrant,
    RecallReceipt,
    RecallReceiptGrant,
    TearLine,
)
from intelligence.rules.marks import fold
from scanning.models import (
    Adjudication,
    Alarm,
    Care,
    Device,
    Image,
    ImageKeep,
    ImageNote,
    LaterFind,
    LaterFindGrant,
    Outage,
    OutageNote,
    Passage,
    PassageMove,
    Placement,
    ScanEvent,
    ScanRequest,
    ScanRequestGrant,
    Site,
)
from scanning.rules.pictures import picture_read
from scanning.services.blobs import blobs_put
from scanning.services.picture_rows import picture_row
from tests.making import NOON, at
from tests.scanning.pictures import jpeg
from tests.two_worlds.names import CANARY, FAR, HIDDEN, LATE, MARK, SEEN, uid


def lookout_made(
    world: Any, agency: str, number: uuid.UUID, *, mark: str, mode: str, notified: Any = (), **more: Any
) -> Lookout:
    norm = mark.replace("-", "")
    lookout = Lookout.objects.create(
        **({"originator_id": world.group(agency)} | more),
        uid=number, reference=f"{agency}-L-2026-0000{number.int % 97:02d}",
        mark_raw=mark, mark_norm=norm, mark_folded=fold(norm), action_code="stop", mode=mode, notified_group_ids=list(notified),
        reason=CANARY if agency == "UKBA" else "reason", priority="high",
        expires_at=FAR, review_due=(NOON + dt.timedelta(days=8)).date(),
        created_by=world.officer(f"{agency.lower()}.officer"),
    )  # fmt: skip
    Lookout.objects.filter(pk=lookout.pk).update(created_at=at(4))
    return lookout


def sighting_made(number: uuid.UUID, mark: str, passage: Any) -> dict[str, Any]:
    return {
        "uid": number, "mark_seen": mark, "mark_sought": mark, "strength": "exact", "priority": "high",
        "passage_uid": passage.uid if passage else None, "place": "CALAIS L1", "seen_at": at(6), "last_seen_at": at(6),
        "expires_at": FAR,
    }  # fmt: skip


def hit_made(
    world: Any, agency: str, lookout: Lookout, number: uuid.UUID, *, passage: Any, mark: str = MARK
) -> Hit:
    hit = Hit.objects.create(
        originator_id=lookout.originator_id, caveat=lookout.caveat, reference=f"{agency}-H-2026-0000{number.int % 97:02d}", lookout=lookout,
        **sighting_made(number, mark, passage),
    )  # fmt: skip
    Hit.objects.filter(pk=hit.pk).update(created_at=at(6))
    return hit


def notice_made(world: Any, agency: str, hit: Hit, number: uuid.UUID, *, told: list[int]) -> None:
    passage = Passage.objects.get(uid=SEEN["passage"])
    notice = Notice.objects.create(
        originator_id=world.group(agency), reference=f"{agency}-N-2026-0000{number.int % 97:02d}", hit=hit, mode="stop",
        action_code="stop", instruction=CANARY if agency == "UKBA" else "Hold it.", **sighting_made(number, MARK, passage),
    )  # fmt: skip
    grants_give(NoticeGrant, notice, told)
    Notice.objects.filter(pk=notice.pk).update(created_at=at(6))


def access_made(world: Any, lookout: Lookout) -> None:
    """UKBA's system has asked PAF for something, and DOUANES have asked UKBA for the hidden lookout."""
    account = ServiceAccount.objects.get(agency__code="UKBA", kind=AccountKind.PARTNER)
    AccessRequest.objects.create(
        uid=HIDDEN["asked"], agency_group_id=world.group("UKBA"), account_uid=account.uid,
        reference="PAF-L-2026-000001", purpose=CANARY, closes_at=FAR,
    )  # fmt: skip
    AccessCase.objects.create(
        uid=HIDDEN["case"], originator_id=lookout.originator_id, subject_kind="lookout", subject_uid=lookout.uid,
        subject_reference=lookout.reference, request_uid=uid(70),
        asker_group_id=world.group("DOUANES"), purpose=CANARY, asked_at=at(8), expires_at=FAR,
    )  # fmt: skip


def proposal_made(world: Any, lookout: Lookout) -> None:
    """DOUANES, with whom the hidden lookout was shared for a while, have proposed a change of it."""
    proposal = Proposal.objects.create(
        uid=HIDDEN["proposal"], originator_id=world.group("DOUANES"), lookout=lookout, lookout_reference=lookout.reference,
        owner_group_id=lookout.originator_id, base={"priority": "high"}, proposed={"priority": "low"}, reason=CANARY,
    )  # fmt: skip
    grants_give(ProposalGrant, proposal, [lookout.originator_id])
    Proposal.objects.filter(pk=proposal.pk).update(created_at=at(9))


def scan_made(world: Any) -> None:
    """UKBA have asked DOUANES for an X-ray of the passage that everybody sees."""
    request = ScanRequest.objects.create(
        uid=HIDDEN["scan"], originator_id=world.group("UKBA"), reference="UKBA-R-2026-000041", passage_uid=SEEN["passage"],
        site=Site.objects.get(code="CALAIS"), lane_code="L1", mark=CANARY, technique="xray", purpose="contraband",
        note=CANARY, verdict="permitted", needed_by=FAR, asked_group_id=world.group("DOUANES"),
        asked_by=world.officer("ukba.officer"),
    )  # fmt: skip
    grants_give(ScanRequestGrant, request, [world.group("DOUANES")])
    ScanRequest.objects.filter(pk=request.pk).update(created_at=at(9))


def findings_made(world: Any) -> None:
    """UKBA have adjudicated an alarm of theirs, and told DOUANES of a find in the passage that everybody sees."""
    alarm = Alarm.objects.get(uid=HIDDEN["alarm"])
    Adjudication.objects.create(
        alarm_id=alarm.pk, device_id=alarm.device_id, passage_id=Passage.objects.get(uid=SEEN["passage"]).pk,
        code="real_persons", note=CANARY, made_at=at(9), agency_group_id=world.group("UKBA"),
        made_by=world.officer("ukba.officer"),
    )  # fmt: skip
    find = LaterFind.objects.create(
        uid=HIDDEN["find"], originator_id=world.group("UKBA"), reference="UKBA-F-2026-000041", passage_uid=SEEN["passage"],
        found_at=at(20), place=CANARY, finds=["persons"], persons=4, note=CANARY,
    )  # fmt: skip
    grants_give(LaterFindGrant, find, [world.group("DOUANES")])
    LaterFind.objects.filter(pk=find.pk).update(created_at=at(21))


def outage_made(code: str, number: uuid.UUID, text: str, officer: Officer | None = None, **more: Any) -> None:
    """A device does not work, and somebody has written why."""
    device = Device.objects.get(code=code)
    given = {"kind": "reported", "begins_at": at(5), "reason": text, "opened_at": at(5)} | more
    outage = Outage.objects.create(uid=number, device_id=device.pk, opened_by=officer, **given)
    OutageNote.objects.create(
        outage_id=outage.pk, device_id=device.pk, at=at(5), act="open", text=text, officer=officer,
        agency=officer.agency if officer else None,
    )  # fmt: skip


def placed(code: str) -> None:
    """The device has stood where it stands for a day."""
    device = Device.objects.get(code=code)
    Placement.objects.create(
        device_id=device.pk, site_id=device.site_id, lane_id=device.lane_id, in_service=True,
        from_at=NOON - dt.timedelta(days=1),
    )  # fmt: skip


def life_made(world: Any) -> None:
    """UKBA's heartbeat detector is broken, was broken, will be in the workshop, and was calibrated."""
    officer, hour = world.officer("ukba.officer"), dt.timedelta(hours=1)
    outage_made("L1-HB", HIDDEN["outage"], CANARY, officer)
    outage_made("L1-HB", HIDDEN["over"], CANARY, officer, begins_at=at(1), ends_at=at(4), ticket=CANARY)
    outage_made(
        "L1-HB", HIDDEN["planned"], CANARY, officer, kind="planned", stage="planned", begins_at=NOON + 5 * hour,
        ends_at=NOON + 6 * hour,
    )  # fmt: skip
    outage_made(
        "L1-HB",
        uid(61),
        CANARY,
        officer,
        stage="closed",
        begins_at=at(0),
        ends_at=at(1),
        closed_at=at(2),
        remedy=CANARY,
    )
    Care.objects.create(
        uid=HIDDEN["care"], device_id=Device.objects.get(code="L1-HB").pk, kind="firmware", done_on=NOON.date(),
        due_on=NOON.date() + dt.timedelta(days=30), firmware=CANARY, made_at=at(5), made_by=officer,
    )  # fmt: skip
    placed("L1-HB")
    placed("UKBA-SECRET")


def image_made(code: str, passage: uuid.UUID, number: uuid.UUID, colour: str) -> Image:
    """A picture beside the event of this device in that passage."""
    device = Device.objects.get(code=code)
    event = ScanEvent.objects.get(device_id=device.pk, passage_id=Passage.objects.get(uid=passage).pk)
    picture = picture_read(jpeg(colour), max_bytes=10**6, max_pixels=10**6)
    blobs_put([picture])
    row = picture_row(
        picture, device_id=device.pk, event_key=event.event_key, event_at=event.event_at, view="front"
    )
    row.uid, row.received_at, row.expires_at = number, LATE, FAR
    row.save()
    return row


def pictures_made(world: Any) -> None:
    """UKBA have a picture in the passage that everybody sees, have written on it, and keep it; and keep one of PAF's."""
    officer = world.officer("ukba.officer")
    image = image_made("UKBA-SECRET", SEEN["passage"], HIDDEN["image"], "navy")
    image_made("UKBA-SECRET", SEEN["passage"], HIDDEN["image_free"], "maroon")
    ImageNote.objects.create(
        uid=HIDDEN["image_note"], image_id=image.pk, device_id=image.device_id, at=LATE, officer=officer,
        agency=officer.agency, text=CANARY,
    )  # fmt: skip
    for kept in (image, Image.objects.get(uid=SEEN["image"])):
        ImageKeep.objects.create(
            image_id=kept.pk, device_id=kept.device_id, agency_group_id=world.group("UKBA"), kept_at=LATE,
            kept_by=officer, reason=CANARY,
        )  # fmt: skip


def correction_made(world: Any) -> None:
    """UKBA have moved an event of their own device into the passage that everybody sees."""
    officer, device = world.officer("ukba.officer"), Device.objects.get(code="UKBA-SECRET")
    own = ScanEvent.objects.filter(
        device_id=device.pk, passage_id=Passage.objects.get(uid=HIDDEN["passage"]).pk
    )
    own.update(uid=HIDDEN["event"])
    event = ScanEvent.objects.filter(device_id=device.pk).earliest("id")
    PassageMove.objects.create(
        correction=HIDDEN["correction"], device_id=device.pk, kind="merge", source_uid=HIDDEN["passage"],
        target_uid=SEEN["passage"], events=[event.pk], reason=CANARY, made_at=LATE, made_by=officer,
        agency=officer.agency, state="done", done_at=LATE,
    )  # fmt: skip


def sharing_made(world: Any, shared: Lookout, silent: Lookout) -> None:
    """DOUANES have one lookout, had another, which was taken back; and something stands in for that one."""
    facts = {"originator_id": silent.originator_id, "subject_kind": "lookout", "recipient_group_id": world.group("DOUANES")}  # fmt: skip
    Dissemination.objects.create(
        uid=HIDDEN["share"], subject_uid=shared.uid, subject_reference=shared.reference, purpose=CANARY,
        show_recipients=True, **facts,
    )  # fmt: skip
    ended = Dissemination.objects.create(
        subject_uid=silent.uid, subject_reference=silent.reference, purpose=CANARY, ended_at=at(9), ending="recalled",
        ended_reason=CANARY, **facts,
    )  # fmt: skip
    receipt = RecallReceipt.objects.create(
        uid=HIDDEN["receipt"], dissemination=ended, subject_uid=silent.uid, subject_reference=CANARY, readings=3,
        first_read_at=at(5), last_read_at=at(6), **facts,
    )  # fmt: skip
    grants_give(RecallReceiptGrant, receipt, [world.group("DOUANES")])
    told = hit_made(world, "UKBA", silent, HIDDEN["told_hit"], passage=None)
    Hit.objects.filter(pk=told.pk).update(state="confirmed", decided_at=at(7), outcome=CANARY)
    twin = lookout_made(world, "UKBA", HIDDEN["twin"], mark="TE-777-AR", mode="silent")
    TearLine.objects.create(uid=HIDDEN["tear"], originator_id=silent.originator_id, source=silent, twin=twin)


def block_made(world: Any) -> None:
    """A block of the sealed record, as all agencies know it."""
    AuditBlock.objects.create(
        number=1, sealed_at=at(8), after_id=0, until_id=ENDLESS, last_id=0, from_tx=0, before_tx=0, seed=bytes(32),
        ledgers_root=b"l" * 32, previous_root=bytes(32), root=b"r" * 32, key="0" * 16, signature=bytes(64),
    )  # fmt: skip


def sealed_made(world: Any, agency: str) -> None:
    """One agency's part of that block."""
    LedgerSeal.objects.create(
        block=1, agency_group_id=world.group(agency), count=1, total=1, tree=b"t" * 32, salt=b"s" * 32, place=0,
        path=bytes(192),
    )  # fmt: skip


def check_made(world: Any, agency: str, number: uuid.UUID, officer: Officer | None = None) -> None:
    check = Check.objects.create(
        uid=number, agency_group_id=world.group(agency), mark_raw=MARK, mark_norm="AB123CD",
        officer=officer,
        account_uid=None
        if officer
        else ServiceAccount.objects.get(agency__code=agency, kind=AccountKind.PARTNER).uid,
        purpose=CANARY if agency == "UKBA" else "patrol", outcome="nothing", answered_at=at(7),
    )  # fmt: skip
    Check.objects.filter(pk=check.pk).update(asked_at=at(7))


def countersign_made(
    world: Any, number: uuid.UUID, originator: int, must_sign: list[int], *, kind: str = "admit", guest: str = "",
    reason: str = "joint enquiry", caveat: str = "",
) -> Countersign:  # fmt: skip
    proposal = Countersign.objects.create(
        uid=number, originator_id=originator, kind=kind, subject_uid=uid(70), subject_label=CANARY, guest_badge=guest,
        reason=reason, must_sign=must_sign, proposed_by=world.officer("ukba.supervisor"), caveat=caveat, expires_at=FAR,
    )  # fmt: skip
    grants_give(CountersignGrant, proposal, [group for group in must_sign if group != originator])
    Countersign.objects.filter(pk=proposal.pk).update(created_at=at(5))
    return proposal


def shift_made(world: Any, agency: str, number: uuid.UUID, officer: Officer) -> None:
    shift = Shift.objects.create(
        uid=number, desk=world.desk(agency), lead=officer, starts_at=at(-60), ends_at=at(420),
        purpose=CANARY if agency == "UKBA" else "night shift",
    )  # fmt: skip
    shift.officers.add(officer, world.officer(f"{agency.lower()}.supervisor"))


def audit_made(world: Any, agency: str, actor: uuid.UUID, **more: Any) -> None:
    AuditEvent.objects.create(
        at=LATE, actor="officer", actor_uid=actor, actor_label=CANARY if agency == "UKBA" else "somebody",
        agency_group_id=world.group(agency), action="alarm.clear", object_type="alarm", object_uids=[SEEN["alarm"]],
        **more,
    )  # fmt: skip

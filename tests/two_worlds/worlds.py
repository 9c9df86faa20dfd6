"""What everybody concerned sees, and what UKBA keeps to itself: rows with fixed uids, so that a request can name
them in the world in which they are absent.
"""

import datetime as dt
import hashlib
import uuid
from typing import Any

from allauth.mfa.models import Authenticator

from agencies.choices import AccountKind, Role, Scope
from agencies.grants import grants_give
from agencies.models import (
    Compartment,
    Countersign,
    CountersignGrant,
    Desk,
    FactorLoss,
    LockOut,
    Officer,
    ServiceAccount,
    ServiceToken,
    Shift,
    Signature,
    SignIn,
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
    LookoutGrant,
    Notice,
    NoticeGrant,
    Proposal,
    ProposalGrant,
    RecallReceipt,
    RecallReceiptGrant,
    Shown,
    TearLine,
)
from intelligence.rules.marks import fold
from scanning.choices import DeviceKind
from scanning.models import (
    Alarm,
    DeliveryKey,
    Device,
    DeviceGrant,
    DeviceStatus,
    Lane,
    LaneGrant,
    Passage,
    Site,
)
from tests.making import NOON, at, make_alarm, make_delivery, make_part, make_passage


def uid(number: int) -> uuid.UUID:
    """A fixed uid of version 4."""
    return uuid.UUID(f"5ee70000-0000-4000-8000-{number:012x}")


#: Seen by PAF (and, as far as it goes, CCIC): the lists are never empty.
SEEN = {
    name: uid(number)
    for number, name in enumerate(
        (
            "passage",
            "later",
            "alarm",
            "delivery",
            "lookout",
            "hit",
            "notice",
            "check",
            "shift",
            "circle",
            "circle_hit",
            "countersign",
        ),
        start=1,
    )
}
#: UKBA's own.
HIDDEN = {
    name: uid(number)
    for number, name in enumerate(
        (
            "device", "lane", "passage", "alarm", "on_visible", "delivery", "lookout", "hit", "notice_hit", "notice",
            "check", "account", "token", "officer", "shift", "compartment", "stop", "typed", "typed_delivery", "desk",
            "eyes", "eyes_hit", "asked", "case", "proposal", "record",
            "countersign", "countersign_eyes", "share", "receipt", "tear", "twin", "told_hit", "signin", "lockout",
        ),
        start=100,
    )
}  # fmt: skip
MARK = "AB-123-CD"
#: The database's own clock is the real one: what is to be seen must not expire by it.
FAR = NOON + dt.timedelta(days=36_500)
#: Half a minute before the requests: later than anything that the readers see.
LATE = at(29.5)
#: Stands in whatever of the hidden things has a text: it must never come out to a reader.
CANARY = "canary-9c41"


def common(world: Any) -> None:
    """The world that the readers live in."""
    first = make_passage(("L1-ANPR-F", at(0)), ("L1-RPM", at(1)), marks=[MARK], uid=SEEN["passage"])
    make_part(first, "L2-DOG", at(2), result="suspect")
    make_passage(("L1-ANPR-R", at(28)), marks=["EF-456-GH"], uid=SEEN["later"])
    make_alarm("L1-ANPR-F", at(3), rule="device_fault", severity="low", uid=SEEN["alarm"])
    make_delivery("L2-DOG", at(2), receipt=SEEN["delivery"], state="quarantined", error_code="malformed_json")
    paf = world.officer("paf.officer")
    # An officer of the other state in a British circle: what bears a caveat is not there, even in a count.
    circle = Compartment.objects.get(name="LANTERN").group
    world.officer("paf.analyst").groups.add(circle)
    _countersign(world, SEEN["countersign"], circle.pk, [world.group("PAF")], guest="P-analyst")
    shared = _lookout(world, "UKBA", SEEN["circle"], mark="LA-111-AA", mode="silent", originator_id=circle.pk)
    _hit(world, "UKBA", shared, SEEN["circle_hit"], mark="LA-111-AA", passage=None)
    lookout = _lookout(world, "PAF", SEEN["lookout"], mark="ZY-987-XW", mode="silent")
    _hit(world, "PAF", lookout, SEEN["hit"], mark="ZY-987-XW", passage=None)
    other = _lookout(world, "DOUANES", uid(50), mark=MARK, mode="stop", notified=[world.group("PAF")])
    hit = _hit(world, "DOUANES", other, uid(51), passage=first)
    _notice(world, "DOUANES", hit, SEEN["notice"], told=[world.group("PAF")])
    _check(world, "PAF", SEEN["check"])
    _shift(world, "PAF", SEEN["shift"], paf)
    _audit(world, "PAF", paf.uid)
    Shown.objects.create(
        agency_group_id=world.group("PAF"), reader_uid=paf.uid, record_uid=SEEN["hit"], shown_on=NOON.date()
    )  # fmt: skip
    _block(world)
    _sealed(world, "PAF")


def hidden(world: Any, *, desk: bool = True) -> None:
    """All that UKBA keeps to itself: in the middle of what others see, and newer than all of it.

    A desk is hidden in the admin site only: whoever refers to it by a lookout finds it in the list of desks.
    """
    ukba, officer = world.agency("UKBA"), world.officer("ukba.officer")
    _equipment(world, ukba)
    Authenticator.objects.create(
        user=officer, type="totp", data={"uid": str(HIDDEN["device"]), "secret": CANARY}
    )
    _traffic()
    make_delivery(
        "UKBA-SECRET", LATE, receipt=HIDDEN["delivery"], state="quarantined", error_code="malformed_json",
        error_detail=CANARY,
    )  # fmt: skip
    seen = Passage.objects.get(uid=SEEN["passage"])
    silent = _lookout(world, "UKBA", HIDDEN["lookout"], mark=MARK, mode="silent")
    _hit(world, "UKBA", silent, HIDDEN["hit"], passage=seen)
    stop = _lookout(world, "UKBA", HIDDEN["stop"], mark=MARK, mode="stop", notified=[world.group("DOUANES")])
    grants_give(LookoutGrant, stop, [world.group("DOUANES")])
    hit = _hit(world, "UKBA", stop, HIDDEN["notice_hit"], passage=seen)
    _notice(world, "UKBA", hit, HIDDEN["notice"], told=[world.group("DOUANES")])
    circle = Compartment.objects.get(name="LANTERN").group_id
    for name, group in (("countersign", ukba.group_id), ("countersign_eyes", circle)):
        signed = _countersign(
            world, HIDDEN[name], group, [group], kind="caveat_lift", caveat="uk_eyes_only", reason=CANARY
        )
        Signature.objects.create(
            countersign=signed,
            agency_group_id=group,
            officer=world.officer("ukba.analyst"),
            proposer=signed.proposed_by,
        )
    eyes = _lookout(
        world, "UKBA", HIDDEN["eyes"], mark=MARK, mode="silent", originator_id=circle, caveat="uk_eyes_only"
    )
    _hit(world, "UKBA", eyes, HIDDEN["eyes_hit"], passage=seen)
    _check(world, "UKBA", HIDDEN["check"])
    _check(world, "UKBA", HIDDEN["typed"], officer)
    _access(world, silent)
    _proposal(world, silent)
    _sharing(world, stop, silent)
    make_delivery(
        "L2-KEY", LATE, receipt=HIDDEN["typed_delivery"], agency_group_id=ukba.group_id, officer_id=officer.pk
    )
    if desk:
        Desk.objects.create(
            uid=HIDDEN["desk"], agency=ukba, code="UKBA-7", name_en=CANARY, name_fr=CANARY, phone="1"
        )
    _shift(world, "UKBA", HIDDEN["shift"], officer)
    _audit(world, "UKBA", officer.uid, uid=HIDDEN["record"])
    _sealed(world, "UKBA")
    AuditEvent.objects.create(
        at=LATE, actor="officer", actor_label="somebody", agency_group_id=world.group("DOUANES"),
        action="lookout.read", object_type="lookout", object_uids=[HIDDEN["stop"]],
    )  # fmt: skip
    Shown.objects.create(
        agency_group_id=ukba.group_id, reader_uid=officer.uid, record_uid=HIDDEN["hit"], shown_on=NOON.date()
    )
    new = Officer.objects.create_user(
        CANARY,
        agency=ukba,
        role=Role.OFFICER,
        clearance=0,
        badge_number="U-7",
        first_name=CANARY,
        uid=HIDDEN["officer"],
    )
    new.groups.add(ukba.group)
    _audit(world, "UKBA", new.uid, request_id="canary-request")
    SignIn.objects.create(
        uid=HIDDEN["signin"],
        officer=officer,
        agency_group_id=ukba.group_id,
        digest="0" * 64,
        seen_at=LATE,
        screen=CANARY,
    )
    LockOut.objects.create(
        uid=HIDDEN["lockout"], kind="pair", digest="0" * 64, officer=officer, agency_group_id=ukba.group_id,
        address="2001:db8:ca:4a79::", failures=5, last_at=LATE, locked_until=LATE + dt.timedelta(days=9999),
    )  # fmt: skip
    FactorLoss.objects.create(officer=new, agency_group_id=ukba.group_id, asked_at=LATE)
    circle = type(ukba.group).objects.create(name=f"compartment:{CANARY}")
    world.officer("ukba.supervisor").groups.add(circle)
    Compartment.objects.create(name=CANARY, agency=ukba, group=circle, uid=HIDDEN["compartment"])


def _equipment(world: Any, ukba: Any) -> None:
    account = ServiceAccount.objects.create(
        uid=HIDDEN["account"],
        agency=ukba,
        name=CANARY,
        kind=AccountKind.DEVICE,
        scopes=[Scope.DELIVERIES_WRITE],
    )
    token = ServiceToken.objects.create(
        uid=HIDDEN["token"], account=account, prefix="jocc_dv_hide", digest=hashlib.sha256(b"hidden").digest(),
        scopes=account.scopes, expires_at=FAR,
    )  # fmt: skip
    ServiceToken.objects.filter(pk=token.pk).update(created_at=NOON)
    site, group = Site.objects.get(code="CALAIS"), ukba.group
    lane = Lane.objects.create(
        uid=HIDDEN["lane"],
        originator=group,
        site=site,
        code="UKBA-HIDDEN",
        name_en=CANARY,
        name_fr=CANARY,
        order=0,
    )
    device = Device.objects.create(
        uid=HIDDEN["device"], originator=group, code="UKBA-SECRET", name_en=CANARY, name_fr=CANARY,
        kind=DeviceKind.HEARTBEAT, site=site, lane=Lane.objects.get(code="L1"), account=account, order=0,
    )  # fmt: skip
    DeviceStatus.objects.create(
        device=device, last_received_at=LATE, last_event_at=LATE, fault=CANARY, fault_since=LATE
    )
    DeliveryKey.objects.create(
        device_id=device.pk, event_key=CANARY, sha256=bytes(32), receipt=HIDDEN["delivery"]
    )
    # Shared once with PAF and taken back: nothing of that may remain.
    for grant, record in ((DeviceGrant, device), (LaneGrant, lane)):
        grants_give(grant, record, [world.group("PAF")])
        grant.objects.filter(content_object=record, group_id=world.group("PAF")).delete()


def _traffic() -> None:
    seen = Passage.objects.get(uid=SEEN["passage"])
    make_part(seen, "UKBA-SECRET", LATE, result="suspect", marks=["AB-123-CQ"], detail={"note": CANARY})
    make_part(seen, "L1-HB", at(29), result="suspect")
    own = make_passage(("UKBA-SECRET", LATE, "suspect"), ("L1-HB", LATE), marks=[MARK], uid=HIDDEN["passage"])
    make_alarm("UKBA-SECRET", LATE, rule="heartbeat_suspect", passage=own, uid=HIDDEN["alarm"])
    make_alarm("UKBA-SECRET", LATE, rule="heartbeat_suspect", passage=seen, uid=HIDDEN["on_visible"])
    Alarm.objects.filter(uid=HIDDEN["alarm"]).update(comment=CANARY)


def _lookout(
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


def _sighting(number: uuid.UUID, mark: str, passage: Any) -> dict[str, Any]:
    return {
        "uid": number, "mark_seen": mark, "mark_sought": mark, "strength": "exact", "priority": "high",
        "passage_uid": passage.uid if passage else None, "place": "CALAIS L1", "seen_at": at(6), "last_seen_at": at(6),
        "expires_at": FAR,
    }  # fmt: skip


def _hit(
    world: Any, agency: str, lookout: Lookout, number: uuid.UUID, *, passage: Any, mark: str = MARK
) -> Hit:
    hit = Hit.objects.create(
        originator_id=lookout.originator_id, caveat=lookout.caveat, reference=f"{agency}-H-2026-0000{number.int % 97:02d}", lookout=lookout,
        **_sighting(number, mark, passage),
    )  # fmt: skip
    Hit.objects.filter(pk=hit.pk).update(created_at=at(6))
    return hit


def _notice(world: Any, agency: str, hit: Hit, number: uuid.UUID, *, told: list[int]) -> None:
    passage = Passage.objects.get(uid=SEEN["passage"])
    notice = Notice.objects.create(
        originator_id=world.group(agency), reference=f"{agency}-N-2026-0000{number.int % 97:02d}", hit=hit, mode="stop",
        action_code="stop", instruction=CANARY if agency == "UKBA" else "Hold it.", **_sighting(number, MARK, passage),
    )  # fmt: skip
    grants_give(NoticeGrant, notice, told)
    Notice.objects.filter(pk=notice.pk).update(created_at=at(6))


def _access(world: Any, lookout: Lookout) -> None:
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


def _proposal(world: Any, lookout: Lookout) -> None:
    """DOUANES, with whom the hidden lookout was shared for a while, have proposed a change of it."""
    proposal = Proposal.objects.create(
        uid=HIDDEN["proposal"], originator_id=world.group("DOUANES"), lookout=lookout, lookout_reference=lookout.reference,
        owner_group_id=lookout.originator_id, base={"priority": "high"}, proposed={"priority": "low"}, reason=CANARY,
    )  # fmt: skip
    grants_give(ProposalGrant, proposal, [lookout.originator_id])
    Proposal.objects.filter(pk=proposal.pk).update(created_at=at(9))


def _sharing(world: Any, shared: Lookout, silent: Lookout) -> None:
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
    told = _hit(world, "UKBA", silent, HIDDEN["told_hit"], passage=None)
    Hit.objects.filter(pk=told.pk).update(state="confirmed", decided_at=at(7), outcome=CANARY)
    twin = _lookout(world, "UKBA", HIDDEN["twin"], mark="TE-777-AR", mode="silent")
    TearLine.objects.create(uid=HIDDEN["tear"], originator_id=silent.originator_id, source=silent, twin=twin)


def _block(world: Any) -> None:
    """A block of the sealed record, as all agencies know it."""
    AuditBlock.objects.create(
        number=1, sealed_at=at(8), after_id=0, until_id=ENDLESS, last_id=0, from_tx=0, before_tx=0, seed=bytes(32),
        ledgers_root=b"l" * 32, previous_root=bytes(32), root=b"r" * 32, key="0" * 16, signature=bytes(64),
    )  # fmt: skip


def _sealed(world: Any, agency: str) -> None:
    """One agency's part of that block."""
    LedgerSeal.objects.create(
        block=1, agency_group_id=world.group(agency), count=1, total=1, tree=b"t" * 32, salt=b"s" * 32, place=0,
        path=bytes(192),
    )  # fmt: skip


def _check(world: Any, agency: str, number: uuid.UUID, officer: Officer | None = None) -> None:
    check = Check.objects.create(
        uid=number, agency_group_id=world.group(agency), mark_raw=MARK, mark_norm="AB123CD",
        officer=officer,
        account_uid=None
        if officer
        else ServiceAccount.objects.get(agency__code=agency, kind=AccountKind.PARTNER).uid,
        purpose=CANARY if agency == "UKBA" else "patrol", outcome="nothing", answered_at=at(7),
    )  # fmt: skip
    Check.objects.filter(pk=check.pk).update(asked_at=at(7))


def _countersign(
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


def _shift(world: Any, agency: str, number: uuid.UUID, officer: Officer) -> None:
    shift = Shift.objects.create(
        uid=number, desk=world.desk(agency), lead=officer, starts_at=at(-60), ends_at=at(420),
        purpose=CANARY if agency == "UKBA" else "night shift",
    )  # fmt: skip
    shift.officers.add(officer)


def _audit(world: Any, agency: str, actor: uuid.UUID, **more: Any) -> None:
    AuditEvent.objects.create(
        at=LATE, actor="officer", actor_uid=actor, actor_label=CANARY if agency == "UKBA" else "somebody",
        agency_group_id=world.group(agency), action="alarm.clear", object_type="alarm", object_uids=[SEEN["alarm"]],
        **more,
    )  # fmt: skip

"""What everybody concerned sees, and what UKBA keeps to itself: rows with fixed uids, so that a request can name
them in the world in which they are absent.
"""

import datetime as dt
import hashlib
from typing import Any

from allauth.mfa.models import Authenticator

from agencies.choices import AccountKind, Role, Scope
from agencies.grants import grants_give
from agencies.models import (
    Compartment,
    Desk,
    FactorLoss,
    LockOut,
    Officer,
    ServiceAccount,
    ServiceToken,
    Signature,
    SignIn,
)
from audit.models import AuditEvent
from intelligence.models import (
    LookoutGrant,
    Shown,
)
from scanning.choices import DeviceKind
from scanning.models import (
    Alarm,
    AlarmReview,
    DeliveryKey,
    Device,
    DeviceGrant,
    DeviceStatus,
    Lane,
    LaneGrant,
    LawfulUse,
    Passage,
    Site,
)
from tests.making import NOON, at, make_alarm, make_delivery, make_note, make_part, make_passage
from tests.two_worlds.names import CANARY, FAR, HIDDEN, LATE, MARK, SEEN, uid
from tests.two_worlds.records import (
    access_made,
    audit_made,
    block_made,
    check_made,
    correction_made,
    countersign_made,
    findings_made,
    hit_made,
    image_made,
    life_made,
    lookout_made,
    notice_made,
    outage_made,
    pictures_made,
    placed,
    proposal_made,
    scan_made,
    sealed_made,
    sharing_made,
    shift_made,
)


def common(world: Any) -> None:
    """The world that the readers live in."""
    LawfulUse.objects.create(
        agency_group_id=world.group("UKBA"), technique="heartbeat", purpose="persons", verdict="permitted", basis="note 1",
        valid_from=NOON.date(),
    )  # fmt: skip
    first = make_passage(("L1-ANPR-F", at(0)), ("L1-RPM", at(1)), marks=[MARK], uid=SEEN["passage"])
    make_part(first, "L2-DOG", at(2), result="suspect")
    image_made("L1-RPM", SEEN["passage"], SEEN["image"], "olive")
    make_passage(("L1-ANPR-R", at(28)), marks=["EF-456-GH"], uid=SEEN["later"])
    known = make_alarm("L1-ANPR-F", at(3), rule="device_fault", severity="low", uid=SEEN["alarm"])
    AlarmReview.objects.create(
        alarm_id=known.pk, device_id=known.device_id, officer_uid=world.officer("paf.officer").uid
    )
    make_note(known, world.officer("douanes.officer"), at(4), text="fitter called")
    outage_made("L1-ANPR-F", uid(60), "lens fogged")
    placed("L1-ANPR-F")
    make_delivery("L2-DOG", at(2), receipt=SEEN["delivery"], state="quarantined", error_code="malformed_json")
    paf = world.officer("paf.officer")
    # An officer of the other state in a British circle: what bears a caveat is not there, even in a count.
    circle = Compartment.objects.get(name="LANTERN").group
    world.officer("paf.analyst").groups.add(circle)
    countersign_made(world, SEEN["countersign"], circle.pk, [world.group("PAF")], guest="P-analyst")
    shared = lookout_made(
        world, "UKBA", SEEN["circle"], mark="LA-111-AA", mode="silent", originator_id=circle.pk
    )
    hit_made(world, "UKBA", shared, SEEN["circle_hit"], mark="LA-111-AA", passage=None)
    lookout = lookout_made(world, "PAF", SEEN["lookout"], mark="ZY-987-XW", mode="silent")
    hit_made(world, "PAF", lookout, SEEN["hit"], mark="ZY-987-XW", passage=None)
    other = lookout_made(world, "DOUANES", uid(50), mark=MARK, mode="stop", notified=[world.group("PAF")])
    hit = hit_made(world, "DOUANES", other, uid(51), passage=first)
    notice_made(world, "DOUANES", hit, SEEN["notice"], told=[world.group("PAF")])
    check_made(world, "PAF", SEEN["check"])
    shift_made(world, "PAF", SEEN["shift"], paf)
    audit_made(world, "PAF", paf.uid)
    Shown.objects.create(
        agency_group_id=world.group("PAF"), reader_uid=paf.uid, record_uid=SEEN["hit"], shown_on=NOON.date()
    )  # fmt: skip
    block_made(world)
    sealed_made(world, "PAF")


def hidden(world: Any, *, desk: bool = True) -> None:
    """All that UKBA keeps to itself: in the middle of what others see, and newer than all of it.

    A desk is hidden in the admin site only: whoever refers to it by a lookout finds it in the list of desks.
    """
    ukba, officer = world.agency("UKBA"), world.officer("ukba.officer")
    _equipment(world, ukba)
    Authenticator.objects.create(
        user=officer, type="totp", data={"uid": str(HIDDEN["device"]), "secret": CANARY}
    )
    _traffic(officer)
    make_delivery(
        "UKBA-SECRET", LATE, receipt=HIDDEN["delivery"], state="quarantined", error_code="malformed_json",
        error_detail=CANARY,
    )  # fmt: skip
    seen = Passage.objects.get(uid=SEEN["passage"])
    silent = lookout_made(world, "UKBA", HIDDEN["lookout"], mark=MARK, mode="silent")
    hit_made(world, "UKBA", silent, HIDDEN["hit"], passage=seen)
    stop = lookout_made(
        world, "UKBA", HIDDEN["stop"], mark=MARK, mode="stop", notified=[world.group("DOUANES")]
    )
    grants_give(LookoutGrant, stop, [world.group("DOUANES")])
    hit = hit_made(world, "UKBA", stop, HIDDEN["notice_hit"], passage=seen)
    notice_made(world, "UKBA", hit, HIDDEN["notice"], told=[world.group("DOUANES")])
    circle = Compartment.objects.get(name="LANTERN").group_id
    for name, group in (("countersign", ukba.group_id), ("countersign_eyes", circle)):
        signed = countersign_made(
            world, HIDDEN[name], group, [group], kind="caveat_lift", caveat="uk_eyes_only", reason=CANARY
        )
        Signature.objects.create(
            countersign=signed,
            agency_group_id=group,
            officer=world.officer("ukba.analyst"),
            proposer=signed.proposed_by,
        )
    eyes = lookout_made(
        world, "UKBA", HIDDEN["eyes"], mark=MARK, mode="silent", originator_id=circle, caveat="uk_eyes_only"
    )
    hit_made(world, "UKBA", eyes, HIDDEN["eyes_hit"], passage=seen)
    check_made(world, "UKBA", HIDDEN["check"])
    check_made(world, "UKBA", HIDDEN["typed"], officer)
    access_made(world, silent)
    proposal_made(world, silent)
    scan_made(world)
    findings_made(world)
    life_made(world)
    pictures_made(world)
    correction_made(world)
    sharing_made(world, stop, silent)
    make_delivery(
        "L2-KEY", LATE, receipt=HIDDEN["typed_delivery"], agency_group_id=ukba.group_id, officer_id=officer.pk
    )
    if desk:
        Desk.objects.create(
            uid=HIDDEN["desk"], agency=ukba, code="UKBA-7", name_en=CANARY, name_fr=CANARY, phone="1"
        )
    shift_made(world, "UKBA", HIDDEN["shift"], officer)
    audit_made(world, "UKBA", officer.uid, uid=HIDDEN["record"])
    sealed_made(world, "UKBA")
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
    audit_made(world, "UKBA", new.uid, request_id="canary-request")
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


def _traffic(officer: Officer) -> None:
    seen = Passage.objects.get(uid=SEEN["passage"])
    make_part(seen, "UKBA-SECRET", LATE, result="suspect", marks=["AB-123-CQ"], detail={"note": CANARY})
    make_part(seen, "L1-HB", at(29), result="suspect")
    own = make_passage(("UKBA-SECRET", LATE, "suspect"), ("L1-HB", LATE), marks=[MARK], uid=HIDDEN["passage"])
    make_alarm("UKBA-SECRET", LATE, rule="heartbeat_suspect", passage=own, uid=HIDDEN["alarm"])
    make_alarm("UKBA-SECRET", LATE, rule="heartbeat_suspect", passage=seen, uid=HIDDEN["on_visible"])
    Alarm.objects.filter(uid=HIDDEN["alarm"]).update(
        comment=CANARY, assigned_to=officer, assigned_at=LATE, escalated_at=LATE
    )
    Alarm.objects.filter(uid=HIDDEN["on_visible"]).update(
        silenced_from=LATE, silenced_until=FAR, silenced_by=officer
    )
    AlarmReview.objects.create(
        alarm_id=Alarm.objects.get(uid=HIDDEN["on_visible"]).pk,
        device_id=Device.objects.get(code="UKBA-SECRET").pk,
        officer_uid=officer.uid,
    )
    make_note(Alarm.objects.get(uid=HIDDEN["alarm"]), officer, LATE, text=CANARY)

"""What an officer or a token may be allowed to do: rights as `resource:verb`, and the words of the rights matrix."""

import enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Right(enum.StrEnum):
    """One right, in one alphabetical list; agencies/rules/matrix.py says who holds it, over what."""

    ACCESS_ASK = "access:ask"
    ADMIN_ENTER = "admin:enter"
    ALARM_ACT = "alarm:act"
    ALARM_VIEW = "alarm:view"
    ASOF_ASK = "asof:ask"
    ASOF_RECEIVED = "asof:received"
    AUDIT_VIEW = "audit:view"
    BOARD_VIEW = "board:view"
    CHECK_MAKE = "check:make"
    COUNTERSIGN_VIEW = "countersign:view"
    DELIVERY_POST = "delivery:post"
    DELIVERY_VIEW = "delivery:view"
    DEVICE_CARE = "device:care"
    DEVICE_MANAGE = "device:manage"
    ENTRY_MAKE = "entry:make"
    FACTOR_RESET = "factor:reset"
    FIND_REPORT = "find:report"
    HIT_DECIDE = "hit:decide"
    HIT_VIEW = "hit:view"
    IMAGE_ACT = "image:act"
    IMAGE_ADD = "image:add"
    IMAGE_VIEW = "image:view"
    LOOKOUT_CREATE = "lookout:create"
    LOOKOUT_VIEW = "lookout:view"
    NOTICE_ACT = "notice:act"
    NOTICE_VIEW = "notice:view"
    OFFICER_MANAGE = "officer:manage"
    OUTAGE_VIEW = "outage:view"
    OUTAGE_WORK = "outage:work"
    PASSAGE_CORRECT = "passage:correct"
    PASSAGE_VIEW = "passage:view"
    PROPOSAL_MAKE = "proposal:make"
    QUARANTINE_MANAGE = "quarantine:manage"
    RECALL_CONFIRM = "recall:confirm"
    REQUEST_ANSWER = "request:answer"
    REQUEST_ASK = "request:ask"
    REQUEST_VIEW = "request:view"
    TOKEN_MANAGE = "token:manage"  # noqa: S105  (a right, not a secret)


class Action(models.TextChoices):
    """What is done, in the rights matrix."""

    ENTER = "enter", _("enter")
    ASK = "ask", _("ask who could see, and when")
    VIEW = "view", _("read")
    POST = "post", _("post")
    MAKE = "make", _("make")
    ACT = "act", _("act on")
    DECIDE = "decide", _("decide on")
    OWN = "own", _("enter, renew, share, recall, withdraw")
    MANAGE = "manage", _("enter and change")
    REQUEST = "request", _("ask the owner for, by reference")
    CORRECT = "correct", _("split, merge, undo either")
    REPAIR = "repair", _("report and comment; work on those of own devices")
    ANSWER = "answer", _("accept, refuse, carry out")
    SEEK = "seek", _("make and take back")
    PROPOSE = "propose", _("propose a change of")
    RESET = "reset", _("reset, as one of two")
    ADD = "add", _("add")
    KEEP = "keep", _("annotate, keep, release")
    CONFIRM = "confirm", _("confirm the removal after")
    REPLAY = "replay", _("look into and replay")


class RecordKind(models.TextChoices):
    """On what it is done, in the rights matrix."""

    ADMIN_SITE = "admin_site", _("administration site")
    ALARM = "alarm", _("alarm")
    AUDIT = "audit", _("audit record")
    BOARD = "board", _("board")
    CARE = "care", _("care of a device, planned downtime")
    CHECK = "check", _("check by hand")
    COMPARTMENT = "compartment", _("compartment")
    COUNTERSIGN = "countersign", _("second signature")
    DELIVERY = "delivery", _("delivery")
    DESK = "desk", _("desk")
    DEVICE = "device", _("detection device")
    ENTRY = "entry", _("entry by hand")
    FACTOR = "factor", _("second factor")
    HISTORY = "history", _("history of records and officers")
    HIT = "hit", _("hit")
    IMAGE = "image", _("picture")
    LANE = "lane", _("lane")
    LATER_FIND = "later_find", _("later find")
    LOOKOUT = "lookout", _("lookout")
    NOTICE = "notice", _("notice")
    OFFICER = "officer", _("officer’s account")
    OUTAGE = "outage", _("outage")
    PASSAGE = "passage", _("passage")
    RECALL = "recall", _("recall")
    SCAN_REQUEST = "scan_request", _("scan request")
    SERVICE_ACCOUNT = "service_account", _("service account and token")
    SHIFT = "shift", _("shift")


class Reach(models.TextChoices):
    """How far a right reaches. No right opens a record that the gate keeps closed."""

    OWN = "own", _("of the own agency")
    AUDIENCE = "audience", _("whatever the agency is in the audience of")
    ITSELF = "itself", _("of the account itself")

"""What an officer or a token may be allowed to do, as `resource:verb`; one alphabetical list."""

import enum


class Right(enum.StrEnum):
    """One right; agencies/rules/rights.py says which role holds it."""

    ADMIN_ENTER = "admin:enter"
    ALARM_ACT = "alarm:act"
    ALARM_VIEW = "alarm:view"
    AUDIT_VIEW = "audit:view"
    BOARD_VIEW = "board:view"
    CHECK_MAKE = "check:make"
    DEVICE_MANAGE = "device:manage"
    ENTRY_MAKE = "entry:make"
    HIT_DECIDE = "hit:decide"
    HIT_VIEW = "hit:view"
    LOOKOUT_CREATE = "lookout:create"
    LOOKOUT_VIEW = "lookout:view"
    NOTICE_ACT = "notice:act"
    NOTICE_VIEW = "notice:view"
    OFFICER_MANAGE = "officer:manage"
    PASSAGE_VIEW = "passage:view"
    QUARANTINE_MANAGE = "quarantine:manage"
    TOKEN_MANAGE = "token:manage"  # noqa: S105  (a right, not a secret)

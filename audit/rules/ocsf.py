"""Records in the Open Cybersecurity Schema Framework, version 1.3, as security monitoring takes them (docs/audit.md)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

VERSION = "1.3.0"
#: class: (uid, name, category's uid, category's name)
AUTHENTICATION = (3002, "Authentication", 3, "Identity & Access Management")
ENTITY = (3004, "Entity Management", 3, "Identity & Access Management")
API = (6003, "API Activity", 6, "Application Activity")

_AUTHENTICATING = {
    "officer.sign_in": 1, "officer.sign_out": 2, "officer.sign_in_fail": 1, "officer.lock": 1,
    "token.refuse": 1,
}  # fmt: skip
_VERBS = {
    "create": 1, "issue": 1, "make": 1, "read": 2, "change": 3, "extend": 3, "share": 3, "recall": 3, "suspend": 3,
    "restore": 3, "password_renew": 3, "withdraw": 4, "revoke": 4,
}  # fmt: skip
_ENTITIES = {"officer", "service_account", "token", "compartment", "setting"}
_OTHER = 99
_FAILED = {"officer.sign_in_fail", "officer.lock", "token.refuse", "access.refuse"}


def ocsf_event(record: Mapping[str, Any], *, centre: str = "JOCC") -> dict[str, Any]:
    """One record (as `record_plain` gives it) as an OCSF event."""
    action = record["action"]
    kind, activity = _class_of(action)
    uid, name, category, category_name = kind
    event: dict[str, Any] = {
        "class_uid": uid,
        "class_name": name,
        "category_uid": category,
        "category_name": category_name,
        "activity_id": activity,
        "type_uid": uid * 100 + activity,
        "time": int(dt.datetime.fromisoformat(record["at"]).timestamp() * 1000),
        "severity_id": 2 if action in _FAILED else 1,
        "status_id": 2 if action in _FAILED else 1,
        "message": record["purpose"],
        "metadata": {
            "version": VERSION,
            "uid": record["uid"],
            "correlation_uid": record["request_id"],
            "product": {"name": centre, "vendor_name": centre},
        },
        "actor": {"user": _user(record)},
        "unmapped": {"action": action, "detail": record["detail"]},
    }
    objects = [{"type": record["object_type"], "uid": each} for each in record["object_uids"]]
    if kind is AUTHENTICATION:
        event["user"] = _user(record)
    elif kind is ENTITY:
        event["entity"] = objects[0] if objects else {"type": record["object_type"]}
    else:
        event["api"] = {"operation": action}
        event["resources"] = objects
    return event


def _class_of(action: str) -> tuple[tuple[int, str, int, str], int]:
    if action in _AUTHENTICATING:
        return AUTHENTICATION, _AUTHENTICATING[action]
    noun, _, verb = action.partition(".")
    return (ENTITY if noun in _ENTITIES and verb != "read" else API), _VERBS.get(verb, _OTHER)


def _user(record: Mapping[str, Any]) -> dict[str, str]:
    return {
        "uid": record["actor_uid"] or "",
        "name": record["actor_label"],
        "type": record["actor"],
    }

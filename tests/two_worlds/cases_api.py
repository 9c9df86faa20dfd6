"""Cases for the REST routes."""

import datetime as dt

from intelligence.rules.proposals import version_of
from tests.making import NOON
from tests.two_worlds.framework import Case
from tests.two_worlds.names import FAR, HIDDEN, MARK, SEEN

_API = "api/v1/"
#: The hidden lookout as its owner has looked at it.
_VERSION = version_of(
    {
        "mark": MARK, "country": "", "action_code": "stop", "priority": "high", "instruction": "",
        "expires_at": FAR.isoformat(), "review_due": (NOON + dt.timedelta(days=8)).date().isoformat(),
    }
)  # fmt: skip


def _case(route: str, path: str = "", **more: object) -> Case:
    return Case(route=_API + route, path=f"/{_API}{path or route}", **more)  # type: ignore[arg-type]


def _one(route: str, name: str, seen: str = "", **more: object) -> list[Case]:
    """A route to one thing: the hidden one is not there, and the seen one is as it was."""
    pattern = f"{route}/<str:{'receipt' if route == 'deliveries' else 'uid'}>/"
    cases = [_case(pattern, f"{route}/{HIDDEN[name]}/", hidden=True, **more)]
    if seen:
        cases.append(_case(pattern, f"{route}/{SEEN[seen]}/", shows=MARK, **more))
    return cases


def _act(route: str, verb: str, name: str, body: dict[str, object], **more: object) -> Case:
    pattern = f"{route}/<str:uid>/{verb}/"
    return _case(pattern, f"{route}/{HIDDEN[name]}/{verb}/", method="post", body=body, hidden=True, **more)


CASES = [
    # Lists, their filters and their orders.
    _case("passages/", shows=MARK),
    *(
        _case("passages/", f"passages/?{query}", readers=("PAF", "CCIC", "DOUANES"))
        for query in (
            "mark=AB1",
            "mark=AB123CQ&whole_mark=true",
            "result=suspect",
            "kind=heartbeat",
            "lane=L1",
            "site=CALAIS",
            "device=UKBA-SECRET",
            "since=2026-11-22T12:04:00Z",
            "until=2026-11-22T12:07:00Z",
            "limit=1",
            "mark=AB1&result=suspect",
            "kind=heartbeat&result=suspect",
        )
    ),
    _case("alarms/", shows="device_fault"),
    *(
        _case("alarms/", f"alarms/?{query}")
        for query in (
            "active=true",
            "acknowledged=false",
            "severity=high",
            "rule=heartbeat_suspect",
            "kind=heartbeat",
            "lane=L1",
            "device=UKBA-SECRET",
            f"passage={SEEN['passage']}",
            f"passage={HIDDEN['passage']}",
            "assigned=true",
            "silenced=true",
            "escalated=true",
            "assigned_to=U-officer",
            "limit=1",
            "site=CALAIS",
        )
    ),
    _case("lanes/", shows="L1", readers=("PAF", "DOUANES")),
    _case("lanes/", "lanes/?site=CALAIS"),
    _case("lanes/", "lanes/?limit=1"),
    _case("lookouts/", shows="ZY-987-XW"),
    _case("lookouts/", "lookouts/?state=active&mode=stop&priority=high&own=true"),
    _case("lookouts/", "lookouts/?own=false&limit=1", entitled="DOUANES", readers=("PAF", "CCIC")),
    _case("hits/", shows="ZY-987-XW"),
    *(
        _case("hits/", f"hits/?{query}")
        for query in (
            "state=match",
            "priority=high&late=false",
            "limit=1",
            f"passage={SEEN['passage']}",
            f"lookout={HIDDEN['lookout']}",
            "since=2026-11-22T12:00:00Z&until=2026-11-22T13:00:00Z",
        )
    ),
    _case("notices/", shows=MARK),
    *(
        _case("notices/", f"notices/?{query}")
        for query in (
            "state=open&mode=stop",
            "priority=high&late=false",
            "limit=1",
            f"passage={SEEN['passage']}",
            "since=2026-11-22T12:00:00Z&until=2026-11-22T13:00:00Z",
        )
    ),
    _case("checks/", shows=MARK),
    _case("checks/", "checks/?limit=1"),
    # PAF is no reader of the device's: it was given it once, and its auditor may learn of that.
    *(
        _case(
            "as-of/",
            f"as-of/?record={record}&agency={agency}&at=2026-11-22T12:29:45Z",
            hidden=True,
            readers=readers,
            headers={"X-Purpose": "a complaint"},
            told=() if "PAF" in readers else ("PAF",),
        )
        for record, readers in (
            (f"lookout:{HIDDEN['lookout']}", ("PAF", "DOUANES")),
            (f"hit:{HIDDEN['hit']}", ("PAF", "DOUANES")),
            (f"device:{HIDDEN['device']}", ("DOUANES", "CCIC")),
            ("UKBA-SECRET", ("DOUANES", "CCIC")),
            (f"passage:{HIDDEN['passage']}", ("DOUANES", "CCIC")),
        )
        for agency in ("PAF", "UKBA", "UKBA&officer=U-7")
    ),
    _case("audit/records/", shows="somebody"),
    *(
        _case("audit/records/", f"audit/records/?{query}")
        for query in (
            "action=alarm.clear",
            "limit=1",
            "shape=ocsf",
            f"object={SEEN['alarm']}",
            f"actor={HIDDEN['officer']}",
            "object_type=alarm",
            "request=canary-request",
            "since=2026-11-22T00:00:00Z&until=2027-01-01T00:00:00Z",
        )
    ),
    _case("audit/roots/"),
    _case("audit/roots/", "audit/roots/?after=0&limit=5"),
    _case("countersigns/"),
    *_one("countersigns", "countersign"),
    # One thing each, and what can be done with it.
    *_one("passages", "passage", "passage"),
    *_one("alarms", "alarm"),
    _case("alarms/<str:uid>/history/", f"alarms/{HIDDEN['alarm']}/history/", hidden=True),
    *_one("devices", "device"),
    *_one("lanes", "lane"),
    *_one("deliveries", "delivery"),
    *_one("lookouts", "lookout"),
    *_one("hits", "hit"),
    *_one("notices", "notice", readers=("PAF", "CCIC")),
    *_one("checks", "check"),
    _case("access-requests/", readers=("PAF", "DOUANES")),
    _case("access-cases/", readers=("PAF", "DOUANES")),
    _case("access-requests/", "access-requests/?limit=1", readers=("PAF", "DOUANES")),
    _case("access-cases/", "access-cases/?open=true", readers=("PAF", "DOUANES")),
    _case("access-cases/", "access-cases/?limit=1", readers=("PAF", "DOUANES")),
    *_one("access-requests", "asked"),
    *_one("access-cases", "case"),
    _act(
        "lookouts",
        "propose",
        "stop",
        {"changes": {"priority": "low"}, "reason": "seen empty"},
        readers=("PAF", "CCIC"),
        entitled="DOUANES",
    ),
    *(
        _case(f"{kind}/<str:uid>/{part}/", f"{kind}/{HIDDEN[name]}/{part}/", hidden=True)
        for kind, name, part in (
            ("lookouts", "stop", "disseminations"),
            ("lookouts", "lookout", "tear-lines"),
            ("hits", "hit", "disseminations"),
        )
    ),
    *_one("disseminations", "share"),
    _act("disseminations", "change", "share", {"expires_at": None, "reason": "trial is in May"}),
    _case("recalls/", readers=("PAF",)),
    *(
        _case("recalls/", f"recalls/?{query}", readers=("PAF",), entitled=entitled)
        for query, entitled in (
            ("state=open", "UKBA"),
            ("own=true", "UKBA"),
            ("own=false", "DOUANES"),
            ("limit=1", "UKBA"),
        )
    ),
    *_one("recalls", "receipt"),
    _act("recalls", "confirm", "receipt", {}, readers=("PAF", "CCIC"), entitled="DOUANES"),
    _act("hits", "recall", "told_hit", {"agencies": ["PAF"], "purpose": "a slip"}),
    _act(
        "lookouts",
        "tear-lines",
        "lookout",
        {
            "mark": "ZZ 1",
            "action_code": "search",
            "reason": "sanitised",
            "expires_at": (NOON + dt.timedelta(days=30)).isoformat(),
            "review_due": (NOON + dt.timedelta(days=20)).date().isoformat(),
        },
    ),
    _act("hits", "share", "told_hit", {"agencies": ["PAF"], "purpose": "joint enquiry"}),
    _case("proposals/", readers=("PAF",)),
    _case("proposals/", "proposals/?state=open", readers=("PAF",)),
    _case("proposals/", "proposals/?limit=1", readers=("PAF",)),
    *_one("proposals", "proposal"),
    *(
        _case("scan-requests/", f"scan-requests/{query}")
        for query in ("", "?state=asked", "?technique=xray", "?own=true", "?limit=1")
    ),
    *_one("scan-requests", "scan"),
    *(
        _act("scan-requests", verb, "scan", body, entitled=entitled)
        for verb, body, entitled in (
            ("accept", {}, "DOUANES"),
            ("refuse", {"reason": "no time"}, "DOUANES"),
            ("done", {"result": "clear", "finding": "nothing found"}, "DOUANES"),
            ("cancel", {"reason": "opened already"}, "UKBA"),
        )
    ),
    *(
        _case("rates/", f"rates/{query}")
        for query in (
            "",
            "?by=kind",
            "?kind=heartbeat",
            "?site=CALAIS",
            "?since=2026-11-22T00:00:00Z",
            "?until=2026-11-22T14:00:00Z",
        )
    ),
    _act("alarms", "adjudicate", "alarm", {"code": "false_other"}, badge=True),
    _act(
        "passages",
        "finds",
        "passage",
        {
            "found_at": "2026-11-22T12:29:00Z",
            "place": "Dover",
            "finds": ["goods"],
            "note": "behind the pallets",
        },
    ),
    _act(
        "passages",
        "scan-requests",
        "passage",
        {
            "technique": "xray",
            "agency": "DOUANES",
            "purpose": "contraband",
            "note": "behind the pallets",
            "needed_by": (NOON + dt.timedelta(hours=2)).isoformat(),
            "justification": "joint order",
        },
    ),
    _case(
        "passages/<str:uid>/images/",
        f"passages/{SEEN['passage']}/images/",
        shows="L1-RPM",
        readers=("PAF", "DOUANES"),
    ),
    _case(
        "passages/<str:uid>/images/", f"passages/{HIDDEN['passage']}/images/", hidden=True, readers=("PAF",)
    ),
    *(
        _case(
            f"images/<str:uid>/{part}",
            f"images/{HIDDEN['image']}/{part}",
            hidden=True,
            readers=("PAF", "DOUANES"),
        )
        for part in ("", "content/", "preview/")
    ),
    # That UKBA keep a picture of what others see changes nothing for them.
    _case("images/<str:uid>/", f"images/{SEEN['image']}/", shows="L1-RPM", readers=("PAF", "DOUANES")),
    _act("images", "keep", "image_free", {"reason": "case 12"}, badge=True, readers=("PAF", "DOUANES")),
    *(
        _act("images", verb, "image", body, badge=True, readers=("PAF", "DOUANES"))
        for verb, body in (
            ("notes", {"text": "a hollow space"}),
            ("release", {"reason": "closed"}),
        )
    ),
    _case(
        "images/<str:uid>/notes/<str:note>/withdraw/",
        f"images/{HIDDEN['image']}/notes/{HIDDEN['image_note']}/withdraw/",
        method="post",
        body={"reason": "a shadow"},
        badge=True,
        hidden=True,
        readers=("PAF", "DOUANES"),
    ),
    _act("proposals", "accept", "proposal", {"version": _VERSION}),
    _act("proposals", "discard", "proposal", {"reason": "no longer so"}),
    _act("access-cases", "answer", "case", {"answer": "declined"}),
    *_one("audit/records", "record"),
    _case("audit/records/<str:uid>/proof/", f"audit/records/{HIDDEN['record']}/proof/", hidden=True),
    _act("alarms", "acknowledge", "alarm", {}, badge=True),
    _act("alarms", "clear", "alarm", {"comment": "seen"}, badge=True),
    _case(
        "alarms/batch/",
        method="post",
        badge=True,
        shows='"done":true',
        body={"act": "acknowledge", "alarms": [str(SEEN["alarm"]), str(HIDDEN["alarm"])]},
    ),
    _act("alarms", "take", "on_visible", {}, badge=True),
    _act("alarms", "assign", "alarm", {"to": "U-officer"}, badge=True),
    _act("alarms", "release", "alarm", {}, badge=True),
    _act("alarms", "silence", "alarm", {"until": "2026-11-22T13:00:00Z", "comment": "seen"}, badge=True),
    _act("alarms", "escalate", "on_visible", {"comment": "seen"}, badge=True),
    _act("alarms", "unsilence", "on_visible", {}, badge=True),
    _act("alarms", "comment", "alarm", {"comment": "seen"}, badge=True),
    _act("alarms", "clear", "on_visible", {"comment": "seen"}, badge=True),
    _act("lookouts", "withdraw", "lookout", {"reason": "case closed"}),
    _act(
        "lookouts",
        "extend",
        "lookout",
        {"expires_at": "2026-12-20T12:00:00Z", "review_due": "2026-12-19", "reason": "still needed"},
    ),
    _act("lookouts", "share", "lookout", {"agencies": ["DOUANES"], "purpose": "joint enquiry"}),
    _act("lookouts", "recall", "lookout", {"agencies": ["DOUANES"], "purpose": "joint enquiry"}),
    _act("hits", "decide", "hit", {"confirmed": True, "outcome": "searched"}, badge=True),
    _act("notices", "take", "notice", {}, badge=True),
    _act("notices", "decide", "notice", {"confirmed": True, "outcome": "searched"}, badge=True),
]

#: Routes whose answer nothing hidden can be part of, each with why.
OPEN = {
    _API: "names routes, no records",
    f"{_API}schema/": "is made of the code",
    f"{_API}docs/": "is made of the code",
    f"{_API}rights/": "is made of the code; `mine` follows from the asker's own role and scopes",
    f"{_API}lawful-use/": "the law is no secret: everybody reads all rules",
    f"{_API}^.*$": "answers the same whatever is asked",
}

#: Routes that only take something in: held by a test of their own in test_doors.py.
SPECIAL = {
    f"{_API}deliveries/": "test_the_answer_to_a_delivery_never_depends_on_what_is_looked_for",
    f"{_API}deliveries/images/": "test_a_picture_for_a_hidden_event_is_as_one_for_an_absent_event",
    f"{_API}deliveries/in/<str:secret>/": "test_the_answer_to_a_delivery_never_depends_on_what_is_looked_for",
}

"""Cases for the officers' pages."""

from tests.two_worlds.framework import Case
from tests.two_worlds.names import HIDDEN, MARK, SEEN

_OFFICERS = ("paf.officer", "ccic.officer")


def _case(route: str, path: str = "", **more: object) -> Case:
    values = {"readers": _OFFICERS, "entitled": "ukba.officer"} | more
    return Case(route=route, path=f"/{path or route}", **values)  # type: ignore[arg-type]


def _act(route: str, path: str, body: dict[str, object], **more: object) -> Case:
    return _case(route, path, method="post", body=body, hidden=True, **more)


_AUDITORS = ("paf.auditor", "ccic.auditor")
_AUTHORITIES = ("paf.officer", "paf.analyst")


def _asked(record: str, *readers: str) -> Case:
    """Who could see a record: whoever may not ask gets the form again, and one sentence."""
    body = {
        "record": record,
        "agency": "PAF",
        "day": "2026-11-22",
        "time": "13:29:45",
        "purpose": "a complaint",
    }
    told = () if "paf.auditor" in readers else ("PAF",)
    return _case(
        "as-of/", method="post", body=body, readers=readers, entitled="ukba.auditor", refused=422, told=told
    )


def _reference(series: str, name: str) -> str:
    return f"UKBA-{series}-2026-0000{HIDDEN[name].int % 97:02d}"


_TEAR_LINE = {
    "kind": "plate",
    "mark": "ZZ 1",
    "action_code": "search",
    "priority": "low",
    "mode": "silent",
    "reason": "sanitised",
    "expires": "2026-12-22",
    "review_due": "2026-12-01",
}

CASES = [
    _case("", shows=MARK),
    _case("", "?wall=1", shows=MARK),
    _case("", "?lane=L1"),
    _case("", "?show=suspect"),
    _case("", "?show=hits"),
    _case("board/lanes/"),
    _case("board/passages/", shows=MARK),
    _case("board/passages/", "board/passages/?show=suspect"),
    _case("board/needs/"),
    _case("board/plots/"),
    _case("board/plan/"),
    _case("passages/", shows=MARK),
    _case("passages/", "passages/?result=suspect"),
    _case("passages/", "passages/?kind=heartbeat"),
    _case("passages/", "passages/?lane=L1"),
    _case("passages/", "passages/?since=2026-11-22T12:00&until=2026-11-22T14:30"),
    _case("passages/export/", shows=MARK),
    _case("passages/<uuid:uid>/", f"passages/{HIDDEN['passage']}/", hidden=True),
    _case("passages/<uuid:uid>/", f"passages/{SEEN['passage']}/", shows=MARK),
    _case("alarms/"),
    _case("alarms/", "alarms/?state=active"),
    *(_case("alarms/", f"alarms/?state=all&severity={each}") for each in ("high",)),
    _case("alarms/", "alarms/?whose=mine"),
    _case("alarms/", "alarms/?reviewed=no"),
    _case("alarms/", "alarms/?reviewed=yes"),
    _case("alarms/", "alarms/?state=escalated"),
    _case("alarms/", "alarms/?state=silenced"),
    _case("alarms/", "alarms/?whose=nobody"),
    _case("alarms/export/"),
    _case("alarms/<uuid:uid>/", f"alarms/{HIDDEN['alarm']}/", hidden=True),
    _case("alarms/<uuid:uid>/", f"alarms/{SEEN['alarm']}/", shows="fitter called"),
    _act("alarms/<uuid:uid>/", f"alarms/{HIDDEN['alarm']}/", {"act": "comment", "comment": "seen"}),
    _case("lookouts/", readers=_AUTHORITIES),
    *(
        _case("still/", f"still/?record={kind}:{HIDDEN[name]}&record={kind}:{SEEN[name]}")
        for kind, name in (("lookout", "lookout"), ("hit", "hit"), ("notice", "notice"))
    ),
    *(
        _case("lookouts/", f"lookouts/?{query}", readers=_AUTHORITIES)
        for query in ("mark=AB123CQ", "mode=stop", "priority=high", "own=true")
    ),
    _case("hits/", "hits/?priority=high", readers=_AUTHORITIES),
    _case("lookouts/<uuid:uid>/", f"lookouts/{HIDDEN['lookout']}/", hidden=True, readers=_AUTHORITIES),
    # A member of the same compartment, but of the other state: a caveat hides even from the circle.
    *(
        _case(route, path, readers=("paf.analyst",), entitled="ukba.analyst", **more)
        for route, path, more in (
            ("", "", {}),
            ("board/needs/", "", {}),
            ("lookouts/", "", {"shows": "LA-111-AA"}),
            ("lookouts/<uuid:uid>/", f"lookouts/{HIDDEN['eyes']}/", {"hidden": True}),
            ("hits/", "", {"shows": "LA-111-AA"}),
            ("hits/<uuid:uid>/", f"hits/{HIDDEN['eyes_hit']}/", {"hidden": True}),
        )
    ),
    _act(
        "lookouts/<uuid:uid>/act/",
        f"lookouts/{HIDDEN['eyes']}/act/",
        {"act": "withdraw", "reason": "case closed"},
        readers=("paf.analyst",),
        entitled="ukba.analyst",
    ),
    _case(
        "lookouts/<uuid:uid>/propose/",
        f"lookouts/{HIDDEN['stop']}/propose/",
        hidden=True,
        readers=_AUTHORITIES,
        entitled="douanes.analyst",
    ),
    _case("accounts/sessions/", readers=("paf.officer", "ccic.officer"), entitled="ukba.officer"),
    _act(
        "accounts/sessions/<uuid:uid>/end/",
        f"accounts/sessions/{HIDDEN['signin']}/end/",
        {},
        readers=("paf.officer", "paf.administrator"),
        entitled="ukba.officer",
    ),
    _case("recalls/", readers=_AUTHORITIES, entitled="ukba.analyst"),
    _act(
        "recalls/<uuid:uid>/confirm/",
        f"recalls/{HIDDEN['receipt']}/confirm/",
        {},
        readers=("paf.analyst",),
        entitled="douanes.analyst",
    ),
    *(
        case(
            route.replace("UID", "<uuid:uid>"),
            route.replace("UID", str(HIDDEN[name])),
            *body,
            readers=("paf.analyst", "douanes.analyst"),
            entitled="ukba.analyst",
            **more,
        )
        for route, name, sent in (
            ("lookouts/UID/tear-line/", "lookout", _TEAR_LINE),
            (
                "hits/UID/sharing/",
                "told_hit",
                {"act": "share", "agencies": ["PAF"], "reason": "joint enquiry"},
            ),
        )
        for case, body, more in ((_case, (), {"hidden": True}), (_act, (sent,), {}))
    ),
    _case("proposals/", readers=_AUTHORITIES),
    _case("proposals/<uuid:uid>/", f"proposals/{HIDDEN['proposal']}/", hidden=True, readers=_AUTHORITIES),
    _act(
        "proposals/<uuid:uid>/",
        f"proposals/{HIDDEN['proposal']}/",
        {"version": "x", "decision": "discard", "reason": "no longer so"},
        readers=_AUTHORITIES,
        entitled="ukba.analyst",
    ),
    *(
        _case("scan-requests/", f"scan-requests/{query}")
        for query in ("", "?state=asked", "?technique=xray", "?side=false")
    ),
    _case("scan-requests/<uuid:uid>/", f"scan-requests/{HIDDEN['scan']}/", hidden=True),
    _act(
        "scan-requests/<uuid:uid>/",
        f"scan-requests/{HIDDEN['scan']}/",
        {"act": "refuse", "reason": "no time"},
        entitled="douanes.officer",
    ),
    *(
        _case("statistics/", f"statistics/{query}", entitled="ukba.analyst")
        for query in ("", "?by=kind", "?kind=heartbeat", "?since=2026-11-01&until=2026-11-22", "?export=csv")
    ),
    _case("alarms/<uuid:uid>/adjudicate/", f"alarms/{HIDDEN['alarm']}/adjudicate/", hidden=True),
    _act("alarms/<uuid:uid>/adjudicate/", f"alarms/{HIDDEN['alarm']}/adjudicate/", {"code": "false_other"}),
    _case("passages/<uuid:uid>/find/", f"passages/{HIDDEN['passage']}/find/", hidden=True),
    _act(
        "passages/<uuid:uid>/find/",
        f"passages/{HIDDEN['passage']}/find/",
        {"finds": ["goods"], "place": "Dover", "found_at": "2026-11-22T13:29", "note": "behind the pallets"},
    ),
    *(
        _case(
            f"images/<uuid:uid>/{part}", f"images/{HIDDEN['image']}/{part}", hidden=True, readers=_AUTHORITIES
        )
        for part in ("", "content/", "preview/")
    ),
    _case("images/<uuid:uid>/", f"images/{SEEN['image']}/", shows="L1-RPM", readers=_AUTHORITIES),
    *(
        _act("images/<uuid:uid>/", f"images/{HIDDEN['image']}/", body, readers=_AUTHORITIES)
        for body in (
            {"act": "note", "note-text": "a hollow space"},
            {"act": "keep", "keep-reason": "case 12"},
            {"act": "release", "release-reason": "closed"},
            {"act": "withdraw", "note": str(HIDDEN["image_note"]), "withdraw-reason": "a shadow"},
        )
    ),
    _case("images/new/<uuid:uid>/", f"images/new/{HIDDEN['passage']}/", hidden=True, readers=_AUTHORITIES),
    _case("passages/<uuid:uid>/ask/", f"passages/{HIDDEN['passage']}/ask/", hidden=True),
    _act(
        "passages/<uuid:uid>/ask/",
        f"passages/{HIDDEN['passage']}/ask/",
        {
            "offer": "xray:DOUANES",
            "purpose": "contraband",
            "note": "behind the pallets",
            "within": "30",
            "justification": "joint order",
        },
    ),
    _case("access/", readers=_AUTHORITIES, entitled="ukba.analyst"),
    _case(
        "access/cases/<uuid:uid>/",
        f"access/cases/{HIDDEN['case']}/",
        hidden=True,
        readers=("paf.analyst",),
        entitled="ukba.analyst",
    ),
    _act(
        "access/cases/<uuid:uid>/",
        f"access/cases/{HIDDEN['case']}/",
        {"answer": "declined"},
        readers=("paf.analyst", "douanes.supervisor"),
        entitled="ukba.analyst",
    ),
    _case(
        "countersigns/",
        readers=("paf.supervisor", "paf.administrator"),
        entitled="ukba.analyst",
        shows="P-analyst",
    ),
    *(
        case(
            f"countersigns/<uuid:uid>/{more}",
            f"countersigns/{HIDDEN[name]}/{more}",
            *body,
            readers=("paf.supervisor", "paf.analyst"),
            entitled="ukba.analyst",
            **extra,
        )
        for name in ("countersign", "countersign_eyes")
        for case, more, body, extra in (
            (_case, "", (), {"hidden": True}),
            (_act, "act/", ({"act": "withdraw", "reason": "no more"},), {}),
        )
    ),
    _case("hits/", readers=_OFFICERS),
    _case("hits/<uuid:uid>/", f"hits/{HIDDEN['hit']}/", hidden=True),
    _case("hits/<uuid:uid>/", f"hits/{HIDDEN['notice']}/", hidden=True),
    _act(
        "hits/<uuid:uid>/",
        f"hits/{HIDDEN['hit']}/",
        {"decision": "confirm", "outcome": "searched"},
    ),
    _case("check/<uuid:uid>/", f"check/{HIDDEN['typed']}/", hidden=True, readers=_AUTHORITIES),
    _case("entry/", "entry/?lane=L1", readers=_AUTHORITIES),
    _case("entry/", "entry/?lane=L1&kind=co2", readers=_AUTHORITIES),
    _case(
        "entry/receipts/<uuid:receipt>/",
        f"entry/receipts/{HIDDEN['typed_delivery']}/",
        hidden=True,
        readers=_AUTHORITIES,
    ),
    _asked(_reference("L", "lookout"), "paf.auditor", "douanes.auditor", "ccic.auditor"),
    _asked(_reference("H", "hit"), "paf.auditor", "ccic.supervisor"),
    _asked("UKBA-SECRET", "douanes.auditor", "ccic.auditor"),
    _case("audit/", readers=_AUDITORS, entitled="ukba.auditor"),
    _case(
        "audit/", "audit/?action=alarm.clear", shows="somebody", readers=_AUDITORS, entitled="ukba.auditor"
    ),
    _case("audit/", f"audit/?object={SEEN['alarm']}", readers=_AUDITORS, entitled="ukba.auditor"),
    *(
        _case("audit/", f"audit/?{query}", readers=_AUDITORS, entitled="ukba.auditor")
        for query in (
            "object_type=lookout",
            "request=canary-request",
            "since=2026-11-22T00:00&until=2026-11-24T00:00",
        )
    ),
    # Who is no officer of the asking agency is no choice of its form, whether there is such an officer or not.
    _case(
        "audit/", f"audit/?actor={HIDDEN['officer']}", readers=_AUDITORS, entitled="ukba.auditor", refused=400
    ),
    _case("audit/", "audit/", readers=("paf.officer",)),
    _case(
        "audit/export/",
        method="post",
        body={"format": "ndjson", "purpose": "review"},
        readers=_AUDITORS,
        entitled="ukba.auditor",
    ),
    _case("audit/roots/", readers=_AUDITORS, entitled="ukba.auditor"),
    _case("audit/roots/file/", readers=_AUDITORS, entitled="ukba.auditor"),
    *(
        _case(
            f"audit/<uuid:uid>/{page}",
            f"audit/{HIDDEN['record']}/{page}",
            hidden=True,
            readers=_AUDITORS,
            entitled="ukba.auditor",
        )
        for page in ("", "proof/")
    ),
    _case("health/", readers=("paf.supervisor", "ccic.supervisor"), entitled="ukba.supervisor"),
    *(
        _act("needs/<str:kind>/<uuid:uid>/act/", f"needs/{kind}/{HIDDEN[kind]}/act/", {"act": act})
        for kind, act in (
            ("alarm", "acknowledge"),
            ("alarm", "clear"),
            ("hit", "confirm"),
            ("notice", "take"),
        )
    ),
    _act(
        "needs/<str:kind>/<uuid:uid>/act/",
        f"needs/alarm/{HIDDEN['alarm']}/act/",
        {"act": "silence", "reason": "60", "comment": "seen"},
    ),
    _case("alarms/now/"),
    _case("alarms/calls/", readers=("paf.supervisor", "ccic.supervisor"), entitled="ukba.supervisor"),
    _case("alarms/now/", "alarms/now/?state=all&as_of=x", shows="data-keyed"),
    _act("alarms/act/", "alarms/act/", {"act": "acknowledge", "alarm": str(HIDDEN["alarm"])}),
    _act("alarms/<uuid:uid>/act/", f"alarms/{HIDDEN['on_visible']}/act/", {"act": "acknowledge"}),
    _act(
        "lookouts/<uuid:uid>/act/",
        f"lookouts/{HIDDEN['lookout']}/act/",
        {"act": "withdraw", "reason": "case closed"},
        readers=_AUTHORITIES,
        entitled="ukba.analyst",
    ),
]

OPEN = {
    "audit/verifier/": "the same file for everybody",
    "lawful-use/": "the law is no secret: everybody reads all rules",
    "lawful-use/new/": "a form; an agency enters its own rules: tests/scanning/test_law.py",
    "healthz": "says that the process lives",
    "readyz": "says whether database, broker and worker live; counts nothing",
    "accounts/login/": "shows no records",
    "accounts/logout/": "shows no records",
    "accounts/again/": "the officer's own password",
    "accounts/sessions/others/end/": "the officer's own sessions; tests/agencies/test_sessions.py",
    "accounts/sessions/seen/": "the officer's own session",
    "accounts/factors/": "the officer's own factors; another's: tests/factors/test_kept.py",
    "accounts/factors/again/": "the officer's own factor",
    "accounts/factors/again/key/": "the officer's own factor",
    "accounts/factors/enrol/key/": "shows no records",
    "accounts/factors/lost/": "shows no records",
    "accounts/factors/told/": "shows no records",
    "accounts/factors/key/": "the officer's own factor",
    "accounts/factors/sign-in/key/": "shows no records: one challenge for everybody",
    "accounts/factors/<uuid:uid>/rename/": "the officer's own factor; another's: tests/factors/test_passkeys.py",
    "accounts/factors/app/": "the officer's own factor",
    "accounts/factors/codes/": "the officer's own codes",
    "accounts/factors/enrol/": "shows no records",
    "accounts/factors/sign-in/": "shows no records",
    "accounts/factors/<uuid:uid>/remove/": "the officer's own factor; another's: tests/factors/test_kept.py",
    "preferences/": "the officer's own settings",
    "language/": "the visitor's own language",
    "site/": "sites are public",
}
SPECIAL = {
    "live/board": "test_a_stream_is_not_nudged_by_what_its_officer_must_not_see",
    "countersigns/new/": "test_proposing_an_admission_tells_nothing_of_others",
    "lookouts/new/": "test_entering_a_lookout_tells_nothing_of_others",
    "check/": "test_a_check_answers_the_same_whoever_else_looks_for_the_mark",
}

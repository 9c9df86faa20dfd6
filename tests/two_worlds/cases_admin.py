"""Cases for the supervisors' admin site."""

from tests.two_worlds.framework import Case
from tests.two_worlds.names import HIDDEN

_CHIEFS = ("paf.supervisor", "ccic.supervisor")


def _case(route: str, path: str = "", **more: object) -> Case:
    values = {"readers": _CHIEFS, "entitled": "ukba.supervisor"} | more
    return Case(route=f"admin/{route}", path=f"/admin/{path or route}", **values)  # type: ignore[arg-type]


def _record(
    kind: str, name: str, acts: tuple[str, ...] = (), *, listed: bool = True, **more: object
) -> list[Case]:
    """List, page, history and acts of one kind of record."""
    one, uid = f"{kind}/<uuid:object_id>/", HIDDEN[name]
    cases = [_case(f"{kind}/", **more)] if listed else []
    cases += [
        _case(f"{one}{page}/", f"{kind}/{uid}/{page}/", hidden=True, **more) for page in ("change", "history")
    ]
    return cases + [_case(f"{one}<slug:name>/", f"{kind}/{uid}/{act}/", hidden=True, **more) for act in acts]


#: What each list is narrowed to, so that what is hidden stands in it for whoever may see it; and each in another order.
_NARROWED: dict[str, tuple[tuple[str, ...], dict[str, object]]] = {
    "scanning/delivery": (("state=all&error_code=malformed_json", "state=all&format=native", "state=all&device=UKBA-SECRET"), {}),
    "scanning/device": (("kind=heartbeat", "site=CALAIS", "format=native", "is_active=True"), {}),
    "scanning/lane": (("site=CALAIS",), {}),
    "intelligence/lookout": (
        ("owner=UKBA", "state=active", "mode=stop", "kind=plate", "priority=high"), {"readers": ("paf.supervisor",)},
    ),
    "intelligence/accesscase": (("state=open", "kind=lookout"), {"readers": ("paf.supervisor",)}),
    "intelligence/proposal": (("state=open",), {"readers": ("paf.supervisor",)}),
    "intelligence/dissemination": (("ending=",), {"readers": ("paf.supervisor",)}),
    "agencies/serviceaccount": (("kind=device", "is_active=True"), {}),
    "agencies/servicetoken": (("kind=device",), {}),
    "agencies/countersign": (("kind=caveat_lift", "state=open"), {"readers": ("paf.supervisor",)}),
    "agencies/shift": (("desk=UKBA-DESK",), {}),
    "agencies/recordhistory": (("event=given", "kind=lookout"), {"readers": ("ccic.supervisor",), "told": ("PAF",)}),
    "agencies/officerhistory": (("event=given", "role=officer"), {}),
    "agencies/lockout": (("kind=pair",), {"readers": ("paf.supervisor",)}),
    "agencies/officer": (("role=officer", "is_active=True"), {}),
    "agencies/signin": (("ending=",), {"readers": ("paf.supervisor",)}),
    "audit/auditevent": (("action=alarm.clear", "object_type=alarm", "actor=officer", "period=week"), {}),
}  # fmt: skip

CASES = [
    *(
        _case(f"{kind}/", f"{kind}/?{query}{order}", **more)
        for kind, (queries, more) in _NARROWED.items()
        for query in queries
        for order in ("", "&o=-1")[: 2 if query == queries[0] else 1]
    ),
    *_record("scanning/delivery", "delivery", ("replay",)),
    *_record("scanning/device", "device", ("audience",)),
    *_record("scanning/lane", "lane", ("audience",)),
    *_record("intelligence/lookout", "lookout", ("withdraw",), readers=("paf.supervisor",)),
    *_record("agencies/serviceaccount", "account", ("issue",)),
    *_record("agencies/servicetoken", "token", ("revoke",)),
    *_record("agencies/shift", "shift"),
    *_record("agencies/officer", "officer", ("password",)),
    *_record("agencies/compartment", "compartment"),
    *_record("agencies/desk", "desk"),
    *_record("agencies/countersign", "countersign", readers=("paf.supervisor",), entitled="ukba.supervisor"),
    _case("audit/auditevent/"),
    _case("audit/auditevent/export/", method="post", body={"format": "csv", "purpose": "review"}),
    # PAF and DOUANES were given some of the hidden things, and may learn of that.
    _case("agencies/recordhistory/", readers=("ccic.supervisor",), told=("PAF",)),
    _case("agencies/officerhistory/"),
    _case("intelligence/accessrequest/"),
    *_record("agencies/signin", "signin", ("end",), readers=("paf.supervisor",)),
    *_record("agencies/lockout", "lockout", ("lift",), readers=("paf.supervisor",)),
    *(
        _case(f"intelligence/{name}/", readers=("paf.supervisor",))
        for name in ("dissemination", "recallreceipt", "tearline")
    ),
    _case("intelligence/proposal/", readers=("paf.supervisor",)),
    _case("intelligence/accesscase/", readers=("paf.supervisor",)),
    # Forms: what may be chosen in them.
    _case("scanning/device/add/"),
    _case("agencies/servicetoken/", "agencies/servicetoken/?q=canary"),
]

OPEN = {
    "admin/": "links to the kinds of records, by right",
    "admin/^(?P<app_label>scanning|intelligence|agencies|audit)/$": "links to the kinds of records, by right",
    "admin/rights/": "is made of the code",
    "admin/agencies/agency/": "agencies are known to each other",
    "admin/agencies/agency/<uuid:object_id>/change/": "agencies are known to each other",
    "admin/agencies/agency/<uuid:object_id>/history/": "agencies are known to each other",
    "admin/scanning/lane/add/": "an empty form; sites are public",
    "admin/intelligence/lookout/add/": "an empty form; desks and agencies are public",
    "admin/agencies/serviceaccount/add/": "an empty form",
    "admin/agencies/desk/add/": "an empty form",
    "admin/agencies/shift/add/": "an empty form",
    "admin/agencies/officer/add/": "an empty form",
}
SPECIAL: dict[str, str] = {}

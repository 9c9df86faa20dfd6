"""Cases for devices and their life: lists, the wall, outages, care, availability, the start of a shift."""

import datetime as dt

from tests.making import NOON
from tests.two_worlds.cases_api import _act as _rest_act
from tests.two_worlds.cases_api import _case as _rest
from tests.two_worlds.cases_api import _one as _rest_one
from tests.two_worlds.cases_pages import _act as _page_act
from tests.two_worlds.cases_pages import _case as _page
from tests.two_worlds.names import HIDDEN

CASES = [
    # Pages.
    _page("devices/", shows="L1-ANPR-F"),
    _page("devices/", "devices/?state=fault"),
    _page("devices/wall/", shows="L1-ANPR-F"),
    *(
        _page("devices/wall/", f"devices/wall/?{query}")
        for query in (
            "by=technique",
            "by=agency",
            "state=trouble",
            "state=fault",
            "state=silent",
            "state=out",
            "state=unknown",
            "wall=1",
        )
    ),
    _page("devices/wall/now/", shows="L1-ANPR-F"),
    _page("devices/wall/now/", "devices/wall/now/?by=agency&state=trouble&site=CALAIS&as_of=never"),
    _page("devices/<uuid:uid>/", f"devices/{HIDDEN['device']}/", hidden=True),
    _page("start/", shows="lens fogged"),
    _page("start/", "start/?back=24"),
    _page("outages/", shows="lens fogged"),
    *(
        _page("outages/", f"outages/{query}")
        for query in (
            "?open=all",
            "?open=false",
            "?kind=reported",
            "?technique=anpr",
            "?agency=UKBA",
            "?export=csv",
        )
    ),
    _page("outages/<uuid:uid>/", f"outages/{HIDDEN['outage']}/", hidden=True),
    _page_act(
        "outages/<uuid:uid>/", f"outages/{HIDDEN['outage']}/", {"act": "comment", "comment": "seen it"}
    ),
    _page("devices/<uuid:uid>/outage/", f"devices/{HIDDEN['device']}/outage/", hidden=True),
    _page_act(
        "devices/<uuid:uid>/outage/",
        f"devices/{HIDDEN['device']}/outage/",
        {"act": "report", "reason": "it smokes", "effect": "out"},
    ),
    _page("devices/<uuid:uid>/care/", f"devices/{HIDDEN['device']}/care/", hidden=True),
    _page_act(
        "devices/<uuid:uid>/care/",
        f"devices/{HIDDEN['device']}/care/",
        {"act": "enter", "kind": "check", "done_on": "2026-11-22"},
        readers=("paf.supervisor", "ccic.supervisor"),
        entitled="ukba.supervisor",
    ),
    *(
        _page("availability/", f"availability/{query}")
        for query in (
            "",
            "?by=kind",
            "?by=site",
            "?by=agency",
            "?kind=anpr",
            "?everywhere=on",
            "?since=2026-11-01&until=2026-11-22",
            "?export=csv",
        )
    ),
    # REST.
    _rest("devices/", shows="L1-ANPR-F"),
    *(
        _rest("devices/", f"devices/?{query}")
        for query in ("kind=heartbeat", "state=fault", "lane=L1", "limit=2", "site=CALAIS")
    ),
    _rest("outages/", shows="lens fogged"),
    *(
        _rest("outages/", f"outages/?{query}")
        for query in (
            "open=true",
            "open=false",
            "kind=reported",
            "technique=heartbeat",
            "site=CALAIS",
            "device=L1-HB",
            "agency=UKBA",
            "limit=1",
        )
    ),
    *_rest_one("outages", "outage"),
    _rest("outages/<str:uid>/history/", f"outages/{HIDDEN['outage']}/history/", hidden=True),
    *(
        _rest_act("outages", verb, name, body)
        for verb, name, body in (
            ("comment", "outage", {"comment": "seen it"}),
            ("work", "outage", {"stage": "taken"}),
            ("end", "outage", {}),
            ("close", "over", {"cause": "other", "remedy": "new cable"}),
            (
                "move",
                "planned",
                {"ends_at": (NOON + dt.timedelta(hours=7)).isoformat(), "comment": "firm is late"},
            ),
            ("cancel", "planned", {"reason": "no firm"}),
        )
    ),
    _rest_act("devices", "outages", "device", {"reason": "it smokes"}),
    _rest_act(
        "devices",
        "downtime",
        "device",
        {
            "begins_at": (NOON + dt.timedelta(hours=2)).isoformat(),
            "ends_at": (NOON + dt.timedelta(hours=3)).isoformat(),
            "reason": "service",
        },
    ),
    _rest("devices/<str:uid>/care/", f"devices/{HIDDEN['device']}/care/", hidden=True),
    _rest_act("devices", "care", "device", {"kind": "check", "done_on": NOON.date().isoformat()}),
    _rest("devices/<str:uid>/placements/", f"devices/{HIDDEN['device']}/placements/", hidden=True),
    _rest_act("care", "withdraw", "care", {"reason": "wrong device"}),
    _rest("availability/", shows="L1-ANPR-F"),
    *(
        _rest("availability/", f"availability/?{query}")
        for query in (
            "by=kind",
            "by=site",
            "by=agency",
            "kind=heartbeat",
            "site=CALAIS",
            "agency=UKBA",
            "since=2026-11-22T00:00:00Z",
            "until=2026-11-22T14:00:00Z",
        )
    ),
]
OPEN: dict[str, str] = {}
SPECIAL: dict[str, str] = {}

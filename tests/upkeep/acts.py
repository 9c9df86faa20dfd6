"""What happens at the centre in the drill: run as a process of its own, as the web or the ingest role.

`python -m tests.upkeep.acts <act> <file>` reads and writes its notes (uids, receipts, tokens) in the JSON file.
"""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.sessions.models import Session  # noqa: E402  (Django must be set up first)
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from agencies.acting import acting_as  # noqa: E402
from agencies.facts import INGEST, Principal  # noqa: E402
from agencies.models import Officer, ServiceToken  # noqa: E402
from agencies.selectors import audit_visible_to, principal_of  # noqa: E402
from agencies.services.officers import officer_password_renew, officer_suspend  # noqa: E402
from agencies.services.tokens import token_find, token_revoke  # noqa: E402
from intelligence.facts import LookoutDraft  # noqa: E402
from intelligence.models import Lookout  # noqa: E402
from intelligence.services.audiences import lookout_recall, lookout_share  # noqa: E402
from intelligence.services.lookouts import lookout_create, lookout_withdraw  # noqa: E402
from jocc.upkeep.reconcile import walls_differences  # noqa: E402
from jocc.upkeep.ship import ends_ship  # noqa: E402
from scanning.selectors.images import image_seen  # noqa: E402
from scanning.services.blobs import blob_read  # noqa: E402
from scanning.services.ingest import deliveries_process  # noqa: E402
from tests.scanning.pictures import jpeg  # noqa: E402

PASSWORD = "one lorry every twenty seconds"
WHY = "drill of a restore"


def officer(username: str) -> tuple[Officer, Principal]:
    found = Officer.objects.select_related("agency").get(username=username)
    return found, principal_of(found)


def lookout(mark: str, *agencies: str) -> str:
    now = timezone.now()
    draft = LookoutDraft(
        mark=mark, action_code="stop", mode="stop", notified_agencies=("PAF",), reason=WHY,
        expires_at=now + dt.timedelta(days=20), review_due=now.date() + dt.timedelta(days=10),
    )  # fmt: skip
    _, analyst = officer("ukba.analyst")
    with acting_as(analyst), transaction.atomic():
        uid = lookout_create(acting_officer=analyst, draft=draft).uid
        if agencies:
            lookout_share(acting_officer=analyst, uid=uid, agencies=agencies, purpose=WHY)
    return str(uid)


def post(notes: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Post one event as its device does; the event's time is the same each time."""
    body = {"event_id": event_id, "at": notes["at"], "result": "clear",
            "marks": [{"kind": "tractor", "value": f"DR {event_id[-4:]}", "confidence": 0.9}]}  # fmt: skip
    answer = Client(SERVER_NAME="localhost").post(
        "/api/v1/deliveries/", json.dumps(body), content_type="application/json",
        headers={"Authorization": f"Token {notes['device']}"},
    )  # fmt: skip
    return {"status": answer.status_code, **answer.json()}


def before(notes: dict[str, Any]) -> None:
    """The state that the backup keeps."""
    notes["at"] = (timezone.now() - dt.timedelta(minutes=2)).isoformat()
    names = ("stays", "recalled", "given_again", "withdrawn", "private")
    shared = {"stays": ("PAF", "DOUANES"), "recalled": ("PAF", "DOUANES"), "given_again": ("PAF",),
              "withdrawn": ("PAF",), "private": ()}  # fmt: skip
    notes["lookouts"] = {name: lookout(f"DRILL {n}", *shared[name]) for n, name in enumerate(names)}
    notes["kept"] = post(notes, "drill-event-0001")
    told = Client(SERVER_NAME="localhost").post(
        "/api/v1/deliveries/images/?event_id=drill-event-0001&view=front", jpeg("teal"), content_type="image/jpeg",
        headers={"Authorization": f"Token {notes['device']}"},
    )  # fmt: skip
    notes["picture"] = told.json()["image"]
    client = Client(SERVER_NAME="localhost")
    assert client.login(username="paf.officer", password=PASSWORD)
    notes["session"] = client.session.session_key


def after(notes: dict[str, Any]) -> None:
    """What happens between the backup and the loss."""
    _, analyst = officer("ukba.analyst")
    uids = notes["lookouts"]
    with acting_as(analyst), transaction.atomic():
        lookout_recall(acting_officer=analyst, uid=uids["recalled"], agencies=["PAF"], purpose=WHY)
        lookout_recall(acting_officer=analyst, uid=uids["given_again"], agencies=["PAF"], purpose=WHY)
        lookout_share(acting_officer=analyst, uid=uids["given_again"], agencies=["PAF"], purpose=WHY)
        lookout_share(acting_officer=analyst, uid=uids["private"], agencies=["PAF"], purpose=WHY)
        lookout_withdraw(acting_officer=analyst, uid=uids["withdrawn"], reason=WHY)
    uids["new"] = lookout("DRILL NEW", "PAF")
    chief, supervisor = officer("ukba.supervisor")
    with acting_as(supervisor), transaction.atomic():
        officer_suspend(acting_party=supervisor, officer=officer("ukba.officer")[0])
        officer_password_renew(acting_party=supervisor, officer=officer("ukba.analyst")[0])
        token = ServiceToken.objects.get(account__kind="partner", account__agency=chief.agency)
        token_revoke(acting_party=supervisor, token=token)
    notes["lost"] = post(notes, "drill-event-0002")


def work(notes: dict[str, Any]) -> None:
    """The workers and the scheduler do their round."""
    with acting_as(INGEST):
        deliveries_process()
        notes["shipped"] = notes.get("shipped", 0) + ends_ship()


def found(notes: dict[str, Any]) -> None:
    """What is there after the restore, as the web role sees it."""
    seen = {}
    for username in ("ukba.analyst", "paf.analyst", "douanes.analyst"):
        _, principal = officer(username)
        with acting_as(principal), transaction.atomic():
            rows = {str(row.uid): row.state for row in Lookout.objects.visible_to(principal)}
            wall = set(map(str, Lookout.objects.values_list("uid", flat=True)))
        assert wall == rows.keys()
        seen[username] = {name: rows.get(uid) for name, uid in notes["lookouts"].items()}
    notes["seen"] = seen
    notes["sessions"] = Session.objects.count()
    for name in ("ukba.officer", "ukba.analyst", "paf.officer"):
        notes[f"signs_in:{name}"] = Client(SERVER_NAME="localhost").login(username=name, password=PASSWORD)
    notes["tokens"] = {
        code: token_find(secret, address="127.0.0.1") is not None
        for code, secret in notes["partners"].items()
    }
    _, auditor = officer("paf.auditor")
    with acting_as(auditor), transaction.atomic():
        rows = list(audit_visible_to(auditor).values("action", "detail", "id"))
    notes["record"] = [row for row in rows if row["action"].startswith("centre.")]
    notes["numbers"] = sorted(row["id"] for row in rows)
    notes["again"] = {"kept": post(notes, "drill-event-0001"), "lost": post(notes, "drill-event-0002")}
    notes["next"] = str(_next_reference())
    _, customs = officer("douanes.officer")
    with acting_as(customs), transaction.atomic():
        notes["picture_is_whole"] = blob_read(image_seen(customs, notes["picture"]).sha256) == jpeg("teal")


def _next_reference() -> str:
    uid = lookout("DRILL LATER")
    _, analyst = officer("ukba.analyst")
    with acting_as(analyst), transaction.atomic():
        return Lookout.objects.visible_to(analyst).get(uid=uid).reference


def events(notes: dict[str, Any]) -> None:
    """The workers do their round on the restored centre; how often is each event there?"""
    with acting_as(INGEST), transaction.atomic():
        notes["differences"] = walls_differences()
    with acting_as(INGEST):
        deliveries_process()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT event_key, count(*) FROM scanning_scanevent WHERE event_key LIKE 'drill-%' GROUP BY 1"
            )
            notes["events"] = dict(cursor.fetchall())
            cursor.execute("SELECT count(*) FROM agencies_rightend")
            notes["waiting_ends"] = cursor.fetchone()[0]


if __name__ == "__main__":
    path = Path(sys.argv[2])
    content = json.loads(path.read_text())
    {"before": before, "after": after, "work": work, "found": found, "events": events}[sys.argv[1]](content)
    path.write_text(json.dumps(content, default=str))

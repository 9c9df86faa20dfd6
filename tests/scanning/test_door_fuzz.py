"""Five thousand invented deliveries: never a fault, no effect without a receipt, no receipt without its bytes.

`bin/jocc nemesis fuzz` runs two hundred rounds, a million. A round that failed is run again with JOCC_SEED.
"""

import logging
import os
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db.models import Count
from rest_framework.test import APIClient

from audit.models import AuditEvent
from scanning.models import Delivery, Device, ScanEvent
from tests.scanning.inventions import Invention, Inventor

pytestmark = pytest.mark.django_db

ROUNDS = range(int(os.environ.get("JOCC_FUZZ", "1")))
DELIVERIES = 5_000
WORK_EVERY = 500
FORMATS = {
    "L1-ANPR-F": "native", "L2-DOG": "native", "L1-ANPR-R": "plate_recognizer", "L1-RPM": "n42", "L1-CO2": "openalpr",
    "L2-XRAY": "hikvision", "L2-KEY": "axis", "L1-HB": "native",
}  # fmt: skip
REFUSED = {400, 409, 413, 422}


@dataclass
class Ledger:
    """What the door said: of each receipt the bytes it was given for, and how often which status came."""

    bytes_of: dict[str, bytes] = field(default_factory=dict)
    receipts_of: dict[tuple[str | None, str | None, bytes], set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )
    statuses: Counter[int] = field(default_factory=Counter)

    def note(self, sent: Invention, answer: Any) -> None:
        """Write one answer down, and hold it against what may be answered at all."""
        status = answer.status_code
        self.statuses[status] += 1
        assert status < 500, (sent, answer.content)
        if sent.device is None:
            assert status in {401, 403}, (sent, answer.content)
            assert b"receipt" not in answer.content
            return
        said = answer.json()
        assert status in {200, 202} | REFUSED, (sent, said)
        if status in {200, 202}:
            self._taken(sent, said)
        elif receipt := said.get("receipt") or said.get("quarantine"):
            assert self.bytes_of.setdefault(receipt, sent.body) == sent.body
        else:
            assert status == 413, said

    def _taken(self, sent: Invention, said: dict[str, str]) -> None:
        self.receipts_of[sent.device, sent.named, sent.body].add(said["receipt"])
        if said["state"] == "accepted":
            assert said["receipt"] not in self.bytes_of
            self.bytes_of[said["receipt"]] = sent.body
        else:  # the same event, perhaps in other blanks: its bytes are those of the first
            assert said["receipt"] in self.bytes_of


def _posted(client: APIClient, sent: Invention) -> Any:
    headers = {} if sent.authorization is None else {"Authorization": sent.authorization}
    if sent.named is not None:
        headers["X-JOCC-Device"] = sent.named
    return client.generic(
        "POST", "/api/v1/deliveries/", sent.body, content_type=sent.content_type, headers=headers
    )


@pytest.mark.parametrize("round_", ROUNDS)
def test_of_invented_deliveries_each_receipt_has_its_bytes_and_each_event_its_receipt(
    world, owner, work, monkeypatch, round_
):
    monkeypatch.setattr("agencies.api.throttles.DeviceRateThrottle.get_rate", lambda throttle: "10000000/min")
    seed = int(os.environ.get("JOCC_SEED", random.SystemRandom().getrandbits(32)))
    monkeypatch.setattr(logging.root.manager, "disable", logging.ERROR)  # a line for each refusal is work too
    with owner():
        for code, format_ in FORMATS.items():
            Device.objects.filter(code=code).update(format=format_)
    inventor = Inventor(random.Random(seed), FORMATS, world.tokens)
    client, ledger = APIClient(raise_request_exception=False), Ledger()
    try:
        for number in range(DELIVERIES):
            sent = inventor.draw()
            ledger.note(sent, _posted(client, sent))
            if number % WORK_EVERY == WORK_EVERY - 1:
                work()
        while work():
            pass
        with owner():
            _holds(ledger)
    except BaseException as failure:
        failure.add_note(f"JOCC_SEED={seed} does it again")
        raise


def _holds(ledger: Ledger) -> None:
    """The database against what the door said."""
    kept = {str(delivery.receipt): delivery for delivery in Delivery.objects.all()}
    assert kept.keys() == ledger.bytes_of.keys(), (
        "stored without a receipt, or a receipt without what is stored"
    )
    wrong = [receipt for receipt, body in ledger.bytes_of.items() if bytes(kept[receipt].body) != body]
    assert not wrong, "bytes that cannot be had again"
    states = Counter(delivery.state for delivery in kept.values())
    assert states.keys() == {"done", "quarantined"}, states
    assert not [key for key, receipts in ledger.receipts_of.items() if len(receipts) > 1], "taken twice"
    told = sum(delivery.result.get("events", 0) for delivery in kept.values())
    assert ScanEvent.objects.count() == told
    assert not ScanEvent.objects.values("device_id", "event_key").annotate(n=Count("id")).filter(n__gt=1)
    recorded = AuditEvent.objects.filter(action__in=("delivery.accept", "delivery.quarantine"))
    assert {str(uid) for event in recorded for uid in event.object_uids} == kept.keys()
    assert min(told, states["done"], states["quarantined"]) > 200, (told, states, ledger.statuses)
    assert {200, 202, 401} | REFUSED <= ledger.statuses.keys(), ledger.statuses

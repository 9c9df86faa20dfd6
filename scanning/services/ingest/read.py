"""Decoding leased deliveries, and finding whose devices speak in them."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import connection

from scanning.choices import ProblemCode
from scanning.facts import DeviceProfile, Observation, Problem
from scanning.formats import Undecodable, decode
from scanning.rules.clocks import event_time, is_late
from scanning.rules.habits import Post
from scanning.rules.readings import reading_problems
from scanning.services.ingest.facts import DeviceCard, Item, Leased, Outcome

_CARDS = """
SELECT d.id, d.uid, d.code, d.kind, d.format, d.zone, d.site_id, d.lane_id, d.account_id,
       s.code || coalesce(' ' || l.code, ''), d.originator_id, st.clock_skew_ms, coalesce(st.fault, ''), d."order", d.viewers
  FROM scanning_device d JOIN scanning_site s ON s.id = d.site_id
  LEFT JOIN scanning_lane l ON l.id = d.lane_id
  LEFT JOIN scanning_devicestatus st ON st.device_id = d.id
"""


def _card(row: tuple[Any, ...]) -> DeviceCard:
    *facts, viewers = row
    return DeviceCard(*[*facts, frozenset(viewers)])


def _posts(cards: Iterable[DeviceCard]) -> dict[int, Post]:
    """Where each device stands, and what it is there: the lane's first plate reader, its second, its first probe."""
    posts = {}
    alike: Counter[tuple[int | None, str]] = Counter()
    for card in sorted(cards, key=lambda card: (card.order, card.id)):
        alike[card.lane_id, card.kind] += 1
        posts[card.id] = Post(card.lane_id, card.order, f"{card.kind}{alike[card.lane_id, card.kind]}")
    return posts


class Roster:
    """All devices, read once for each batch (a few hundred rows)."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_CARDS)
            cards = [_card(row) for row in cursor.fetchall()]
        self.by_id = {card.id: card for card in cards}
        self._by_account: dict[int, list[DeviceCard]] = {}
        self.by_lane: dict[int, list[int]] = {}
        for card in cards:
            if card.lane_id is not None:
                self.by_lane.setdefault(card.lane_id, []).append(card.id)
            if card.account_id is not None:
                self._by_account.setdefault(card.account_id, []).append(card)
        self.posts = _posts(cards)

    def speaking(self, delivery: Leased, code: str | None) -> DeviceCard | None:
        """The device that an event of the delivery is from: never one that the sender may not speak for."""
        if delivery.account_id is None:  # an officer's entry names its device at the door
            card = self.by_id.get(delivery.device_id or 0)
            return card if card is not None and code in (None, card.code) else None
        allowed = self._by_account.get(delivery.account_id, [])
        if code is not None:
            return next((card for card in allowed if card.code == code), None)
        if delivery.device_id is not None:
            return self.by_id.get(delivery.device_id)
        return allowed[0] if len(allowed) == 1 else None


def deliveries_read(deliveries: Iterable[Leased], roster: Roster) -> tuple[list[Item], list[Outcome]]:
    """Decode the deliveries: the items of all, and one outcome each that already holds their problems."""
    items: list[Item] = []
    outcomes = []
    for delivery in deliveries:
        outcome = Outcome(delivery)
        outcomes.append(outcome)
        profile_card = roster.speaking(delivery, None)
        profile = DeviceProfile(
            kind=profile_card.kind if profile_card else "",
            format=delivery.format,
            zone=profile_card.zone if profile_card else "Europe/Paris",
        )
        try:
            decoded = decode(delivery.body, delivery.content_type, profile)
        except Undecodable as error:
            outcome.error_code, outcome.error_detail = str(error.code), error.detail[:500]
            continue
        outcome.sent = decoded.pictures
        problems = list(decoded.problems)
        for observation in decoded.observations:
            card = roster.speaking(delivery, observation.device_code)
            problem = _problem_of(observation, card)
            if card is None or problem is not None:
                problems.append(problem or _unknown_device(observation))
                continue
            # An officer's entry bears our own clock, whatever that of the device says.
            skew_ms = card.skew_ms if delivery.account_id is not None else None
            at = event_time(observation.device_at, delivery.received_at, skew_ms)
            items.append(
                Item(
                    observation, card, delivery, at, at.timestamp(), is_late(at, delivery.received_at),
                    observation.type == "detection",
                )
            )  # fmt: skip
        outcome.problems = tuple(problems)
        if problems and (not items or items[-1].delivery is not delivery):
            first = problems[0]
            outcome.error_code, outcome.error_detail = first.code, first.detail[:500]
        outcome.items.extend(
            {
                "index": p.index,
                "event_id": p.event_key,
                "outcome": "problem",
                "code": str(p.code),
                "detail": p.detail,
            }
            for p in problems
        )
    return items, outcomes


def _unknown_device(observation: Observation) -> Problem:
    return Problem(
        observation.index, "unknown_device", (observation.device_code or "")[:64], observation.event_key
    )


def _problem_of(observation: Observation, card: DeviceCard | None) -> Problem | None:
    """A gateway's readings are checked here, where its device is known."""
    if card is None or observation.device_code is None or not observation.reading:
        return None
    performed = observation.result not in {"not_performed", "fault"}
    for fault in reading_problems(card.kind, observation.reading, performed=performed):
        return Problem(
            observation.index, str(ProblemCode(fault.code)), f"reading.{fault.detail}", observation.event_key
        )
    return None

"""The as-of rule against the gate itself: whatever is done, asking later gives what the gate gave at the time."""

import contextlib
import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.facts import NOBODY
from agencies.grants import grants_give, grants_withdraw
from agencies.models import Officer
from agencies.selectors import principal_of
from agencies.selectors.history import officer_moments, officer_sight, story_of
from scanning.models import Device, DeviceGrant

pytestmark = pytest.mark.django_db

AGENCIES = ("UKBA", "PAF", "DOUANES", "CCIC")
READERS = tuple(f"{code.lower()}.officer" for code in AGENCIES)
PAST, FUTURE = timezone.now() - dt.timedelta(days=30), timezone.now() + dt.timedelta(days=30)

STEPS = st.one_of(
    st.tuples(st.just("give"), st.sampled_from(AGENCIES[1:])),
    st.tuples(st.just("withdraw"), st.sampled_from(AGENCIES[1:])),
    st.tuples(st.just("classification"), st.sampled_from((0, 10))),
    st.tuples(st.just("caveat"), st.sampled_from(("", "uk_eyes_only"))),
    st.tuples(st.just("expires_at"), st.sampled_from((None, PAST, FUTURE))),
    st.tuples(st.just("clearance"), st.sampled_from(READERS), st.sampled_from((0, 10))),
    st.tuples(st.just("active"), st.sampled_from(READERS), st.booleans()),
    st.tuples(st.just("move"), st.sampled_from(READERS), st.sampled_from(AGENCIES)),
    st.tuples(st.just("circle"), st.sampled_from(READERS), st.booleans()),
)


class Replay(Exception):
    """Leaves the example's transaction without keeping anything of it."""


def act(world, device, circle, step) -> None:
    name, who = step[0], step[1]
    if name == "give":
        if who != "UKBA" and Device.objects.filter(pk=device.pk).exclude(caveat="").exists():
            return  # the database refuses such an audience
        grants_give(DeviceGrant, device, [world.group(who)])
    elif name == "withdraw":
        grants_withdraw(DeviceGrant, device, [world.group(who)])
    elif name == "caveat":
        if who:
            grants_withdraw(DeviceGrant, device, [world.group(code) for code in AGENCIES[1:]])
        Device.objects.filter(pk=device.pk).update(caveat=who)
    elif name in ("classification", "expires_at"):
        Device.objects.filter(pk=device.pk).update(**{name: who})
    elif name == "circle":
        grants_give(DeviceGrant, device, [circle])
        groups = Officer.objects.get(username=who).groups
        if step[2]:
            groups.add(circle)
        else:
            groups.remove(circle)
    else:
        changed = {
            "clearance": lambda: {"clearance": step[2]},
            "active": lambda: {"is_active": step[2]},
            "move": lambda: {"agency": world.agency(step[2]), "badge_number": ""},
        }[name]()
        officer = Officer.objects.get(username=who)
        if name == "move":
            officer.groups.remove(officer.agency.group)
            officer.groups.add(changed["agency"].group)
        Officer.objects.filter(username=who).update(**changed)


def seen_by_the_gate(device) -> dict[str, bool]:
    found = {}
    for username in READERS:
        principal = principal_of(Officer.objects.select_related("agency").get(username=username))
        rows = Device.objects.visible_to(principal).filter(pk=device.pk) if principal is not NOBODY else []
        found[username] = bool(rows)
    return found


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_asking_later_gives_what_the_gate_gave_then(world, owner, steps):
    with owner(), contextlib.suppress(Replay), transaction.atomic():
        device = world.device("L1-HB")
        circle = world.officer("ukba.analyst").groups.get(compartment__name="LANTERN").pk
        grants_give(DeviceGrant, device, [world.group("PAF"), world.group("DOUANES")])
        then = [(timezone.now(), seen_by_the_gate(device), "at first")]
        for step in steps:
            act(world, device, circle, step)
            then.append((timezone.now(), seen_by_the_gate(device), step))
        auditors = {code: world.principal(f"{code.lower()}.auditor") for code in AGENCIES}
        story = story_of(auditors["UKBA"], "device", device.uid)
        officers = Officer.objects.in_bulk(READERS, field_name="username")
        # An officer's lines stand with each agency that the officer has belonged to.
        lines = {
            username: [
                (world.agency(code), officer_moments(auditor, officers[username].uid))
                for code, auditor in auditors.items()
            ]
            for username in READERS
        }
        for moment, seen, step in then:
            for username in READERS:
                sights = [
                    officer_sight(agency, moments, story, moment) for agency, moments in lines[username]
                ]
                assert any(sight.seen for sight in sights) == seen[username], (username, step)
        raise Replay

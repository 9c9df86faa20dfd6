"""Loading the agencies, officers, desks and shifts of the demonstration; what stands already is kept."""

import datetime as dt
import itertools
import zoneinfo

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from agencies.choices import Classification
from agencies.models import Agency, Compartment, Desk, Officer, Shift
from jocc.demo.people import AGENCIES, COMPARTMENT, DESKS, OFFICERS, PASSWORD, WATCHES, ZONE

#: Watches of twelve hours, made this many days ahead at each start.
DAYS_AHEAD = 30
WATCH_HOURS = (7, 19)


def agencies_load() -> dict[str, int]:
    """Make the missing agencies; returns the ids of all audiences: agencies and the compartment."""
    groups = {}
    for data in AGENCIES:
        group, _new = Group.objects.get_or_create(name=f"agency:{data.code}")
        Agency.objects.get_or_create(
            code=data.code,
            defaults={
                "name_en": data.name_en,
                "name_fr": data.name_fr,
                "country": data.country,
                "is_authority": data.is_authority,
                "group": group,
            },
        )
        groups[data.code] = group.pk
    agency_code, name, _members = COMPARTMENT
    circle, _new = Group.objects.get_or_create(name=f"compartment:{name}")
    Compartment.objects.get_or_create(
        agency=Agency.objects.get(code=agency_code), name=name, defaults={"group": circle}
    )
    groups[name] = circle.pk
    return groups


def officers_load(groups: dict[str, int]) -> int:
    """Make the missing officers with the printed password; returns how many were made."""
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    languages = {data.code: data.language for data in AGENCIES}
    known = set(Officer.objects.values_list("username", flat=True))
    password = ""
    made = 0
    for data in OFFICERS:
        username = f"{data.agency}.{data.role}".lower()
        if username in known:
            continue
        password = password or make_password(PASSWORD)  # slow on purpose, so once for all
        officer = Officer.objects.create(
            username=username,
            password=password,
            agency=agencies[data.agency],
            role=data.role,
            clearance=Classification.SENSITIVE if agencies[data.agency].is_authority else Classification.OPEN,
            first_name=data.first_name,
            last_name=data.last_name,
            badge_number=data.badge,
            language=languages[data.agency],
            zone=ZONE,
        )
        named = [groups[COMPARTMENT[1]]] if username in COMPARTMENT[2] else []
        officer.groups.add(groups[data.agency], *named)
        made += 1
    return made


def desks_load() -> None:
    """Make the missing desks."""
    agencies = {agency.code: agency for agency in Agency.objects.all()}
    for data in DESKS:
        Desk.objects.get_or_create(
            code=data.code,
            defaults={
                "agency": agencies[data.agency],
                "name_en": data.name_en,
                "name_fr": data.name_fr,
                "phone": data.phone,
            },
        )


def shifts_load(now: dt.datetime | None = None) -> int:
    """Make the missing watches from yesterday to DAYS_AHEAD, so that one is always current.

    Every demonstration officer is on every watch of the agency; returns how many watches were made.
    """
    today = (now or timezone.now()).astimezone(zoneinfo.ZoneInfo(ZONE)).date()
    made = 0
    for desk_code, purpose in WATCHES:
        desk = Desk.objects.select_related("agency").get(code=desk_code)
        wanted = _watches(today)
        known = set(
            Shift.objects.filter(desk=desk, starts_at__gte=wanted[0][0]).values_list("starts_at", flat=True)
        )
        crew = list(Officer.objects.filter(agency=desk.agency, is_active=True).order_by("pk"))
        lead = Officer.objects.get(username=f"{desk.agency.code}.supervisor".lower())
        shifts = Shift.objects.bulk_create(
            Shift(desk=desk, lead=lead, starts_at=start, ends_at=end, purpose=purpose)
            for start, end in wanted
            if start not in known
        )
        Shift.officers.through.objects.bulk_create(
            Shift.officers.through(shift=shift, officer=officer) for shift in shifts for officer in crew
        )
        made += len(shifts)
    return made


def _watches(today: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
    """Start and end of each watch in local time, so that the nights of the clock change are 11 or 13 hours."""
    zone = zoneinfo.ZoneInfo(ZONE)
    starts = [
        dt.datetime.combine(today + dt.timedelta(days=day), dt.time(hour), zone)
        for day in range(-1, DAYS_AHEAD + 1)
        for hour in WATCH_HOURS
    ]
    return list(itertools.pairwise(starts))

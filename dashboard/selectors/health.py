"""Is the centre itself well? What it watches about itself, as far as the reader's own agency is concerned."""

import datetime as dt
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from redis.exceptions import RedisError

from agencies.actions import Right
from agencies.facts import Principal
from agencies.heartbeats import AWAY_AFTER_S, heartbeats
from agencies.rules.rights import may
from agencies.tasking import bells
from dashboard.facts.devices import Beat, DeviceRow, HealthCheck, HealthPage
from dashboard.selectors.alarms import alarm_load_now
from dashboard.selectors.lines import lane_short
from dashboard.selectors.places import equipment_now
from dashboard.selectors.upkeep import upkeep_checks
from dashboard.words import SENSOR_NAMES
from scanning.choices import DeliveryState
from scanning.selectors.deliveries import deliveries_visible_to
from scanning.selectors.devices import device_states
from scanning.selectors.images import images_among
from scanning.selectors.seen import DeviceState
from scanning.services.blobs import blobs_missed

#: A delivery that waits longer than this says that the workers do not keep up.
UNDONE_FOR_S = 5.0
#: A device's clock that is off by more than this misleads whoever compares times.
SKEW_S = 5.0
#: Free shares of a disk below which somebody must see to it, soon and now.
_DISK_LOW, _DISK_OUT = 0.15, 0.05
_DATABASE_SLOW_MS = 50
_MOST = 1000
_NAMES = {
    "worker": gettext_lazy("worker"),
    "scheduler": gettext_lazy("scheduler"),
    "sealer": gettext_lazy("sealer"),
}
_GIGABYTE = 1024**3
_GRAVITY = {"quiet": 0, "low": 1, "medium": 2, "high": 3}


def health_page(principal: Principal) -> HealthPage:
    """Measure now. Of deliveries it counts the own agency's, of devices those that the reader may see."""
    now = timezone.now()
    states = device_states(principal)
    skewed = [state for state in states if _skew(state) > SKEW_S]
    beats, broker = _beats(now)
    checks = (
        _undone(principal, now),
        _quarantine(principal),
        _clocks(len(skewed)),
        _silent(sum(state.state == "silent" for state in states)),
        *_disks(),
        _database(),
        broker,
        _bells(),
        _pictures(principal),
        *upkeep_checks(now),
    )
    troubled = [check.tone for check in checks if check.tone != "quiet"]
    troubled += ["high" for beat in beats if not beat.alive]
    return HealthPage(
        at=now,
        tone=max(troubled, key=lambda tone: _GRAVITY[tone], default="quiet"),
        verdict=_verdict(len(troubled)),
        checks=checks,
        beats=beats,
        skews=tuple(_skew_row(state, principal) for state in sorted(skewed, key=_skew, reverse=True)),
        load=alarm_load_now(principal),
    )


def _verdict(troubled: int) -> str:
    if not troubled:
        return _("All is well")
    text = ngettext("%(count)s thing needs attention", "%(count)s things need attention", troubled)
    return text % {"count": troubled}


def _undone(principal: Principal, now: dt.datetime) -> HealthCheck:
    waiting = deliveries_visible_to(principal).filter(state=DeliveryState.WAITING).order_by("id")
    oldest = waiting.values_list("received_at", flat=True).first()
    seconds = max((now - oldest).total_seconds(), 0.0) if oldest is not None else 0.0
    tone = "quiet" if seconds <= UNDONE_FOR_S else "high" if seconds > 60 else "medium"
    return HealthCheck(
        code="undone",
        title=_("Oldest undone delivery"),
        tone=tone,
        value=_duration(seconds) if oldest is not None else _("none waits"),
        limit=_("at most %(seconds)s s") % {"seconds": number_format(UNDONE_FOR_S, 0)},
        act="" if tone == "quiet" else _("The workers do not keep up. Nothing is lost. See that they run."),
    )


def _quarantine(principal: Principal) -> HealthCheck:
    rows = deliveries_visible_to(principal).filter(state=DeliveryState.QUARANTINED).order_by()
    count = rows[:_MOST].count()
    manages = may(principal, Right.QUARANTINE_MANAGE) and may(principal, Right.ADMIN_ENTER)
    return HealthCheck(
        code="quarantine",
        title=_("Quarantine"),
        tone="medium" if count else "quiet",
        value=number_format(count, force_grouping=True) + ("+" if count == _MOST else ""),
        limit=_("none expected"),
        act=_("Deliveries that could not be read. Replay them once the cause is put right.") if count else "",
        url=reverse("admin:scanning_delivery_changelist") if count and manages else "",
    )


def _clocks(count: int) -> HealthCheck:
    return HealthCheck(
        code="clocks",
        title=_("Device clocks that are off"),
        tone="medium" if count else "quiet",
        value=number_format(count),
        limit=_("more than %(seconds)s s") % {"seconds": number_format(SKEW_S, 0)},
        act=_("Times of these devices are corrected only where their clock runs ahead.") if count else "",
    )


def _silent(count: int) -> HealthCheck:
    return HealthCheck(
        code="silent",
        title=_("Silent devices"),
        tone="medium" if count else "quiet",
        value=number_format(count),
        limit=_("none expected"),
        act=_("They should have been heard by now.") if count else "",
        url=f"{reverse('device-list')}?state=silent" if count else "",
    )


def _disks() -> Iterator[HealthCheck]:
    """The disks that hold files and, where it is on this machine, the database; a shared one once."""
    known: list[Path] = []
    for title, folder in (
        (_("Disk of files"), settings.MEDIA_ROOT),
        (_("Disk of the database"), settings.DATABASE_DIR),
    ):
        place = _standing(folder)
        if place is None or any(_same_disk(place, other) for other in known):
            continue
        known.append(place)
        usage = shutil.disk_usage(place)
        share = usage.free / usage.total if usage.total else 0.0
        tone = "quiet" if share > _DISK_LOW else "medium" if share > _DISK_OUT else "high"
        yield HealthCheck(
            code="disk",
            title=title,
            tone=tone,
            value=_("%(share)s %% free") % {"share": number_format(share * 100, 0)},
            limit=_("%(free)s GB of %(total)s GB; at least %(share)s %%")
            % {
                "free": number_format(usage.free / _GIGABYTE, 1, force_grouping=True),
                "total": number_format(usage.total / _GIGABYTE, 1, force_grouping=True),
                "share": number_format(_DISK_LOW * 100, 0),
            },
            act="" if tone == "quiet" else _("Make room: without it nothing more can be accepted."),
        )


def _same_disk(place: Path, other: Path) -> bool:
    return place.stat().st_dev == other.stat().st_dev


def _standing(folder: object) -> Path | None:
    """The folder, or the nearest one above it that exists; None when none is named."""
    if not folder:
        return None
    path = Path(str(folder))
    return next((place for place in (path, *path.parents) if place.exists()), None)


def _database() -> HealthCheck:
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    milliseconds = (time.perf_counter() - begun) * 1000
    return HealthCheck(
        code="database",
        title=_("Database"),
        tone="quiet" if milliseconds <= _DATABASE_SLOW_MS else "medium",
        value=f"{number_format(milliseconds, 1)} ms",
        limit=_("at most %(milliseconds)s ms") % {"milliseconds": _DATABASE_SLOW_MS},
    )


def _beats(now: dt.datetime) -> tuple[tuple[Beat, ...], HealthCheck]:
    """Workers, scheduler and sealer by their signs of life, and the broker that carries these."""
    roles = {
        "worker": _("reads deliveries, answers checks, makes hits"),
        "scheduler": _("sweeps the inbox, relays what changed, keeps timed duties"),
        "sealer": _("seals the audit record and publishes its roots to the agencies"),
    }
    try:
        heard = heartbeats()
        answers = True
    except (RedisError, OSError):
        heard, answers = dict.fromkeys(roles, None), False
    beats = tuple(
        Beat(
            name=str(_NAMES[name]),
            role=role,
            last=now - dt.timedelta(seconds=age) if (age := heard.get(name)) is not None else None,
            alive=age is not None and age < AWAY_AFTER_S,
        )
        for name, role in roles.items()
    )
    broker = HealthCheck(
        code="broker",
        title=_("Broker (Redis)"),
        tone="quiet" if answers else "high",
        value=_("answers") if answers else _("does not answer"),
        act="" if answers else _("Pages ask by themselves meanwhile, and nothing that devices post is lost."),
    )
    return beats, broker


def _bells() -> HealthCheck:
    """Of this web process alone; what is not rung for is swept up a second later."""
    fails_now = bells.resting_until > time.monotonic()
    return HealthCheck(
        code="bells",
        title=_("Calls to the workers that failed"),
        tone="medium" if fails_now else "quiet",
        value=number_format(bells.failed, force_grouping=True),
        limit=_("since this process started; the scheduler makes up for them"),
    )


def _pictures(principal: Principal) -> HealthCheck:
    """Of this web process alone, and of pictures that the reader may look at: a file is missed by who opens it."""
    count = images_among(principal, blobs_missed())
    return HealthCheck(
        code="pictures",
        title=_("Pictures whose file is missing"),
        tone="high" if count else "quiet",
        value=number_format(count, force_grouping=True),
        limit=_("none expected; of those opened since this process started"),
        act=_("The log names the files. Bring them back from the store’s backup.") if count else "",
    )


def _skew(state: DeviceState) -> float:
    return abs(state.clock_skew_ms or 0) / 1000 if state.device.is_active else 0.0


def _skew_row(state: DeviceState, principal: Principal) -> DeviceRow:
    device, equipment = state.device, equipment_now(principal)
    lane, site = equipment.lane(device.lane_id), equipment.sites.get(device.site_id)
    return DeviceRow(
        id=str(device.uid),
        code=device.code,
        kind=device.kind,
        kind_word=str(SENSOR_NAMES[device.kind]),
        lane=lane_short(lane.code) if lane else "",
        site=site.name if site else "",
        state=state.state,
        last_heard=state.last_received_at,
        note=pgettext("clock", "ahead") if (state.clock_skew_ms or 0) < 0 else pgettext("clock", "behind"),
        skew_seconds=_skew(state),
        owner=device.owner,
    )


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{number_format(seconds, 1)} s"
    return (
        f"{number_format(seconds / 60, 0)} min" if seconds < 3600 else f"{number_format(seconds / 3600, 1)} h"
    )

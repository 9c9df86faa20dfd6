"""How the duties of upkeep went: backup, journal of ended rights, comparison of the walls."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Upkeep
from agencies.selectors import is_demonstration, upkeep_last
from dashboard.facts.devices import HealthCheck

_BACKUP_WITHIN = dt.timedelta(hours=26)
_JOURNAL_WITHIN = dt.timedelta(minutes=5)
_WALLS_WITHIN = dt.timedelta(hours=50)


def upkeep_checks(now: dt.datetime) -> Iterator[HealthCheck]:
    """One line for each duty. What has never been done troubles nobody in a demonstration."""
    done = upkeep_last()
    never = "quiet" if is_demonstration() else "medium"
    yield _backup(done.get("backup"), now, never)
    yield _journal(done.get("journal"), now, never)
    yield _walls(done.get("walls"), now, never)


def _tone(last: Upkeep | None, within: dt.timedelta, now: dt.datetime, never: str) -> str:
    if last is None:
        return never
    if not last.is_fine:
        return "high"
    return "quiet" if now - last.at <= within else "medium"


def _value(last: Upkeep | None, now: dt.datetime) -> str:
    if last is None:
        return _("not yet")
    minutes = max(int((now - last.at).total_seconds()) // 60, 0)
    if minutes < 60:
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    hours = minutes // 60
    return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {"count": hours}


def _backup(last: Upkeep | None, now: dt.datetime, never: str) -> HealthCheck:
    tone = _tone(last, _BACKUP_WITHIN, now, never)
    return HealthCheck(
        code="backup",
        title=_("Last backup"),
        tone=tone,
        value=_value(last, now),
        limit=_("at least one a day"),
        act="" if tone == "quiet" else _("What is entered now would be lost with the database."),
    )


def _journal(last: Upkeep | None, now: dt.datetime, never: str) -> HealthCheck:
    tone = _tone(last, _JOURNAL_WITHIN, now, never)
    return HealthCheck(
        code="journal",
        title=_("Journal of recalls"),
        tone=tone,
        value=_value(last, now),
        limit=_("kept outside the database, every second"),
        act="" if tone == "quiet" else _("After a restore, what is recalled now would not be known."),
    )


def _walls(last: Upkeep | None, now: dt.datetime, never: str) -> HealthCheck:
    tone = _tone(last, _WALLS_WITHIN, now, never)
    if last is not None and not last.is_fine:
        value = ngettext("%(count)s difference", "%(count)s differences", last.found) % {"count": last.found}
        act = _("Somebody must see to it now: walls_reconcile names them.")
    else:
        value, act = _value(last, now), "" if tone == "quiet" else _("Nobody has checked them lately.")
    return HealthCheck(
        code="walls",
        title=_("Reading rights checked"),
        tone=tone,
        value=value,
        limit=_("every night; no difference"),
        act=act,
    )

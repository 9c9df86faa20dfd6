"""The frame round every page: who is looking, where, when, on whose shift, and what waits elsewhere."""

import dataclasses
import datetime as dt
import functools

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agencies.actions import Right
from agencies.choices import Language
from agencies.facts import Principal
from agencies.models import Officer, Shift
from agencies.rules.rights import may
from agencies.selectors import is_demonstration, shift_of
from dashboard.facts.shell import LanguageChoice, NavItem, Shell, ShiftInfo, SiteChoice
from dashboard.selectors.calls import calls_now
from dashboard.selectors.needs import waiting_now
from dashboard.selectors.places import site_of_work, sites_of_work
from intelligence.selectors.disseminations import recalls_to_confirm
from scanning.selectors.outages import outages_unfinished
from scanning.selectors.requests import requests_to_answer
from scanning.selectors.seen import SiteSeen

#: A shift that ends within this time is marked, so that the hand-over is prepared.
ENDS_SOON = dt.timedelta(minutes=30)


def shell_read(
    principal: Principal, officer: Officer, *, site_code: str, url_name: str, shortcuts: bool
) -> Shell:
    """Everything that the header shows to this officer now."""
    here = site_of_work(principal, site_code)
    sites = tuple(
        SiteChoice(site.code, site.name, here is not None and site.code == here.code)
        for site in sites_of_work(principal)
    )
    agency = officer.agency
    language = (translation.get_language() or "en")[:2]
    return Shell(
        officer_name=str(officer),
        badge=officer.badge_number,
        agency_code=principal.agency_code,
        agency_name=agency.name if agency else "",
        role=officer.get_role_display(),
        now=timezone.now(),
        zone=officer.zone,
        sites=sites,
        nav=_navigation(principal, here, url_name),
        languages=tuple(
            LanguageChoice(choice.value, str(choice.label), choice.value == language) for choice in Language
        ),
        shift=_shift(officer),
        calls=calls_now(principal, officer),
        theme=officer.theme,
        density=officer.density,
        shortcuts=shortcuts,
        may_check=may(principal, Right.CHECK_MAKE),
        may_enter=may(principal, Right.ENTRY_MAKE),
        may_administer=may(principal, Right.ADMIN_ENTER),
        may_ask=may(principal, Right.ASOF_ASK),
        demonstration=_demonstration(),
        idle_s=settings.SESSION_IDLE_S,
        site=next((site for site in sites if site.current), SiteChoice("", _("no site"))),
    )


def _navigation(principal: Principal, site: SiteSeen | None, url_name: str) -> tuple[NavItem, ...]:
    waiting = waiting_now(principal, site)
    sees_hits, sees_notices = may(principal, Right.HIT_VIEW), may(principal, Right.NOTICE_VIEW)
    sees_lookouts = may(principal, Right.LOOKOUT_VIEW)
    entries = (
        (True, NavItem("board", _("Board"))),
        (True, NavItem("passage-list", _("Passages"))),
        (True, NavItem("alarm-list", _("Alarms"), waiting=waiting.alarms, tone=waiting.alarm_tone)),
        (
            sees_hits or sees_notices,
            NavItem(
                "hit-list",
                _("Hits and notices") if sees_hits else _("Notices"),
                waiting=waiting.hits,
                tone=waiting.hit_tone,
            ),
        ),
        (sees_lookouts, NavItem("lookout-list", _("Lookouts"))),
        (may(principal, Right.CHECK_MAKE), NavItem("check", _("Check a mark"))),
        (may(principal, Right.ENTRY_MAKE), NavItem("entry", _("Entry by hand"))),
        (True, NavItem("device-list", _("Devices"))),
        (True, NavItem("shift-start", _("Start of shift"), seldom=True)),
        (may(principal, Right.OUTAGE_VIEW), _outages(principal)),
        (may(principal, Right.REQUEST_VIEW), _scans(principal)),
        (True, NavItem("law-list", _("Lawful use"), seldom=True)),
        (True, NavItem("statistics", _("Statistics"), seldom=True)),
        (may(principal, Right.OUTAGE_VIEW), NavItem("availability", _("Availability"), seldom=True)),
        (may(principal, Right.ACCESS_ASK), NavItem("access-list", _("Access requests"), seldom=True)),
        (sees_lookouts, _recalls(principal)),
        (may(principal, Right.PROPOSAL_MAKE), NavItem("proposal-list", _("Proposals"), seldom=True)),
        (
            may(principal, Right.COUNTERSIGN_VIEW),
            NavItem("countersign-list", _("Second signatures"), seldom=True),
        ),
        (may(principal, Right.ASOF_ASK), NavItem("as-of", _("Who saw what"), seldom=True)),
        (True, NavItem("audit-list", _("Audit record"), seldom=True)),
        (True, NavItem("health", _("System health"), seldom=True)),
    )
    section = url_name.rpartition("-")[0]
    return tuple(
        dataclasses.replace(item, current=_is_here(item.url_name, url_name, section))
        for offered, item in entries
        if offered
    )


def _recalls(principal: Principal) -> NavItem:
    waiting = recalls_to_confirm(principal) if may(principal, Right.RECALL_CONFIRM) else 0
    return NavItem("recall-list", _("Recalls"), waiting=waiting, tone="medium", seldom=True)


def _scans(principal: Principal) -> NavItem:
    waiting = requests_to_answer(principal) if may(principal, Right.REQUEST_ANSWER) else 0
    return NavItem("scan-list", _("Scan requests"), waiting=waiting, tone="medium", seldom=True)


def _outages(principal: Principal) -> NavItem:
    waiting = outages_unfinished(principal) if may(principal, Right.OUTAGE_WORK) else 0
    return NavItem("outage-list", _("Outages"), waiting=waiting, tone="medium", seldom=True)


def _is_here(entry: str, url_name: str, section: str) -> bool:
    """Whether the page belongs to this entry: the page of one passage belongs to the list of passages."""
    return entry == url_name or (bool(section) and entry == f"{section}-list")


def _shift(officer: Officer) -> ShiftInfo | None:
    shift = shift_of(officer)
    if shift is None:
        return None
    return ShiftInfo(
        desk=shift.desk.name,
        starts=shift.starts_at,
        ends=shift.ends_at,
        lead=str(shift.lead),
        mates=_mates(shift, officer),
        ends_soon=shift.ends_at - timezone.now() < ENDS_SOON,
    )


def _mates(shift: Shift, officer: Officer) -> tuple[str, ...]:
    others = shift.officers.exclude(pk__in=[officer.pk, shift.lead_id]).order_by("last_name", "first_name")
    return tuple(str(mate) for mate in others)


@functools.cache
def _demonstration() -> bool:
    """Whether the data are a demonstration's; that never changes while the process runs."""
    return is_demonstration()

"""What was done about an alarm, act by act: by whom and with which words."""

from agencies.facts import Principal
from agencies.models import Officer
from scanning.models import AlarmNote
from scanning.selectors.seen import AlarmSeen, NoteSeen

#: So many acts of one alarm are read; nobody has ever needed more.
_MOST = 500


def alarm_notes(principal: Principal, alarm: AlarmSeen) -> tuple[NoteSeen, ...]:
    """The acts on an alarm that the principal has been shown, oldest first."""
    notes = AlarmNote.objects.visible_to(principal).filter(alarm_id=alarm.id)
    rows = notes.select_related("officer", "agency", "about").order_by("at", "id")[:_MOST]
    return tuple(_note(principal, row) for row in rows)


def _note(principal: Principal, row: AlarmNote) -> NoteSeen:
    agency = row.agency
    own = agency is not None and agency.group_id == principal.agency_group
    return NoteSeen(
        at=row.at,
        act=row.act,
        officer=_named(row.officer, own),
        agency=agency.code if agency else "",
        about=_named(row.about, own),
        until=row.until,
        text=row.text,
    )


def _named(officer: Officer | None, own: bool) -> str:
    """An officer's name, for the agency for which it was done."""
    return str(officer) if officer is not None and own else ""

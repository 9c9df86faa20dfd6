"""The page of an as-of answer: one clear sentence, its reasons, and the record's story in words."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.choices import Classification, HistoryEvent
from agencies.facts import AsOfAnswer, Ground, HistoryLine, Principal, Reading
from agencies.selectors import agencies_all
from audit.words import ACTORS, OBJECT_TYPES
from dashboard.facts.asof import AsOfPage, ReadingRow, StoryRow, ThroughRow
from intelligence.facts import RecallCard

GROUND_WORDS = {
    Ground.OWNER: gettext_lazy("The record was its own."),
    Ground.GRANT: gettext_lazy("It had been given the record."),
    Ground.NOT_GIVEN: gettext_lazy("It had not been given the record."),
    Ground.NOT_YET: gettext_lazy("The record, or the officer’s account, did not exist yet."),
    Ground.WITHDRAWN: gettext_lazy("The record had been taken back."),
    Ground.EXPIRED: gettext_lazy("The record had expired for everybody but its owner."),
    Ground.CLEARANCE: gettext_lazy("The record’s marking was above the officer’s clearance."),
    Ground.CAVEAT: gettext_lazy("A national caveat kept the record from this side."),
    Ground.SUSPENDED: gettext_lazy("The officer’s account was suspended."),
    Ground.MOVED: gettext_lazy("The officer had moved to another agency."),
    Ground.ROLE: gettext_lazy("The officer’s role does not open records of this kind."),
    Ground.NO_AUTHORITY: gettext_lazy(
        "The agency is no competent authority; it opens no records of this kind."
    ),
    Ground.UNKNOWN: gettext_lazy("Recording had not begun then."),
}
EVENT_WORDS = {
    HistoryEvent.KNOWN.value: gettext_lazy("Stood so when recording began"),
    HistoryEvent.GIVEN.value: gettext_lazy("Given to"),
    HistoryEvent.CHANGED.value: gettext_lazy("Changed"),
    HistoryEvent.WITHDRAWN.value: gettext_lazy("Taken back from"),
    HistoryEvent.LEFT.value: gettext_lazy("Moved to another agency"),
}
_FIELDS = {
    "classification": gettext_lazy("protective marking"),
    "caveat": gettext_lazy("national caveat"),
    "expires_at": gettext_lazy("expires"),
    "originator": gettext_lazy("owner"),
    "state": gettext_lazy("state"),
}
_CHANNELS = {
    "page": gettext_lazy("on a page"),
    "api": gettext_lazy("over the API"),
    "export": gettext_lazy("by an export"),
    "worker": gettext_lazy("by the workers"),
}


def agencies_named(principal: Principal) -> list[tuple[str, str]]:
    """All agencies with their full names, for the question's form."""
    return [(agency.code, f"{agency.name} ({agency.code})") for agency in agencies_all()]


def asof_page(answer: AsOfAnswer, recalls: Iterable[RecallCard] = ()) -> AsOfPage:
    """The answer in words; `recalls` of the record add who confirmed the removal, and what had been read by then."""
    told = [_recall(card, answer.at) for card in recalls]
    return AsOfPage(
        sentence=_sentence(answer),
        tone={True: "clear", False: "quiet", None: "indeterminate"}[answer.seen],
        verdict={True: _("Yes"), False: _("No"), None: _("Nobody can tell")}[answer.seen],
        why=_why(answer),
        label=answer.label,
        kind=kind_word(answer.kind),
        owner=answer.owner,
        at=answer.at,
        needs=str(Classification(answer.needs_clearance).label)
        if answer.seen and answer.needs_clearance
        else "",
        officers=answer.officers,
        readings=tuple(_reading(one) for one in answer.readings),
        readings_recorded=answer.readings_recorded,
        story=_in_order([*(_line(line, answer.at) for line in answer.timeline), *told]),
        since=_in_order(
            [*(_line(line, answer.at) for line in answer.since), *(row for row in told if row.after)]
        ),
        through=tuple(
            ThroughRow(
                one.label, str(GROUND_WORDS[one.ground]), "clear" if one.seen else "quiet", _address(one)
            )
            for one in answer.through
        ),
        is_own=answer.is_own,
    )


def _in_order(rows: list[StoryRow]) -> tuple[StoryRow, ...]:
    return tuple(sorted(rows, key=lambda row: row.at))


def _recall(card: RecallCard, at: dt.datetime) -> StoryRow:
    """A recall and its confirmation, on the day of the confirmation; while that is owed, on the day of the recall."""
    read = (
        ngettext("Read %(count)s time before.", "Read %(count)s times before.", card.readings)
        % {"count": card.readings}
        if card.readings
        else _("Nobody had read it.")
    )
    if card.confirmed_at is None:
        what = _("Recalled from %(agency)s; the removal is not confirmed yet") % {"agency": card.recipient}
        return StoryRow(card.recalled_at, what, "", read, "", card.recalled_at > at)
    what = _("%(agency)s confirmed the removal") % {"agency": card.recipient}
    return StoryRow(card.confirmed_at, what, card.confirmed_by, read, "", card.confirmed_at > at)


def kind_word(kind: str) -> str:
    """What kind of record, in the reader's language."""
    return str(OBJECT_TYPES.get(kind, kind))


def asof_rows(answer: AsOfAnswer, recalls: Iterable[RecallCard] = ()) -> list[tuple[object, ...]]:
    """The answer as a table to take away."""
    head = (_("time (UTC)"), _("time"), _("what"), _("agency"), _("who"), _("why"), _("detail"))
    answered = (
        _utc(answer.at),
        _local(answer.at),
        _sentence(answer),
        answer.agency,
        answer.officer,
        "",
        _why(answer),
    )
    rows: list[tuple[object, ...]] = [head, answered]
    for one in answer.through:
        rows.append(
            (_utc(one.at), _local(one.at), one.label, one.agency, "", "", str(GROUND_WORDS[one.ground]))
        )
    for line in answer.timeline:
        rows.append(
            (
                _utc(line.at),
                _local(line.at),
                str(EVENT_WORDS[line.event]),
                line.party,
                _by(line),
                line.why,
                _changed(line),
            )
        )
    for card in recalls:
        told = _recall(card, answer.at)
        rows.append(
            (_utc(told.at), _local(told.at), told.what, card.recipient, told.who, card.reason, told.why)
        )
    for reading in answer.readings:
        rows.append(
            (
                _utc(reading.at), _local(reading.at), _("Read"), reading.agency, reading.who, reading.purpose,
                str(_CHANNELS[reading.channel]),
            )
        )  # fmt: skip
    return rows


def _sentence(answer: AsOfAnswer) -> str:
    names = {
        "who": answer.officer or answer.agency,
        "record": answer.label if answer.label != str(answer.uid) else kind_word(answer.kind),
        "when": _local(answer.at),
    }
    if answer.seen is None:
        return _("Nobody can tell whether %(who)s could see %(record)s at %(when)s.") % names
    if answer.seen:
        return _("%(who)s could see %(record)s at %(when)s.") % names
    return _("%(who)s could not see %(record)s at %(when)s.") % names


def _why(answer: AsOfAnswer) -> str:
    said = str(GROUND_WORDS[answer.ground])
    given = answer.given
    if given is None:
        return said
    names = {"when": _local(given.at), "by": _by(given)}
    if given.event == HistoryEvent.KNOWN:
        more = _("That stood so when recording began, on %(when)s.") % names
    elif given.event == HistoryEvent.WITHDRAWN:
        more = _("Taken back on %(when)s by %(by)s.") % names
    else:
        more = _("Given on %(when)s by %(by)s.") % names
    purpose = _("Purpose: “%(why)s”.") % {"why": given.why} if given.why else ""
    return " ".join(part for part in (said, more, purpose) if part)


def _by(line: HistoryLine) -> str:
    return str(ACTORS.get(line.by, line.by))


def _reading(reading: Reading) -> ReadingRow:
    return ReadingRow(
        reading.at, reading.agency, reading.who, reading.purpose, str(_CHANNELS[reading.channel])
    )


def _line(line: HistoryLine, at: dt.datetime) -> StoryRow:
    what = str(EVENT_WORDS[line.event])
    return StoryRow(
        at=line.at,
        what=f"{what} {line.party}".strip(),
        who=_by(line),
        why=line.why,
        changes=_changed(line),
        after=line.at > at,
    )


def _changed(line: HistoryLine) -> str:
    return "; ".join(
        f"{_FIELDS[name]}: {_value(name, before)} → {_value(name, after)}"
        for name, before, after in line.changes
    )


def _value(name: str, stored: str) -> str:
    if not stored:
        return "–"
    if name == "classification":
        return str(Classification(int(stored)).label)
    when = parse_datetime(stored) if name == "expires_at" else None
    return _local(when) if when is not None else stored


def _address(answer: AsOfAnswer) -> str:
    return f"{reverse('as-of')}?record={answer.kind}:{answer.uid}"


def _local(when: dt.datetime) -> str:
    local = timezone.localtime(when)
    return f"{date_format(local, 'd/m/Y H:i:s')} {local.tzname()}"


def _utc(when: dt.datetime) -> str:
    return when.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S")

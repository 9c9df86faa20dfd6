"""Which passages have a hit or a notice that this reader may know of: a sign on the line, no more."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Count, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncHour
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from agencies.actions import Right
from agencies.facts import Principal
from agencies.rules.rights import may
from dashboard.selectors.fresh import Fresh, audience, board_seconds
from intelligence.choices import DisclosureMode, HitState, NoticeState
from intelligence.models import Hit, Notice
from scanning.selectors.newest import array_text

_HIT_STATES = (HitState.MATCH, HitState.CONFIRMED)
_NOTICE_STATES = (NoticeState.OPEN, NoticeState.TAKEN, NoticeState.CONFIRMED)
#: A query's text and its values.
_Question = tuple[str, tuple[Any, ...]]
#: Where the passages go in a remembered question.
_PLACE = "passages"
#: Putting the question together takes several times as long as answering it. What it asks hangs on the reader's
#: rights alone, never on what happens.
_questions: Fresh[_Question | None] = Fresh(board_seconds, about=())
_URGENCY = {"stop": 0, "high": 1, "medium": 2, "low": 3, "quiet": 4}


@dataclass(frozen=True, slots=True)
class Flag:
    """The most pressing hit or notice of one passage, and all that it stands for (to record their reading)."""

    tone: str
    word: str
    hits: tuple[uuid.UUID, ...] = ()
    notices: tuple[uuid.UUID, ...] = ()


def flags_of(principal: Principal, passages: Collection[uuid.UUID]) -> dict[uuid.UUID, Flag]:
    """The flags of these passages; a passage without a hit or notice for this reader has none."""
    flags: dict[uuid.UUID, Flag] = {}
    for passage, record, kind, mode, priority, state in _rows(principal, passages):
        tone, word = _sign(kind, mode, priority, state)
        known = flags.get(passage)
        if known is None or _URGENCY[tone] < _URGENCY[known.tone]:
            shown = (tone, word)
        else:
            shown = (known.tone, known.word)
        hits = (*(known.hits if known else ()), *((record,) if kind == "hit" else ()))
        notices = (*(known.notices if known else ()), *((record,) if kind == "notice" else ()))
        flags[passage] = Flag(*shown, hits=hits, notices=notices)
    return flags


def flagged_passages(principal: Principal, *, limit: int) -> list[uuid.UUID]:
    """The passages with a hit or notice for this reader, those seen last first."""
    newest: dict[uuid.UUID, Any] = {}
    for queryset in (_notices(principal), _hits(principal)):
        if queryset is None:
            continue
        rows = queryset.filter(passage_uid__isnull=False).order_by("-seen_at", "-id")
        for passage, seen_at in rows.values_list("passage_uid", "seen_at")[:limit]:
            if passage is not None:
                newest[passage] = max(seen_at, newest.get(passage, seen_at))
    return sorted(newest, key=lambda passage: newest[passage], reverse=True)[:limit]


def lane_tones(principal: Principal, *, since: dt.datetime) -> dict[int, str]:
    """The most pressing notice that still waits in each lane (by internal id), of vehicles seen there since then."""
    notices = _notices(principal)
    if notices is None:
        return {}
    waiting = notices.filter(
        state__in=(NoticeState.OPEN, NoticeState.TAKEN), lane_id__isnull=False, last_seen_at__gt=since
    )
    tones: dict[int, str] = {}
    for lane, mode, priority in waiting.order_by("-seen_at", "-id").values_list(
        "lane_id", "mode", "priority"
    )[:200]:
        tone = tone_of(mode, priority)
        if lane is not None:
            tones[lane] = min(tone, tones.get(lane, tone), key=lambda each: _URGENCY[each])
    return tones


def hit_hours(principal: Principal, since: dt.datetime) -> Counter[dt.datetime] | None:
    """How many hits were confirmed, by the hour in which the vehicle was seen; None without the right to any.

    The reader's own hits and, of other owners, the notices that the reader's front line was given.
    """
    notices, hits = _notices(principal), _hits(principal)
    if notices is None and hits is None:
        return None
    counted: Counter[dt.datetime] = Counter()
    others = None if notices is None else notices.exclude(originator_id__in=list(principal.groups))
    for queryset in (others, hits):
        if queryset is not None:
            confirmed = queryset.filter(state=HitState.CONFIRMED, seen_at__gte=since).order_by()
            by_hour = (
                confirmed.annotate(hour=TruncHour("seen_at")).values_list("hour").annotate(count=Count("*"))
            )
            counted.update(dict(by_hour))
    return counted


def tone_of(mode: str, priority: str) -> str:
    """How a notice or hit is signed: a stop as such, everything else by its priority."""
    return "stop" if mode == DisclosureMode.STOP else priority


def _notices(principal: Principal) -> QuerySet[Notice] | None:
    if not may(principal, Right.NOTICE_VIEW):
        return None
    return Notice.objects.visible_to(principal).filter(state__in=_NOTICE_STATES)


def _hits(principal: Principal) -> QuerySet[Hit] | None:
    if not may(principal, Right.HIT_VIEW):
        return None
    return Hit.objects.visible_to(principal).filter(state__in=_HIT_STATES)


def _rows(principal: Principal, passages: Collection[uuid.UUID]) -> list[tuple[Any, ...]]:
    """(passage, record, kind, mode, priority, state) of all of them in one query."""
    if not passages:
        return []
    question = _questions.get(audience(principal), lambda: _question(principal))
    if question is None:
        return []
    sql, values = question
    uids = array_text(passages)
    with connection.cursor() as cursor:
        cursor.execute(sql, [uids if value is _PLACE else value for value in values])
        rows = cursor.fetchall()
    # In an order of their own: nothing of what stands between them in the table may show.
    return sorted(rows, key=lambda row: (row[2], str(row[1])))


def _question(principal: Principal) -> _Question | None:
    """The gate's own question about flags with a place for the passages; None without a right to any."""
    asked: list[QuerySet[Any, Any]] = []
    for records, columns in (
        (_notices(principal), ("passage_uid", "uid", Value("notice"), "mode", "priority", "state")),
        (_hits(principal), ("passage_uid", "uid", Value("hit"), Value(""), "priority", "state")),
    ):
        if records is not None:
            among = f'"{records.model._meta.db_table}"."passage_uid" = ANY (%s::uuid[])'
            # A text of our own with one value.
            here = RawSQL(among, [_PLACE], output_field=BooleanField())  # noqa: S611
            asked.append(records.filter(here).order_by().values_list(*columns))
    if not asked:
        return None
    sql, values = asked[0].union(*asked[1:], all=True).query.sql_with_params()
    return sql, tuple(values)


def _sign(kind: str, mode: str, priority: str, state: str) -> tuple[str, str]:
    if state in {NoticeState.CONFIRMED, HitState.CONFIRMED}:
        return "quiet", pgettext("flag of a passage", "hit")
    if kind == "hit":
        return priority, pgettext("flag of a passage", "match")
    if mode == DisclosureMode.STOP:
        return "stop", pgettext("flag of a passage", "stop")
    return priority, _("refer")

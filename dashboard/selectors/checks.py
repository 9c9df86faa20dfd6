"""The page of a check by hand: the same for every mark until the worker has answered, then what may be told."""

from collections.abc import Sequence
from contextlib import suppress

from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.access import NotVisible
from agencies.facts import Principal
from agencies.paging import Turn
from dashboard.facts.lookouts import CheckAnswer, CheckAsked, CheckFinding, CheckPage
from dashboard.facts.passages import PassageLine
from dashboard.selectors.cards import match_of
from dashboard.selectors.flags import tone_of
from dashboard.selectors.hits import desk_text
from dashboard.selectors.lines import columns_of
from dashboard.selectors.marks import mark_cell
from dashboard.selectors.passages import passage_lines
from dashboard.selectors.places import equipment_now
from intelligence.choices import CheckOutcome
from intelligence.facts import CheckCard, LookoutCard, NoticeCard
from intelligence.rules.marks import normalise
from intelligence.selectors.checks import check_budget
from intelligence.selectors.lookouts import lookouts_page
from intelligence.selectors.notices import notice_get
from scanning.selectors.passages import SHORTEST_MARK, PassageFilter, passages_page

_PASSAGES_SHOWN = 10
_LOOKOUTS_SHOWN = 5


def check_page_blank(principal: Principal) -> CheckPage:
    """The page before anything was asked."""
    budget = check_budget(principal)
    return CheckPage(used=budget.used, budget=budget.allowed)


def check_page(
    principal: Principal, card: CheckCard, notices: Sequence[NoticeCard], lookouts: Sequence[LookoutCard]
) -> CheckPage:
    """The page of one check: that it is asked, then its answer."""
    budget = check_budget(principal)
    mark = mark_cell(card.mark)
    if card.answered_at is None:
        asked = CheckAsked(mark, card.asked_at, card.purpose, reverse("check-answer", args=[card.uid]))
        return CheckPage(asked=asked, used=budget.used, budget=budget.allowed)
    equipment = equipment_now(principal)
    columns = columns_of(equipment, None)
    passages: tuple[PassageLine, ...] = ()
    if len(normalise(card.mark)) >= SHORTEST_MARK:
        wanted = PassageFilter(mark=card.mark, whole_mark=True)
        seen = passages_page(principal, Turn(_PASSAGES_SHOWN), wanted).rows
        passages, _flags = passage_lines(principal, seen, equipment, columns)
    answer = CheckAnswer(
        mark=mark,
        at=card.answered_at,
        purpose=card.purpose,
        findings=(*map(_of_notice, notices), *map(_of_lookout, lookouts)),
        columns=columns,
        passages=passages,
    )
    return CheckPage(answer=answer, used=budget.used, budget=budget.allowed)


def check_notices(principal: Principal, card: CheckCard) -> tuple[NoticeCard, ...]:
    """The notices that answer the check; the caller records their reading."""
    found = []
    for uid in card.notice_uids:
        with suppress(NotVisible):  # recalled meanwhile
            found.append(notice_get(principal, uid))
    return tuple(found)


def check_lookouts(principal: Principal, card: CheckCard) -> tuple[LookoutCard, ...]:
    """The own lookouts that answer the check, where no notice does; the caller records their reading."""
    if card.outcome != CheckOutcome.OWN:
        return ()
    page = lookouts_page(principal, Turn(_LOOKOUTS_SHOWN), mark=card.mark, state="active", own=True)
    return tuple(lookout for lookout in page.rows if lookout.is_active)


def _of_notice(notice: NoticeCard) -> CheckFinding:
    return CheckFinding(
        tone=tone_of(notice.mode, notice.priority),
        action=str(notice.action_code.label),
        text=" · ".join(filter(None, (notice.instruction, desk_text(notice.desk)))),
        strength=match_of(notice).strength,
        owner=notice.owner,
        reference=notice.reference,
        url=reverse("hit-detail", args=[notice.uid]),
    )


def _of_lookout(lookout: LookoutCard) -> CheckFinding:
    return CheckFinding(
        tone=lookout.priority.value,
        action=str(lookout.action_code.label),
        text=_("Your own agency looks for this mark; the check stands as a sighting among its hits."),
        owner=lookout.owner,
        reference=lookout.reference,
        url=reverse("lookout-detail", args=[lookout.uid]),
    )

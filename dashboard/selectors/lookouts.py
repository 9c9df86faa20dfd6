"""The pages of lookouts: the watch-list as its reader may see it, and the story of one entry."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.actions import Right
from agencies.choices import Caveat, Classification
from agencies.facts import Principal
from agencies.models import Agency, Desk
from agencies.rules.markings import MarkingRefused, answering, marking_read
from agencies.rules.rights import may
from agencies.selectors import agencies_all, audit_visible_to, compartments_of
from audit.actions import AuditAction
from audit.words import ACTION_WORDS, ACTORS
from dashboard.countries import country_name
from dashboard.facts.acts import Act, Detail
from dashboard.facts.lookouts import LookoutPage, LookoutRow, Parties
from dashboard.facts.needs import HistoryEntry
from dashboard.selectors.hits import desk_text, hit_row
from dashboard.selectors.marks import mark_cell
from dashboard.selectors.sharing import share_rows
from intelligence.choices import DisclosureMode, LookoutKind, SharedKind
from intelligence.facts import HitCard, LookoutCard
from intelligence.rules.handling import bars_sharing, converted, handling_text, meanings
from intelligence.selectors.disseminations import tear_lines_of, torn_from

#: One word for each way of disclosure; the whole sentence stands on the lookout's own page.
MODE_WORDS = {
    DisclosureMode.SILENT: gettext_lazy("Silent"),
    DisclosureMode.REFER: gettext_lazy("Refer"),
    DisclosureMode.STOP: gettext_lazy("Stop"),
}
_MODE_TONES = {DisclosureMode.SILENT: "quiet", DisclosureMode.REFER: "medium", DisclosureMode.STOP: "stop"}
_STORY = (
    AuditAction.LOOKOUT_CREATE,
    AuditAction.LOOKOUT_EXTEND,
    AuditAction.LOOKOUT_SHARE,
    AuditAction.LOOKOUT_RECALL,
    AuditAction.LOOKOUT_WITHDRAW,
    AuditAction.LOOKOUT_EXPIRE,
    AuditAction.LOOKOUT_CAVEAT_LIFT,
)
_LONGEST_STORY = 100


def parties_named(principal: Principal) -> Parties:
    """Whom the officer can name in a lookout, in the reader's language."""
    agencies = agencies_all()
    return Parties(
        agencies=tuple((agency.code, agency_name(agency)) for agency in agencies),
        authorities=tuple(
            (agency.code, agency_name(agency))
            for agency in agencies
            if agency.is_authority and agency.code != principal.agency_code
        ),
        desks=tuple(
            (desk.code, f"{desk.name} ({desk.agency.code})")
            for desk in Desk.objects.select_related("agency").order_by("agency__code", "code")
        ),
        compartments=tuple((str(circle.uid), circle.name) for circle in compartments_of(principal)),
    )


def agency_name(agency: Agency) -> str:
    """The full name beside the code: a later body may bear the same letters."""
    return f"{agency.name} ({agency.code})"


def lookout_row(card: LookoutCard, hits: Mapping[uuid.UUID, int]) -> LookoutRow:
    """One line of the watch-list."""
    kind = "container" if card.kind == LookoutKind.CONTAINER else "unknown"
    return LookoutRow(
        id=str(card.uid),
        reference=card.reference,
        subject_kind=card.kind.value,
        subject=card.mark,
        marks=(mark_cell(card.mark, country=card.country, kind=kind),),
        action=str(card.action_code.label),
        mode=card.mode.value,
        mode_word=str(MODE_WORDS[card.mode]),
        state=card.state.value,
        state_word=str(card.state.label),
        owner=card.owner,
        marking=marking_text(card),
        expires=card.expires_at,
        review=card.review_due,
        review_due=card.review_overdue,
        hits=hits.get(card.uid, 0) if card.is_own else None,
    )


def lookout_page(
    principal: Principal, card: LookoutCard, hits: Sequence[HitCard], names: Mapping[str, str]
) -> LookoutPage:
    """One lookout as its reader may see it; `names` are the agencies' full names by code."""
    told = tuple(names.get(code, code) for code in card.notified_agencies)
    return LookoutPage(
        row=lookout_row(card, {}),
        details=tuple(_details(card)),
        reason=card.reason,
        reason_language="",
        audience=tuple(names.get(code, code) for code in dict.fromkeys((card.owner, *card.shared_with))),
        front_line=told,
        own=card.is_own,
        active=card.is_active,
        hits=tuple(hit_row(hit, principal) for hit in hits),
        history=_history(principal, card),
        acts=_acts(principal, card),
        recipients=tuple(names.get(code, code) for code in card.recipients if code != principal.agency_code),
        **(_owners_part(principal, card, names) if card.is_own else {}),
    )


def _owners_part(principal: Principal, card: LookoutCard, names: Mapping[str, str]) -> dict[str, Any]:
    source = torn_from(principal, card.uid)
    return {
        "shares": share_rows(principal, SharedKind.LOOKOUT, card.uid, names),
        "tear_lines": tuple((str(uid), reference) for uid, reference in tear_lines_of(principal, card.uid)),
        "torn_from": (str(source[0]), source[1]) if source else None,
    }


def marking_text(card: LookoutCard) -> str:
    """The centre's marking and the caveat, as they would stand on the page."""
    caveat = Caveat(card.caveat).label if card.caveat else ""
    return " · ".join(filter(None, (str(Classification(card.classification).label), str(caveat))))


def _answering(card: LookoutCard) -> tuple[str, ...]:
    """What the marking as received is handled as in the other state, if its words are a rung of today or before."""
    if not card.marking_received:
        return ()
    try:
        rung = marking_read(card.marking_received, on=card.created_at.date()).rung
    except MarkingRefused:
        return ()
    return answering(rung.words, rung.state)


def _details(card: LookoutCard) -> list[Detail]:
    own = [
        Detail(_("entered by"), card.entered_by),
        Detail(_("compartment"), card.compartment),
        Detail(_("reason of withdrawal"), card.withdrawn_reason),
    ]
    found = [
        Detail(_("action code"), str(card.action_code.label), tone=_MODE_TONES[card.mode]),
        Detail(_("disclosure"), str(card.mode.label)),
        Detail(_("instruction"), card.instruction),
        Detail(_("desk"), desk_text(card.desk)),
        Detail(_("priority"), str(card.priority.label)),
        Detail(_("country"), country_name(card.country)),
        Detail(_("owner"), card.owner),
        Detail(_("protective marking"), marking_text(card)),
        Detail(_("marking as received"), card.marking_received),
        *(Detail(_("handled as, in the other state (converted)"), words) for words in _answering(card)),
        *(Detail(_("handling as received"), handling_text(each)) for each in card.handling),
        *(
            Detail(code, str(meaning), tone="quiet")
            for each in card.handling
            for code, meaning in meanings(each)
        ),
        Detail(
            _("passing on"),
            _("only with the provider’s word") if bars_sharing(card.handling) else "",
            tone="medium",
        ),
        *(Detail(_("today’s code (converted)"), converted(each)) for each in card.handling),
        *own,
    ]
    times = [
        Detail(_("entered"), "", at=card.created_at),
        Detail(_("expires"), "", at=card.expires_at),
        Detail(_("withdrawn"), "", at=card.withdrawn_at),
    ]
    review = Detail(
        _("review due"),
        card.review_due.strftime("%d/%m/%Y"),
        tone="medium" if card.review_overdue else "quiet",
    )
    return [
        *(detail for detail in found if detail.value),
        *(detail for detail in times if detail.at is not None),
        review,
    ]


def _history(principal: Principal, card: LookoutCard) -> tuple[HistoryEntry, ...]:
    """Who did what to an own lookout, oldest first; of another's only what its card tells."""
    if not card.is_own:
        return (
            HistoryEntry(card.created_at, card.owner, str(ACTION_WORDS[AuditAction.LOOKOUT_CREATE.value])),
        )
    records = audit_visible_to(principal).filter(
        object_uids__contains=[card.uid], object_type="lookout", action__in=[act.value for act in _STORY]
    )
    return tuple(
        HistoryEntry(
            record.at,
            record.actor_label
            if record.actor == "officer"
            else str(ACTORS.get(record.actor, record.actor_label)),
            str(ACTION_WORDS.get(record.action, record.action)),
            record.purpose,
        )
        for record in reversed(records[:_LONGEST_STORY])
    )


def _acts(principal: Principal, card: LookoutCard) -> tuple[Act, ...]:
    """What the reader may do about it now: the owner's officers only; of what is not active, only take it back."""
    if not (card.is_own and may(principal, Right.LOOKOUT_CREATE)):
        return ()
    if not card.is_active:
        return (Act("recall", _("Recall")),) if card.shared_with else ()
    return (
        Act("extend", _("Extend"), style="primary"),
        *(() if card.review_overdue else (Act("share", _("Share")),)),
        *((Act("until", _("Change until when")), Act("recall", _("Recall"))) if card.shared_with else ()),
        *((Act("lift", _("Propose to lift the caveat")),) if card.caveat else ()),
        Act("withdraw", _("Withdraw"), style="danger"),
    )

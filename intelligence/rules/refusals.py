"""Why an act on a record is refused although its reader sees it; each with a stable code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """The act contradicts what stands. `code` is stable, `message` is for the officer."""

    code = "conflict"
    message: Promise | str = _("That contradicts what is already recorded.")

    def __init__(self) -> None:
        super().__init__(self.code)


class NoticeTaken(Refusal):
    """Somebody else has taken the notice."""

    code = "notice_taken"
    message = _("Another officer has already taken this notice.")


class DecidedAlready(Refusal):
    """The match has been confirmed, rejected or has expired."""

    code = "already_decided"
    message = _("This match has already been decided or has expired.")


class LookoutNotActive(Refusal):
    """The lookout has been withdrawn or has expired."""

    code = "lookout_not_active"
    message = _("This lookout is no longer active.")


class ReviewOverdue(Refusal):
    """An overdue review blocks dissemination (DPA 2018 s39, LED Art 5)."""

    code = "review_overdue"
    message = _("The review of this lookout is overdue; it cannot be shared before it has been reviewed.")


class CheckBudgetSpent(Refusal):
    """The officer, the agency, or the agency for this mark has made all checks of the hour."""

    code = "check_budget_spent"
    message = _("No more checks can be made for the moment.")

    def __init__(self, retry_after_s: int) -> None:
        super().__init__()
        self.retry_after_s = retry_after_s


class AccessBudgetSpent(CheckBudgetSpent):
    """The officer or the agency has made all access requests of the hour."""

    code = "access_budget_spent"
    message = _("No more requests can be made for the moment.")


class CaseAnswered(Refusal):
    """The access case has been answered or has closed."""

    code = "case_answered"
    message = _("This request has already been answered or has closed.")


class ProposalDecided(Refusal):
    """The proposal has been taken over or discarded."""

    code = "proposal_decided"
    message = _("This proposal has already been decided.")


class ProposalStale(Refusal):
    """The lookout was changed after it was looked at."""

    code = "proposal_stale"
    message = _("The lookout has been changed meanwhile: see what stands now, and decide again.")


class HitUnconfirmed(Refusal):
    """Only what an officer has confirmed is passed on."""

    code = "hit_unconfirmed"
    message = _("Only a confirmed hit can be shared.")


class ShareEnded(Refusal):
    """The sharing has been taken back or has ended."""

    code = "share_ended"
    message = _("This sharing has ended already.")


class RecallConfirmed(Refusal):
    """The removal has been confirmed before."""

    code = "recall_confirmed"
    message = _("Your agency has confirmed this already.")

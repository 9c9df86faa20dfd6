"""Why an act on an alarm is refused although the officer sees it; each with a stable code."""

from django.utils.translation import gettext_lazy as _

from intelligence.rules.refusals import Refusal


class AcknowledgedAlready(Refusal):
    """Another officer was faster."""

    code = "already_acknowledged"
    message = _("Another officer has already acknowledged this alarm.")


class ClearedAlready(Refusal):
    """The alarm is out."""

    code = "already_cleared"
    message = _("This alarm has already been cleared.")


class AssignedAlready(Refusal):
    """Somebody else has it."""

    code = "already_assigned"
    message = _("Somebody else has already taken this alarm.")


class EscalatedAlready(Refusal):
    """The supervisor is called already."""

    code = "already_escalated"
    message = _("This alarm has already been escalated.")


class NotAssigned(Refusal):
    """Nobody of the own agency has it."""

    code = "not_assigned"
    message = _("Nobody of your agency has this alarm.")


class NotSilenced(Refusal):
    """There is no silence to end."""

    code = "not_silenced"
    message = _("This alarm is not silenced.")


class NotToBeUndone(Refusal):
    """Too late, or not one's own act."""

    code = "not_to_be_undone"
    message = _("Only the officer who acknowledged the alarm can undo it, and only for a short while.")

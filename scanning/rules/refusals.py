"""Why an act on an alarm is refused although the officer sees it; each with a stable code."""

from django.utils.translation import gettext_lazy as _

from intelligence.rules.refusals import Refusal

PICTURE_MISSING = _(
    "The file of this picture is missing in the store, although the picture is known. Tell your supervisor, and whoever"
    " keeps the system, which picture it is: it may still be in a backup."
)


class AcknowledgedAlready(Refusal):
    """Another officer was faster."""

    code = "already_acknowledged"
    message = _("Another officer has already acknowledged this alarm.")


class ClearedAlready(Refusal):
    """The alarm is out."""

    code = "already_cleared"
    message = _("This alarm has already been cleared.")


class CorrectionStands(Refusal):
    """Another correction of the passage waits, or this one cannot be undone as it stands."""

    code = "correction_stands"
    message = _("This passage is just being corrected, or that was undone already. Look at it again.")


class CorrectionTooOld(Refusal):
    """The passage is of a time that is no longer corrected."""

    code = "correction_too_old"
    message = _("Passages are corrected within a month; this one is older.")


class RequestClosed(Refusal):
    """The scan request has been answered, done, taken back, or has lapsed."""

    code = "request_closed"
    message = _("This request no longer stands as it did; look at it again.")


class NotAboutVehicle(Refusal):
    """The alarm is about the device itself."""

    code = "not_about_vehicle"
    message = _("This alarm is about the device, not about a vehicle: there is nothing to adjudicate.")


class NotYourSide(Refusal):
    """Whoever asks takes back, whoever is asked answers."""

    code = "not_your_side"
    message = _("This is for the other agency to do.")


class RequestStands(Refusal):
    """The same scan has been asked of the same agency already."""

    code = "request_stands"
    message = _("Your agency has asked for this scan already; the request still stands.")


class UseRefused(Refusal):
    """The lawful-use matrix does not permit it. That somebody asked stands in the record."""

    code = "use_refused"
    message = _(
        "The law that the asked agency works under does not permit this technique for what is looked for."
    )

    def __init__(self, condition: str = "", basis: str = "") -> None:
        super().__init__()
        self.condition, self.basis = condition, basis


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


class NotYourDevice(Refusal):
    """Another agency's device: whoever sees it reports and comments, its owner does the rest."""

    code = "not_your_device"
    message = _("This device is another agency’s: report and comment; the rest is for its owner to do.")


class OutageOver(Refusal):
    """The case is not where this act could follow."""

    code = "outage_over"
    message = _("This outage no longer stands as it did; look at it again.")


class OutageStands(Refusal):
    """The device is known to be out."""

    code = "outage_stands"
    message = _("An outage of this device stands already: add to it what you know.")


class OutageGoesOn(Refusal):
    """The device itself says that it does not work."""

    code = "outage_goes_on"
    message = _(
        "The device itself still reports a fault or is silent: the outage ends when it is heard to work again."
    )


class WithdrawnAlready(Refusal):
    """The entry is out already."""

    code = "already_withdrawn"
    message = _("This entry has already been withdrawn.")


class KeptAlready(Refusal):
    """The own agency keeps the picture."""

    code = "already_kept"
    message = _("Your agency already keeps this picture as evidence.")


class NotKept(Refusal):
    """The own agency does not keep the picture."""

    code = "not_kept"
    message = _("Your agency does not keep this picture.")

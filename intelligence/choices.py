"""The closed word lists of intelligence: stored values are stable, labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LookoutKind(TextChoices):
    """What a lookout looks for. Persons and documents follow with the intelligence reports."""

    PLATE = "plate", _("Registration mark")
    CONTAINER = "container", _("Container number")


class DisclosureMode(TextChoices):
    """Who learns of a match besides the owner; chosen by the owner for each lookout."""

    SILENT = "silent", _("Silent: the owner only")
    REFER = "refer", _("Refer: the front line is referred to a desk, without a reason")
    STOP = "stop", _("Stop: the front line is shown the action")


class ActionCode(TextChoices):
    """What the front line is asked to do (conduite à tenir)."""

    OBSERVE = "observe", _("Observe and report")
    REFER = "refer", _("Refer to the desk")
    SEARCH = "search", _("Search the vehicle")
    SCAN = "scan", _("Scan the load")
    STOP = "stop", _("Stop and hold")
    SAFEGUARD = "safeguard", _("Safeguard persons on board")


class LookoutState(TextChoices):
    """Where a lookout stands."""

    ACTIVE = "active", _("Active")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class Priority(TextChoices):
    """How urgent a lookout, its hits and its notices are."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class Strength(TextChoices):
    """How well an observed mark matches (values of intelligence.rules.matching)."""

    EXACT = "exact", _("Exact")
    FOLDED = "folded", _("Alike (possible misreading)")


class HitState(TextChoices):
    """A match is a system's result; only an officer makes it a hit."""

    MATCH = "match", _("Match, to be verified")
    CONFIRMED = "confirmed", _("Hit confirmed")
    REJECTED = "rejected", _("Match rejected")
    EXPIRED = "expired", _("Match expired unverified")


class NoticeState(TextChoices):
    """Where a front-line notice stands."""

    OPEN = "open", _("Nobody has taken it")
    TAKEN = "taken", _("Taken")
    CONFIRMED = "confirmed", _("Vehicle confirmed")
    REJECTED = "rejected", _("Not this vehicle")
    EXPIRED = "expired", _("Expired undecided")


class RejectReason(TextChoices):
    """Why a match was not a hit."""

    MISREAD = "misread", _("Mark was misread")
    OTHER_VEHICLE = "other_vehicle", _("Another vehicle carries the same mark")
    LEFT = "left", _("Vehicle had left")
    NOT_IDENTIFIED = "not_identified", _("Identity could not be verified")


class CheckOutcome(TextChoices):
    """What a manual check answered; a silent lookout never changes the answer."""

    NOTHING = "nothing", _("Nothing known to you")
    NOTICE = "notice", _("Follow the notice")
    OWN = "own", _("Your own lookout")


class AccessState(TextChoices):
    """Where an access request stands, for whoever asked."""

    SENT = "sent", _("Sent")
    GRANTED = "granted", _("Granted")
    CLOSED = "closed", _("Closed")


class AccessOutcome(TextChoices):
    """What the owner lets the asker know; nothing, where there is no such record or no answer."""

    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")
    ANSWERED = "answered", _("Answered with a message")


class CaseState(TextChoices):
    """Where an access case stands, for the owner."""

    OPEN = "open", _("Waits for an answer")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")
    SILENT = "silent", _("Declined without telling")
    ANSWERED = "answered", _("Answered with a message")


class ProposalState(TextChoices):
    """Where a proposal stands."""

    OPEN = "open", _("Waits for the owner")
    ACCEPTED = "accepted", _("Taken over")
    DISCARDED = "discarded", _("Discarded")


class SharedKind(TextChoices):
    """What can be given to another agency as a record of its own (services/sharing.py declares each)."""

    LOOKOUT = "lookout", _("Lookout")
    HIT = "hit", _("Hit")


class Ending(TextChoices):
    """How a dissemination ended."""

    RECALLED = "recalled", _("Recalled")
    EXPIRED = "expired", _("Expired")


class RecallState(TextChoices):
    """Where a recall stands."""

    OPEN = "open", _("Waits for confirmation")
    CONFIRMED = "confirmed", _("Removal confirmed")

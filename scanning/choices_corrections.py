"""The words of corrections by hand: what was done to passages, and where that stands."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CorrectionKind(TextChoices):
    """What an officer corrected in what the machine had joined."""

    SPLIT = "split", _("Split")
    MERGE = "merge", _("Merged")
    UNDO = "undo", _("Correction undone")


class CorrectionState(TextChoices):
    """Where a correction stands on its way from the officer's word to the passages."""

    WAITING = "waiting", _("Being carried out")
    DONE = "done", pgettext_lazy("a correction", "Carried out")
    FAILED = "failed", _("Could not be carried out")


class CorrectionFault(TextChoices):
    """Why a correction could not be carried out."""

    MOVED = "moved", _("What it was about is no longer in that passage.")
    TOO_OLD = "too_old", _("Events of that passage are no longer kept.")
    ERROR = (
        "error",
        _("The centre could not do it. Tell the administrators; they find the reason in the log."),
    )

"""One act on several alarms: each is done, or not, on its own, and recorded on its own."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.access import NotVisible
from intelligence.rules.refusals import Refusal

#: As many as a page of the list has at most.
MOST = 200


@dataclass(frozen=True, slots=True)
class ActAnswer:
    """What became of the act on one alarm; `code` is "" where it was done, else `message` says why not."""

    uid: uuid.UUID
    code: str = ""
    message: str = ""


def alarms_each(*, uids: Iterable[uuid.UUID], act: Callable[[uuid.UUID], object]) -> tuple[ActAnswer, ...]:
    """Do the act to each alarm once, in one order for all officers; one that is refused does not stop the others.

    Absent and hidden are one answer. Raises RightMissing: who may not act does nothing at all.
    """
    return tuple(_done(uid, act) for uid in sorted(set(uids))[:MOST])


def _done(uid: uuid.UUID, act: Callable[[uuid.UUID], object]) -> ActAnswer:
    try:
        with transaction.atomic():
            act(uid)
    except Refusal as refusal:
        return ActAnswer(uid, refusal.code, str(refusal.message))
    except NotVisible:
        return ActAnswer(uid, "not_found", _("It is not there, or no longer."))
    except ValidationError as refusal:
        return ActAnswer(uid, "invalid", " ".join(refusal.messages))
    return ActAnswer(uid)

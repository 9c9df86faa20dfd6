"""Reading failures at the door."""

from django.db.models import QuerySet

from agencies.facts import Principal
from agencies.models import LockOut


def lockouts_of_agency(principal: Principal) -> QuerySet[LockOut]:
    """What was counted for names of the own agency; the caller asks for the right to manage officers."""
    return LockOut.objects.visible_to(principal)

"""What open pages ask every other second: may what stands here still be read? Content never goes this way."""

import uuid

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.consulting import principal_for
from intelligence.selectors.standing import KINDS, records_gone

_MOST = 200


@never_cache
@require_safe
def still(request: HttpRequest) -> JsonResponse:
    """Of the records named (`record=lookout:<uid>`, up to 200) those that are to leave the screen.

    Absent and hidden are one answer. Nothing is recorded: whoever asks is shown nothing.
    """
    wanted = [found for text in request.GET.getlist("record")[:_MOST] if (found := _read(text))]
    gone = records_gone(principal_for(request), wanted)
    return JsonResponse({"gone": [f"{kind}:{uid}" for kind, uid in gone]})


def _read(text: str) -> tuple[str, uuid.UUID] | None:
    kind, _, number = text.partition(":")
    try:
        return (kind, uuid.UUID(number)) if kind in KINDS else None
    except ValueError:
        return None

"""/api/v1/passages/: one visit of one vehicle each, as far as the token's agency may see it."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.pagination import list_parameters, page_response
from agencies.api.parameters import Reader, a_flag, a_time, one_of, parameters_read
from agencies.api.problems import BadQuery
from agencies.choices import Scope
from scanning.api.base import ABSENT, KIND, PLACES, REFUSED, TURN, UID, ScanningView, code, parameter
from scanning.api.shapes import PassagePage, PassageStoryShape
from scanning.api.show import Show
from scanning.choices import DeviceKind, Result
from scanning.selectors.alarms import alarms_of_passages
from scanning.selectors.equipment import equipment_read
from scanning.selectors.passages import (
    MarkTooShort,
    PassageFilter,
    passage_events,
    passage_seen,
    passages_page,
)

_FILTERS: dict[str, Reader] = (
    PLACES
    | KIND
    | {
        "device": code,
        "result": one_of(*Result.values),
        "mark": str,
        "whole_mark": a_flag,
        "since": a_time,
        "until": a_time,
    }
)


class PassagesView(ScanningView):
    """The passages."""

    rights = {"GET": Right.PASSAGE_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="passages_list",
        parameters=[
            *TURN, parameter("site"), parameter("lane", "Seen by a device of this lane."), parameter("device"),
            parameter("kind", "Seen by a device of this kind.", DeviceKind.values),
            parameter("result", "With this result (of the device or kind asked for).", Result.values),
            parameter("mark", "How a mark begins: three or more letters or digits; 0 and O, 1 and I are alike."),
            parameter("whole_mark", "`true`: the whole mark, not its beginning.", type_=bool),
            parameter("since", "Last seen at this time or later."), parameter("until", "Last seen before this time."),
        ],
        responses={200: PassagePage, **REFUSED},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first, in the order of when devices visible to this token last saw the vehicle."""
        turn, values = list_parameters(request, _FILTERS)
        try:
            page = passages_page(self.principal, turn, PassageFilter(**values))
        except MarkTooShort as error:
            raise BadQuery("bad_parameter", "mark: three letters or digits at least.") from error
        self.shown("passage", [passage.uid for passage in page.rows])
        return page_response(request, page, Show(equipment_read(self.principal)).passage)


class PassageView(ScanningView):
    """One passage."""

    rights = {"GET": Right.PASSAGE_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="passages_retrieve",
        parameters=[UID],
        responses={200: PassageStoryShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """One passage with its events and alarms in the order of time. The reading is recorded."""
        parameters_read(request, {})
        passage = passage_seen(self.principal, uid)
        self.shown("passage", [passage.uid])
        alarms = alarms_of_passages(self.principal, [passage.id]).get(passage.id, ())
        show = Show(equipment_read(self.principal))
        return Response(show.story(passage, passage_events(self.principal, passage), alarms))

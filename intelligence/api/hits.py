"""/api/v1/hits/ and /api/v1/notices/: the owner's record and what the front line is told."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.pagination import list_parameters, page_response
from agencies.api.parameters import a_flag, a_time, a_uuid, one_of
from agencies.choices import Scope
from intelligence.api.base import (
    ABSENT,
    CONFLICT,
    CURSOR,
    INVALID,
    LIMIT,
    PURPOSE,
    REFUSED,
    UID,
    IntelligenceView,
)
from intelligence.api.shapes import DecideBody, HitPage, HitShape, NoticePage, NoticeShape, TakeBody
from intelligence.choices import DisclosureMode, HitState, NoticeState, Priority
from intelligence.selectors.hits import hit_get, hits_page
from intelligence.selectors.notices import notice_get, notices_page
from intelligence.services.consultations import hit_open, notice_open, records_read
from intelligence.services.hits import hit_decide
from intelligence.services.notices import notice_decide, notice_take

_COMMON_FILTERS = {
    "priority": one_of(*Priority.values),
    "passage": a_uuid,
    "late": a_flag,
    "since": a_time,
    "until": a_time,
}
_COMMON_PARAMETERS = [
    OpenApiParameter("priority", str, enum=Priority.values),
    OpenApiParameter("passage", {"type": "string", "format": "uuid"}),
    OpenApiParameter("late", bool, description="Found in a backlog, or seen at the time."),
    OpenApiParameter(
        "since", {"type": "string", "format": "date-time"}, description="First seen then or later."
    ),
    OpenApiParameter("until", {"type": "string", "format": "date-time"}, description="First seen before."),
    CURSOR,
    LIMIT,
    PURPOSE,
]
_DECIDED = {**REFUSED, **ABSENT, **CONFLICT, **INVALID}


def _named(given: dict[str, Any]) -> dict[str, Any]:
    """Query names as the selectors call them."""
    names = {"passage": "passage_uid", "lookout": "lookout_uid"}
    return {names.get(name, name): value for name, value in given.items()}


class HitsView(IntelligenceView):
    """Hits of the agency's own lookouts."""

    rights = {"GET": Right.HIT_VIEW}
    scopes = {"GET": Scope.HITS_READ}

    @extend_schema(
        operation_id="hits_list",
        parameters=[
            OpenApiParameter("state", str, enum=HitState.values),
            OpenApiParameter("lookout", {"type": "string", "format": "uuid"}),
            *_COMMON_PARAMETERS,
        ],
        responses={200: HitPage, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """One page of hits, newest first. The reading is recorded."""
        filters = {"state": one_of(*HitState.values), "lookout": a_uuid, **_COMMON_FILTERS}
        turn, given = list_parameters(request, filters)
        page = hits_page(self.principal, turn, **_named(given))
        records_read(acting_officer=self.principal, cards=page.rows, purpose=self.purpose)
        return page_response(request, page, lambda card: HitShape(card).data)


class HitView(IntelligenceView):
    """One hit."""

    rights = {"GET": Right.HIT_VIEW}
    scopes = {"GET": Scope.HITS_READ}

    @extend_schema(
        operation_id="hits_retrieve",
        parameters=[UID, PURPOSE],
        responses={200: HitShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """The hit. The reading is recorded."""
        return Response(HitShape(hit_open(acting_officer=self.principal, uid=uid, purpose=self.purpose)).data)


class HitDecideView(IntelligenceView):
    """The owner's decision."""

    rights = {"POST": Right.HIT_DECIDE}
    scopes = {"POST": Scope.HITS_WRITE}

    @extend_schema(
        operation_id="hits_decide",
        parameters=[UID],
        request=DecideBody,
        responses={200: HitShape, **_DECIDED},
    )
    def post(self, request: Request, uid: str) -> Response:
        """Confirm the match as a hit, or reject it."""
        hit_decide(acting_officer=self.principal, uid=uid, **self.body(DecideBody))
        return Response(HitShape(hit_get(self.principal, uid)).data)


class NoticesView(IntelligenceView):
    """Notices for the agency's front line, and those of its own lookouts."""

    rights = {"GET": Right.NOTICE_VIEW}
    scopes = {"GET": Scope.HITS_READ}

    @extend_schema(
        operation_id="notices_list",
        parameters=[
            OpenApiParameter("state", str, enum=NoticeState.values),
            OpenApiParameter("mode", str, enum=[DisclosureMode.REFER.value, DisclosureMode.STOP.value]),
            *_COMMON_PARAMETERS,
        ],
        responses={200: NoticePage, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """One page of notices, newest first. The reading is recorded."""
        filters = {
            "state": one_of(*NoticeState.values),
            "mode": one_of(DisclosureMode.REFER.value, DisclosureMode.STOP.value),
            **_COMMON_FILTERS,
        }
        turn, given = list_parameters(request, filters)
        page = notices_page(self.principal, turn, **_named(given))
        records_read(acting_officer=self.principal, cards=page.rows, purpose=self.purpose)
        return page_response(request, page, lambda card: NoticeShape(card).data)


class NoticeView(IntelligenceView):
    """One notice."""

    rights = {"GET": Right.NOTICE_VIEW}
    scopes = {"GET": Scope.HITS_READ}

    @extend_schema(
        operation_id="notices_retrieve",
        parameters=[UID, PURPOSE],
        responses={200: NoticeShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """The notice. The reading is recorded."""
        card = notice_open(acting_officer=self.principal, uid=uid, purpose=self.purpose)
        return Response(NoticeShape(card).data)


class NoticeTakeView(IntelligenceView):
    """Take a notice."""

    rights = {"POST": Right.NOTICE_ACT}
    scopes = {"POST": Scope.HITS_WRITE}

    @extend_schema(
        operation_id="notices_take",
        parameters=[UID],
        request=TakeBody,
        responses={200: NoticeShape, **_DECIDED},
    )
    def post(self, request: Request, uid: str) -> Response:
        """Take the notice for the named officer; of two at once, one gets 409 `notice_taken`."""
        notice_take(acting_officer=self.principal, uid=uid, **self.body(TakeBody))
        return Response(NoticeShape(notice_get(self.principal, uid)).data)


class NoticeDecideView(IntelligenceView):
    """Decide on a notice."""

    rights = {"POST": Right.NOTICE_ACT}
    scopes = {"POST": Scope.HITS_WRITE}

    @extend_schema(
        operation_id="notices_decide",
        parameters=[UID],
        request=DecideBody,
        responses={200: NoticeShape, **_DECIDED},
    )
    def post(self, request: Request, uid: str) -> Response:
        """Say whether it is the vehicle, and what was done; the owner learns of it."""
        notice_decide(acting_officer=self.principal, uid=uid, **self.body(DecideBody))
        return Response(NoticeShape(notice_get(self.principal, uid)).data)

"""Originator control over REST: /api/v1/…/disseminations/, /api/v1/recalls/, tear-lines, and the sharing of hits."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.pagination import list_parameters, page_response
from agencies.api.parameters import a_flag, one_of
from agencies.choices import Scope
from intelligence.api.base import ABSENT, CONFLICT, CURSOR, INVALID, LIMIT, REFUSED, UID, IntelligenceView
from intelligence.api.lookouts import draft_given
from intelligence.api.shapes import HitShape, LookoutBody, LookoutShape, RecallBody, ShareBody
from intelligence.api.shapes_sharing import (
    ChangeShareBody,
    DisseminationList,
    DisseminationShape,
    RecallPage,
    RecallShape,
    TearLineList,
)
from intelligence.choices import RecallState, SharedKind
from intelligence.selectors.disseminations import (
    dissemination_get,
    disseminations_of,
    recall_get,
    recalls_page,
    tear_lines_of,
)
from intelligence.selectors.hits import hit_get
from intelligence.selectors.lookouts import lookout_get
from intelligence.services.disseminations import (
    dissemination_change,
    dissemination_give,
    dissemination_recall,
    recall_confirm,
)
from intelligence.services.tearlines import tearline_make

_ACTS = {**REFUSED, **ABSENT, **CONFLICT, **INVALID}


class LookoutDisseminationsView(IntelligenceView):
    """To whom a lookout was given."""

    rights = {"GET": Right.LOOKOUT_VIEW}
    scopes = {"GET": Scope.LOOKOUTS_READ}
    kind = SharedKind.LOOKOUT

    @extend_schema(
        operation_id="lookouts_disseminations",
        parameters=[UID],
        responses={200: DisseminationList, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """Every sharing of the lookout, newest first; its owner's eyes only, nothing for anybody else."""
        lookout_get(self.principal, uid)
        cards = disseminations_of(self.principal, self.kind, uid)
        return Response(DisseminationList({"results": cards}).data)


class DisseminationView(IntelligenceView):
    """One sharing."""

    rights = {"GET": Right.LOOKOUT_VIEW}
    scopes = {"GET": Scope.LOOKOUTS_READ}

    @extend_schema(
        operation_id="disseminations_retrieve",
        parameters=[UID],
        responses={200: DisseminationShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """To whom, by whom, for what, until when, how often it was read there, and how it ended."""
        return Response(DisseminationShape(dissemination_get(self.principal, uid)).data)


class DisseminationChangeView(IntelligenceView):
    """Until when."""

    rights = {"POST": Right.LOOKOUT_CREATE}
    scopes = {"POST": Scope.LOOKOUTS_WRITE}

    @extend_schema(
        operation_id="disseminations_change",
        parameters=[UID],
        request=ChangeShareBody,
        responses={200: DisseminationShape, **_ACTS},
    )
    def post(self, request: Request, uid: str) -> Response:
        """Set another end of the sharing, later or sooner; null is "until it is recalled"."""
        dissemination_change(acting_officer=self.principal, uid=uid, **self.body(ChangeShareBody))
        return Response(DisseminationShape(dissemination_get(self.principal, uid)).data)


class RecallsView(IntelligenceView):
    """What was taken back."""

    rights = {"GET": Right.LOOKOUT_VIEW}
    scopes = {"GET": Scope.LOOKOUTS_READ}

    @extend_schema(
        operation_id="recalls_list",
        parameters=[
            OpenApiParameter("state", str, enum=RecallState.values),
            OpenApiParameter(
                "own", bool, description="Only what the agency took back, or only what it gave back."
            ),
            CURSOR,
            LIMIT,
        ],
        responses={200: RecallPage, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """One page of recalls, newest first."""
        turn, given = list_parameters(request, {"state": one_of(*RecallState.values), "own": a_flag})
        page = recalls_page(self.principal, turn, **given)
        return page_response(request, page, lambda card: RecallShape(card).data)


class RecallView(IntelligenceView):
    """One recall."""

    rights = {"GET": Right.LOOKOUT_VIEW}
    scopes = {"GET": Scope.LOOKOUTS_READ}

    @extend_schema(
        operation_id="recalls_retrieve", parameters=[UID], responses={200: RecallShape, **REFUSED, **ABSENT}
    )
    def get(self, request: Request, uid: str) -> Response:
        """Reference, from whom and when, what had been read, and whether the removal is confirmed."""
        return Response(RecallShape(recall_get(self.principal, uid)).data)


class RecallConfirmView(IntelligenceView):
    """Confirm."""

    rights = {"POST": Right.RECALL_CONFIRM}
    scopes = {"POST": Scope.LOOKOUTS_READ}

    @extend_schema(
        operation_id="recalls_confirm",
        parameters=[UID],
        request=None,
        responses={200: RecallShape, **REFUSED, **ABSENT, **CONFLICT},
    )
    def post(self, request: Request, uid: str) -> Response:
        """As the agency that had the record: confirm that nothing of it is kept."""
        recall_confirm(acting_officer=self.principal, uid=uid)
        return Response(RecallShape(recall_get(self.principal, uid)).data)


class LookoutTearLinesView(IntelligenceView):
    """What stands in for a lookout."""

    rights = {"GET": Right.LOOKOUT_VIEW, "POST": Right.LOOKOUT_CREATE}
    scopes = {"GET": Scope.LOOKOUTS_READ, "POST": Scope.LOOKOUTS_WRITE}

    @extend_schema(
        operation_id="lookouts_tear_lines",
        parameters=[UID],
        responses={200: TearLineList, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """Its tear-lines, for its owner; nothing for anybody else."""
        lookout_get(self.principal, uid)
        found = tear_lines_of(self.principal, uid)
        return Response(
            TearLineList({"results": [{"uid": one, "reference": name} for one, name in found]}).data
        )

    @extend_schema(
        operation_id="lookouts_tear_lines_create",
        parameters=[UID],
        request=LookoutBody,
        responses={201: LookoutShape, **_ACTS},
    )
    def post(self, request: Request, uid: str) -> Response:
        """Enter a lookout that may be shown instead: its own words, marking and audience; recalled with its source."""
        twin = tearline_make(
            acting_officer=self.principal, uid=uid, draft=draft_given(self.body(LookoutBody))
        )
        return Response(LookoutShape(lookout_get(self.principal, twin.uid)).data, status=201)


class HitActView(IntelligenceView):
    """What the owner does with a confirmed hit."""

    rights = {"POST": Right.LOOKOUT_CREATE}
    scopes = {"POST": Scope.LOOKOUTS_WRITE}

    def answer(self, uid: str) -> Response:
        """The hit as it is after the act."""
        return Response(HitShape(hit_get(self.principal, uid)).data)


class HitShareView(HitActView):
    """Let others read."""

    @extend_schema(
        operation_id="hits_share", parameters=[UID], request=ShareBody, responses={200: HitShape, **_ACTS}
    )
    def post(self, request: Request, uid: str) -> Response:
        """Let other competent authorities read a confirmed hit, without its outcome and its lookout."""
        dissemination_give(
            acting_officer=self.principal, kind=SharedKind.HIT, uid=uid, **self.body(ShareBody)
        )
        return self.answer(uid)


class HitRecallView(HitActView):
    """Take back."""

    @extend_schema(
        operation_id="hits_recall", parameters=[UID], request=RecallBody, responses={200: HitShape, **_ACTS}
    )
    def post(self, request: Request, uid: str) -> Response:
        """Take the hit back from agencies."""
        dissemination_recall(
            acting_officer=self.principal, kind=SharedKind.HIT, uid=uid, **self.body(RecallBody)
        )
        return self.answer(uid)


class HitDisseminationsView(IntelligenceView):
    """To whom a hit was given."""

    rights = {"GET": Right.LOOKOUT_VIEW}
    scopes = {"GET": Scope.LOOKOUTS_READ}

    @extend_schema(
        operation_id="hits_disseminations",
        parameters=[UID],
        responses={200: DisseminationList, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """Every sharing of the hit, newest first; its owner's eyes only, nothing for anybody else."""
        hit_get(self.principal, uid)
        return Response(
            DisseminationList({"results": disseminations_of(self.principal, SharedKind.HIT, uid)}).data
        )

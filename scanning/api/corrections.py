"""Splitting and merging passages, and undoing either; a worker carries out what is asked for within a second."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.parameters import parameters_read
from agencies.choices import Scope
from scanning.api.base import ABSENT, CONFLICT, INVALID, REFUSED, UID, ScanningView
from scanning.api.shapes_corrections import (
    CorrectionShape,
    CorrectionsShape,
    MergeBody,
    SplitBody,
    UndoBody,
)
from scanning.selectors.corrections import correction_get, corrections_of
from scanning.selectors.passages import passage_seen
from scanning.services.corrections import correction_undo, passage_merge, passage_split

_ASKED = {202: CorrectionShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID}


class CorrectionsView(ScanningView):
    """The corrections of one passage."""

    rights = {"GET": Right.PASSAGE_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="passages_corrections",
        parameters=[UID],
        responses={200: CorrectionsShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """What was moved from this passage or to it by hand, the newest first."""
        parameters_read(request, {})
        passage = passage_seen(self.principal, uid)
        self.shown("passage", [passage.uid])
        return Response(CorrectionsShape({"results": corrections_of(self.principal, passage.uid)}).data)


class CorrectionView(ScanningView):
    """One correction."""

    rights = {"GET": Right.PASSAGE_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="corrections_retrieve",
        parameters=[UID],
        responses={200: CorrectionShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """Where the correction stands: waiting, done, or failed with the reason."""
        parameters_read(request, {})
        return Response(CorrectionShape(correction_get(self.principal, uid)).data)


class CorrectingView(ScanningView):
    """Acts that correct."""

    rights = {"POST": Right.PASSAGE_CORRECT}
    scopes = {"POST": Scope.PASSAGES_WRITE}

    def asked(self, uid: object) -> Response:
        """The correction as it waits."""
        return Response(CorrectionShape(correction_get(self.principal, str(uid))).data, status=202)


class SplitView(CorrectingView):
    """Split."""

    @extend_schema(operation_id="passages_split", parameters=[UID], request=SplitBody, responses=_ASKED)
    def post(self, request: Request, uid: str) -> Response:
        """Let these events become a passage of their own, `target`. 409 `correction_stands`, `correction_too_old`."""
        return self.asked(passage_split(acting_officer=self.principal, uid=uid, **self.body(SplitBody)))


class MergeView(CorrectingView):
    """Merge."""

    @extend_schema(operation_id="passages_merge", parameters=[UID], request=MergeBody, responses=_ASKED)
    def post(self, request: Request, uid: str) -> Response:
        """Take all of the other passage into this one. 409 `correction_stands`, `correction_too_old`."""
        return self.asked(passage_merge(acting_officer=self.principal, uid=uid, **self.body(MergeBody)))


class CorrectionUndoView(CorrectingView):
    """Undo."""

    @extend_schema(operation_id="corrections_undo", parameters=[UID], request=UndoBody, responses=_ASKED)
    def post(self, request: Request, uid: str) -> Response:
        """Lead back what was moved. 409 `correction_stands` when that was done already."""
        return self.asked(correction_undo(acting_officer=self.principal, uid=uid, **self.body(UndoBody)))

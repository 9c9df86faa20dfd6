"""/api/v1/lookouts/: the watch-list."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.pagination import list_parameters, page_response
from agencies.api.parameters import a_flag, one_of
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
from intelligence.api.shapes import (
    ExtendBody,
    LookoutBody,
    LookoutPage,
    LookoutShape,
    RecallBody,
    ShareBody,
    WithdrawBody,
)
from intelligence.choices import DisclosureMode, LookoutState, Priority
from intelligence.facts import Handling, LookoutDraft
from intelligence.rules.handling import version_now
from intelligence.selectors.lookouts import lookout_get, lookouts_page
from intelligence.services.audiences import lookout_recall, lookout_share
from intelligence.services.consultations import lookout_open, records_read
from intelligence.services.lookouts import lookout_create, lookout_extend, lookout_withdraw

_FILTERS = {
    "state": one_of(*LookoutState.values),
    "mode": one_of(*DisclosureMode.values),
    "priority": one_of(*Priority.values),
    "own": a_flag,
}
_FILTER_PARAMETERS = [
    OpenApiParameter("state", str, enum=LookoutState.values),
    OpenApiParameter("mode", str, enum=DisclosureMode.values),
    OpenApiParameter("priority", str, enum=Priority.values),
    OpenApiParameter("own", bool, description="Only the agency's own, or only those shared with it."),
]


def handling_given(each: Mapping[str, Any]) -> Handling:
    """One handling instruction of a body, as a value."""
    version = each["version"] or version_now(each["scheme"])
    return Handling(each["scheme"], version, tuple(each["codes"]), each["conditions"])


def draft_given(values: dict[str, Any]) -> LookoutDraft:
    """The lookout of a body, as the services take it."""
    told = tuple(values["notified_agencies"])
    handling = tuple(handling_given(each) for each in values["handling"])
    return LookoutDraft(**values | {"notified_agencies": told, "handling": handling})


class LookoutsView(IntelligenceView):
    """Read the lookouts of the agency and those shared with it; enter one."""

    rights = {"GET": Right.LOOKOUT_VIEW, "POST": Right.LOOKOUT_CREATE}
    scopes = {"GET": Scope.LOOKOUTS_READ, "POST": Scope.LOOKOUTS_WRITE}

    @extend_schema(
        operation_id="lookouts_list",
        parameters=[*_FILTER_PARAMETERS, CURSOR, LIMIT, PURPOSE],
        responses={200: LookoutPage, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """One page of lookouts, newest first. The reading is recorded."""
        turn, given = list_parameters(request, _FILTERS)
        page = lookouts_page(self.principal, turn, **given)
        records_read(acting_officer=self.principal, cards=page.rows, purpose=self.purpose)
        return page_response(request, page, lambda card: LookoutShape(card).data)

    @extend_schema(
        operation_id="lookouts_create",
        request=LookoutBody,
        responses={201: LookoutShape, **REFUSED, **INVALID},
    )
    def post(self, request: Request) -> Response:
        """Enter a lookout of the account's own agency; it matches from the next event on."""
        draft = draft_given(self.body(LookoutBody))
        lookout = lookout_create(acting_officer=self.principal, draft=draft)
        return Response(LookoutShape(lookout_get(self.principal, lookout.uid)).data, status=201)


class LookoutView(IntelligenceView):
    """One lookout."""

    rights = {"GET": Right.LOOKOUT_VIEW}
    scopes = {"GET": Scope.LOOKOUTS_READ}

    @extend_schema(
        operation_id="lookouts_retrieve",
        parameters=[UID, PURPOSE],
        responses={200: LookoutShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """The lookout. The reading is recorded."""
        card = lookout_open(acting_officer=self.principal, uid=uid, purpose=self.purpose)
        return Response(LookoutShape(card).data)


class LookoutActView(IntelligenceView):
    """The owner's acts on a lookout."""

    rights = {"POST": Right.LOOKOUT_CREATE}
    scopes = {"POST": Scope.LOOKOUTS_WRITE}

    def answer(self, uid: str) -> Response:
        """The lookout as it is after the act."""
        return Response(LookoutShape(lookout_get(self.principal, uid)).data)


_ACT_ANSWERS = {200: LookoutShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID}


class LookoutWithdrawView(LookoutActView):
    """Stop looking."""

    @extend_schema(
        operation_id="lookouts_withdraw", parameters=[UID], request=WithdrawBody, responses=_ACT_ANSWERS
    )
    def post(self, request: Request, uid: str) -> Response:
        """Withdraw the lookout; what waits for a decision is put out at once."""
        lookout_withdraw(acting_officer=self.principal, uid=uid, **self.body(WithdrawBody))
        return self.answer(uid)


class LookoutExtendView(LookoutActView):
    """Renew."""

    @extend_schema(
        operation_id="lookouts_extend", parameters=[UID], request=ExtendBody, responses=_ACT_ANSWERS
    )
    def post(self, request: Request, uid: str) -> Response:
        """Set a new expiry and day of review."""
        lookout_extend(acting_officer=self.principal, uid=uid, **self.body(ExtendBody))
        return self.answer(uid)


class LookoutShareView(LookoutActView):
    """Let others read."""

    @extend_schema(operation_id="lookouts_share", parameters=[UID], request=ShareBody, responses=_ACT_ANSWERS)
    def post(self, request: Request, uid: str) -> Response:
        """Let other competent authorities read the lookout, without its reason and its hits."""
        lookout_share(acting_officer=self.principal, uid=uid, **self.body(ShareBody))
        return self.answer(uid)


class LookoutRecallView(LookoutActView):
    """Take back."""

    @extend_schema(
        operation_id="lookouts_recall", parameters=[UID], request=RecallBody, responses=_ACT_ANSWERS
    )
    def post(self, request: Request, uid: str) -> Response:
        """Take the lookout back from agencies."""
        lookout_recall(acting_officer=self.principal, uid=uid, **self.body(RecallBody))
        return self.answer(uid)

"""/api/v1/proposals/: changes that readers of a lookout propose to its owner."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.pagination import list_parameters, page_response
from agencies.api.parameters import one_of
from agencies.choices import Scope
from intelligence.api.base import ABSENT, CONFLICT, CURSOR, INVALID, LIMIT, REFUSED, UID, IntelligenceView
from intelligence.api.shapes_proposals import (
    AcceptBody,
    DiscardBody,
    ProposalPage,
    ProposalShape,
    ProposeBody,
)
from intelligence.choices import ProposalState
from intelligence.selectors.proposals import proposal_get, proposals_page
from intelligence.services.proposals import lookout_propose, proposal_accept, proposal_discard

_ANSWERS = {200: ProposalShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID}


class LookoutProposeView(IntelligenceView):
    """Propose."""

    rights = {"POST": Right.PROPOSAL_MAKE}
    scopes = {"POST": Scope.LOOKOUTS_READ}

    @extend_schema(
        operation_id="lookouts_propose",
        parameters=[UID],
        request=ProposeBody,
        responses={201: ProposalShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID},
    )
    def post(self, request: Request, uid: str) -> Response:
        """Propose other values of a lookout that another agency shares; its owner decides."""
        made = lookout_propose(acting_officer=self.principal, uid=uid, **self.body(ProposeBody))
        return Response(ProposalShape(proposal_get(self.principal, made.uid)).data, status=201)


class ProposalsView(IntelligenceView):
    """What the agency has proposed, and what was proposed to it."""

    rights = {"GET": Right.PROPOSAL_MAKE}
    scopes = {"GET": Scope.LOOKOUTS_READ}

    @extend_schema(
        operation_id="proposals_list",
        parameters=[OpenApiParameter("state", str, enum=ProposalState.values), CURSOR, LIMIT],
        responses={200: ProposalPage, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """One page of proposals, newest first."""
        turn, given = list_parameters(request, {"state": one_of(*ProposalState.values)})
        page = proposals_page(self.principal, turn, **given)
        return page_response(request, page, lambda card: ProposalShape(card).data)


class ProposalView(IntelligenceView):
    """One proposal."""

    rights = {"GET": Right.PROPOSAL_MAKE}
    scopes = {"GET": Scope.LOOKOUTS_READ}

    @extend_schema(
        operation_id="proposals_retrieve",
        parameters=[UID],
        responses={200: ProposalShape, **REFUSED, **ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """The proposal; for the owner with what stands now, and its version."""
        return Response(ProposalShape(proposal_get(self.principal, uid)).data)


class ProposalActView(IntelligenceView):
    """The owner's decision."""

    rights = {"POST": Right.LOOKOUT_CREATE}
    scopes = {"POST": Scope.LOOKOUTS_WRITE}

    def answer(self, uid: str) -> Response:
        """The proposal as it is after the act."""
        return Response(ProposalShape(proposal_get(self.principal, uid)).data)


class ProposalAcceptView(ProposalActView):
    """Take over."""

    @extend_schema(operation_id="proposals_accept", parameters=[UID], request=AcceptBody, responses=_ANSWERS)
    def post(self, request: Request, uid: str) -> Response:
        """Take the proposal over, all of it or some fields; refused when the lookout is another than `version`."""
        proposal_accept(acting_officer=self.principal, uid=uid, **self.body(AcceptBody))
        return self.answer(uid)


class ProposalDiscardView(ProposalActView):
    """Discard."""

    @extend_schema(
        operation_id="proposals_discard", parameters=[UID], request=DiscardBody, responses=_ANSWERS
    )
    def post(self, request: Request, uid: str) -> Response:
        """Discard the proposal with a reason, which its proposer reads."""
        proposal_discard(acting_officer=self.principal, uid=uid, **self.body(DiscardBody))
        return self.answer(uid)

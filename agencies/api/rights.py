"""/api/v1/rights/: the rights matrix, and what this token may do."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.acting import acting
from agencies.actions import Action, Reach, RecordKind
from agencies.api.parameters import one_of, parameters_read
from agencies.api.permissions import SignedIn
from agencies.choices import AccountKind, Role
from agencies.rules.matrixpage import HOLDERS, Line, matrix_lines
from agencies.rules.rights import rights_of


class RightLineShape(serializers.Serializer[Any]):
    """One kind of record and one action."""

    right = serializers.CharField(source="entry.right")
    record = serializers.ChoiceField(RecordKind.choices, source="kind")
    action = serializers.ChoiceField(Action.choices)
    reach = serializers.ChoiceField(Reach.choices)
    roles = serializers.SerializerMethodField()
    accounts = serializers.SerializerMethodField()
    scope = serializers.CharField(allow_blank=True, help_text="What a token needs; empty where no token may.")
    authority_only = serializers.BooleanField(source="entry.authority_only")

    def get_roles(self, line: Line) -> list[str]:
        """The officers' roles that may, in the order of the matrix."""
        return [role for role in Role.values if role in line.entry.roles]

    def get_accounts(self, line: Line) -> list[str]:
        """The kinds of service account that may."""
        return [kind for kind in AccountKind.values if kind in line.entry.accounts]


class RightsShape(serializers.Serializer[Any]):
    """The whole matrix, and the rights of whoever asks."""

    matrix = RightLineShape(many=True)
    mine = serializers.ListField(child=serializers.CharField())


class RightsView(APIView):
    """Who may what. The same for everybody but for `mine`; it names no record and nobody."""

    permission_classes = [SignedIn]

    @extend_schema(
        operation_id="rights_list",
        parameters=[
            OpenApiParameter("holder", str, enum=list(HOLDERS), description="Only what this one may.")
        ],
        responses=RightsShape,
    )
    def get(self, request: Request) -> Response:
        """The rights matrix as data."""
        given = parameters_read(request, {"holder": one_of(*HOLDERS)})
        lines = matrix_lines(given.get("holder", ""))
        return Response(
            {"matrix": RightLineShape(lines, many=True).data, "mine": sorted(rights_of(acting.get()))}
        )

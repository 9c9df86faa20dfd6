"""/api/v1/audit/…: the own agency's record, proofs for its records, and the roots that were published to it."""

import contextlib
from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.actions import Right
from agencies.api.pagination import list_parameters, page_response
from agencies.api.parameters import a_number, a_time, a_uuid, one_of, parameters_read
from agencies.api.permissions import HasScope, HoldsRight
from agencies.authentication import ServiceUser
from agencies.choices import Scope
from agencies.evidence import ROOTS_LIMIT, RecordFilter, record_plain, roots_lines, seal_of
from agencies.facts import Principal
from agencies.services.evidence import record_open, record_prove, records_open
from audit.actions import AuditAction
from audit.models import AuditEvent
from audit.rules.ocsf import ocsf_event
from audit.words import OBJECT_TYPES

_UID = OpenApiParameter("uid", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH)
_PURPOSE = OpenApiParameter(
    "X-Purpose", str, OpenApiParameter.HEADER, description="What the record is read for."
)
_REFUSED = {
    400: OpenApiResponse(description="A query parameter cannot be read."),
    401: OpenApiResponse(description="No valid token."),
    403: OpenApiResponse(description="The token lacks the scope."),
}
_ABSENT = {404: OpenApiResponse(description="Absent, or another agency's: nobody learns which.")}
_MOST = 2**31 - 1


class SealShape(serializers.Serializer[Any]):
    """The block that holds the record."""

    block = serializers.IntegerField()
    at = serializers.DateTimeField()
    block_root = serializers.CharField()
    key = serializers.CharField()


class RecordShape(serializers.Serializer[Any]):
    """One record; `seal` is null while it waits for its block."""

    uid = serializers.UUIDField()
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    actor_uid = serializers.UUIDField(allow_null=True)
    actor_label = serializers.CharField()
    action = serializers.CharField()
    object_type = serializers.CharField()
    object_uids = serializers.ListField(child=serializers.UUIDField())
    purpose = serializers.CharField(allow_blank=True)
    request_id = serializers.CharField(allow_blank=True)
    detail = serializers.JSONField()


class RecordDetailShape(RecordShape):
    """One record with its seal."""

    seal = SealShape(allow_null=True)


class RecordPage(serializers.Serializer[Any]):
    """One page, newest first; with `shape=ocsf` each result is an OCSF 1.3 event instead."""

    results = RecordShape(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class ProofShape(serializers.Serializer[Any]):
    """What the stand-alone verifier takes with --proof."""

    record = serializers.DictField(child=serializers.CharField(allow_blank=True))
    block = serializers.IntegerField()
    place = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField())
    head = serializers.DictField()


class RootsShape(serializers.Serializer[Any]):
    """Lines of the file of roots, oldest first, each to be written on a line of its own."""

    lines = serializers.ListField(child=serializers.DictField())
    last = serializers.IntegerField(help_text="Ask with after=last for what follows.")


class AuditView(APIView):
    """The right to the record and the scope of the token are both needed."""

    permission_classes = [HoldsRight, HasScope]
    rights = {"GET": Right.AUDIT_VIEW}
    scopes = {"GET": Scope.AUDIT_READ}

    @property
    def principal(self) -> Principal:
        """Who acts."""
        return cast(ServiceUser, self.request.user).principal

    @property
    def purpose(self) -> str:
        """The purpose that the caller gives, else that of the account as such."""
        given = self.request.headers.get("X-Purpose", "")
        with contextlib.suppress(UnicodeError):  # header bytes arrive as Latin-1, whatever was sent
            given = given.encode("latin-1").decode()
        return given or f"account {self.principal.label}"


class RecordsView(AuditView):
    """The record of the own agency."""

    @extend_schema(
        operation_id="audit_records_list",
        parameters=[
            _PURPOSE,
            OpenApiParameter("cursor", str, description="From `next` or `previous`; opaque."),
            OpenApiParameter("limit", int, description="Rows per page, 1 to 200; 50 without it."),
            OpenApiParameter("actor", {"type": "string", "format": "uuid"}),
            OpenApiParameter("action", str, description="As `lookout.read`."),
            OpenApiParameter("object_type", str),
            OpenApiParameter("object", {"type": "string", "format": "uuid"}),
            OpenApiParameter("request", str, description="The X-Request-ID of a request."),
            OpenApiParameter("since", {"type": "string", "format": "date-time"}),
            OpenApiParameter("until", {"type": "string", "format": "date-time"}),
            OpenApiParameter("shape", str, enum=["plain", "ocsf"]),
        ],
        responses={200: RecordPage, **_REFUSED},
    )
    def get(self, request: Request) -> Response:
        """One page, newest first. The reading is recorded."""
        turn, given = list_parameters(
            request,
            {
                "actor": a_uuid, "action": one_of(*AuditAction), "object_type": one_of(*OBJECT_TYPES),
                "object": a_uuid, "request": str, "since": a_time, "until": a_time,
                "shape": one_of("plain", "ocsf"),
            },
        )  # fmt: skip
        shape = given.pop("shape", "plain")
        page = records_open(
            acting_officer=self.principal, turn=turn, wanted=RecordFilter(**given), purpose=self.purpose
        )
        return page_response(request, page, _ocsf if shape == "ocsf" else record_plain)


def _ocsf(event: AuditEvent) -> dict[str, Any]:
    return ocsf_event(record_plain(event))


class RecordView(AuditView):
    """One record."""

    @extend_schema(
        operation_id="audit_records_retrieve",
        parameters=[_UID, _PURPOSE],
        responses={200: RecordDetailShape, **_REFUSED, **_ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """The record and its seal. The reading is recorded."""
        event = record_open(acting_officer=self.principal, uid=uid, purpose=self.purpose)
        seal = seal_of(event)
        told = (
            {"block": seal.block, "at": seal.at, "block_root": seal.root, "key": seal.key} if seal else None
        )
        return Response(record_plain(event) | {"seal": told})


class ProofView(AuditView):
    """The proof that one record is sealed."""

    @extend_schema(
        operation_id="audit_records_proof",
        parameters=[_UID, _PURPOSE],
        responses={200: ProofShape, **_REFUSED, **_ABSENT},
    )
    def get(self, request: Request, uid: str) -> Response:
        """The record as it was hashed, and its way to the root; null while it waits for its block. Recorded."""
        return Response(record_prove(acting_officer=self.principal, uid=uid, purpose=self.purpose))


class RootsView(AuditView):
    """What was published to the agency."""

    @extend_schema(
        operation_id="audit_roots_list",
        parameters=[
            OpenApiParameter("after", int, description="The last block that is known; 0 without it."),
            OpenApiParameter("limit", int, description=f"Blocks in one answer, 1 to {ROOTS_LIMIT}."),
        ],
        responses={200: RootsShape, **_REFUSED},
    )
    def get(self, request: Request) -> Response:
        """Keys, and the blocks that follow `after`."""
        given = parameters_read(request, {"after": a_number(0, _MOST), "limit": a_number(1, ROOTS_LIMIT)})
        lines = roots_lines(self.principal, given.get("after", 0), given.get("limit", ROOTS_LIMIT))
        last = max((line["block"] for line in lines if "block" in line), default=given.get("after", 0))
        return Response({"lines": lines, "last": last})

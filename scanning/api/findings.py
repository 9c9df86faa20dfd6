"""Adjudicating alarms, reporting later finds, and the rates that follow from both."""

import datetime as dt

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.parameters import a_time, one_of, parameters_read
from agencies.choices import Scope
from scanning.api.base import ABSENT, CONFLICT, INVALID, KIND, REFUSED, UID, ScanningView, code, parameter
from scanning.api.shapes_findings import (
    AdjudicateBody,
    AdjudicationShape,
    FindBody,
    LaterFindShape,
    RatesShape,
)
from scanning.choices import DeviceKind
from scanning.selectors.findings import adjudications_of, find_seen
from scanning.selectors.rates import BY, LONGEST, RateFilter, rates_read
from scanning.services.findings import alarm_adjudicate, find_report

_USUAL = dt.timedelta(days=30)


class AlarmAdjudicateView(ScanningView):
    """Say what an alarm was."""

    rights = {"POST": Right.ALARM_ACT}
    scopes = {"POST": Scope.ALARMS_WRITE}

    @extend_schema(
        operation_id="alarms_adjudicate",
        parameters=[UID],
        request=AdjudicateBody,
        responses={201: AdjudicationShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID},
    )
    def post(self, request: Request, uid: str) -> Response:
        """State what an alarm about a vehicle turned out to be; an earlier statement is replaced."""
        made = alarm_adjudicate(acting_officer=self.principal, uid=uid, **self.body(AdjudicateBody))
        seen = adjudications_of(self.principal, [made.alarm_id])[made.alarm_id][0]
        return Response(AdjudicationShape(seen).data, status=201)


class FindReportView(ScanningView):
    """Report a later find."""

    rights = {"POST": Right.FIND_REPORT}
    scopes = {"POST": Scope.FINDS_WRITE}

    @extend_schema(
        operation_id="passages_report_find",
        parameters=[UID],
        request=FindBody,
        responses={201: LaterFindShape, **REFUSED, **ABSENT, **INVALID},
    )
    def post(self, request: Request, uid: str) -> Response:
        """Report what was found in the vehicle after it had passed here."""
        made = find_report(acting_officer=self.principal, passage=uid, **self.body(FindBody))
        return Response(LaterFindShape(find_seen(made, self.principal)).data, status=201)


class RatesView(ScanningView):
    """The rates."""

    rights = {"GET": Right.PASSAGE_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="rates_list",
        parameters=[
            parameter("by", enum=list(BY)), parameter("kind", enum=DeviceKind.values), parameter("site"),
            parameter("since", "From this moment; 30 days back without it."), parameter("until", "Now without it."),
        ],
        responses={200: RatesShape, **REFUSED},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Real alarms, false alarms and misses of visible devices over at most a year, each with its interval."""
        given = parameters_read(
            request,
            KIND | {"by": one_of(*BY), "site": code, "since": a_time, "until": a_time},
        )
        until = given.pop("until", None) or timezone.now()
        since = given.pop("since", None) or until - _USUAL
        wanted = RateFilter(since=max(since, until - LONGEST), until=until, **given)
        return Response(RatesShape(rates_read(self.principal, wanted)).data)

"""/api/v1/alarms/: what stands, what stood, and taking note of it."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.actions import Right
from agencies.api.pagination import list_parameters, page_response
from agencies.api.parameters import Reader, a_flag, a_uuid, one_of, parameters_read
from agencies.choices import Scope
from agencies.facts import Principal
from scanning.api.base import (
    ABSENT,
    CONFLICT,
    INVALID,
    KIND,
    PLACES,
    REFUSED,
    TURN,
    UID,
    ScanningView,
    code,
    parameter,
)
from scanning.api.shapes_alarms import (
    AlarmActBody,
    AlarmCommentBody,
    AlarmHistory,
    AlarmPage,
    AlarmShape,
)
from scanning.api.show import Show
from scanning.choices import AlarmRule, DeviceKind, Severity
from scanning.selectors.alarm_notes import alarm_notes
from scanning.selectors.alarms import AlarmFilter, alarm_seen, alarms_page
from scanning.selectors.equipment import equipment_read
from scanning.services.alarms import alarm_acknowledge, alarm_clear, alarm_comment


def badge(text: str) -> str:
    """A badge number. One of another agency and one that does not exist find the same: nothing."""
    if not 0 < len(text) <= 20 or not text.isprintable():
        raise ValueError("a badge number")
    return text


_FILTERS: dict[str, Reader] = (
    PLACES
    | KIND
    | {
        "device": code,
        "severity": one_of(*Severity.values),
        "rule": one_of(*AlarmRule.values),
        "active": a_flag,
        "acknowledged": a_flag,
        "passage": a_uuid,
        "assigned": a_flag,
        "silenced": a_flag,
        "escalated": a_flag,
        "assigned_to": badge,
    }
)
ACTED = {200: AlarmShape, **REFUSED, **ABSENT, **CONFLICT, **INVALID}


class AlarmsView(ScanningView):
    """The alarms."""

    rights = {"GET": Right.ALARM_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="alarms_list",
        parameters=[
            *TURN, parameter("active", "Whether the cause still stands.", type_=bool),
            parameter("acknowledged", type_=bool), parameter("severity", enum=Severity.values),
            parameter("rule", enum=AlarmRule.values), parameter("kind", enum=DeviceKind.values), parameter("site"),
            parameter("lane"), parameter("device"), parameter("passage", "The passage's uid."), parameter("assigned", type_=bool),
            parameter("escalated", "Whether it has escalated and nobody has acknowledged it since.", type_=bool),
            parameter("silenced", "Whether a silence runs now.", type_=bool),
            parameter("assigned_to", "Badge number of an officer of the own agency."),
        ],
        responses={200: AlarmPage, **REFUSED},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Alarms of visible devices, newest first."""
        turn, values = list_parameters(request, _FILTERS)
        page = alarms_page(self.principal, turn, AlarmFilter(**values))
        self.shown("alarm", [alarm.uid for alarm in page.rows])
        return page_response(request, page, Show(equipment_read(self.principal)).alarm)


class AlarmView(ScanningView):
    """One alarm."""

    rights = {"GET": Right.ALARM_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="alarms_retrieve", parameters=[UID], responses={200: AlarmShape, **REFUSED, **ABSENT}
    )
    def get(self, request: Request, uid: str) -> Response:
        """One alarm. The reading is recorded."""
        parameters_read(request, {})
        answer = _shown(self.principal, uid)
        self.shown("alarm", [uid])
        return answer


class AlarmActView(ScanningView):
    """An act on an alarm, and the alarm as it stands then."""

    rights = {"POST": Right.ALARM_ACT}
    scopes = {"POST": Scope.ALARMS_WRITE}

    def acted(self, uid: str) -> Response:
        """The alarm as it stands now."""
        return _shown(self.principal, uid)


class AlarmHistoryView(ScanningView):
    """What was done about an alarm."""

    rights = {"GET": Right.ALARM_VIEW}
    scopes = {"GET": Scope.SCANNING_READ}

    @extend_schema(
        operation_id="alarms_history", parameters=[UID], responses={200: AlarmHistory, **REFUSED, **ABSENT}
    )
    def get(self, request: Request, uid: str) -> Response:
        """Every act on the alarm with its words, oldest first. The reading is recorded."""
        alarm = alarm_seen(self.principal, uid)
        self.shown("alarm", [uid])
        show = Show(equipment_read(self.principal))
        return Response({"results": [show.note(note) for note in alarm_notes(self.principal, alarm)]})


class AlarmAcknowledgeView(AlarmActView):
    """Take note of an alarm."""

    @extend_schema(operation_id="alarms_acknowledge", parameters=[UID], request=AlarmActBody, responses=ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """Acknowledge for the named officer; of two at once, one gets 409 `already_acknowledged`."""
        alarm_acknowledge(acting_officer=self.principal, uid=uid, **self.body(AlarmActBody))
        return _shown(self.principal, uid)


class AlarmClearView(AlarmActView):
    """Put an alarm out."""

    @extend_schema(operation_id="alarms_clear", parameters=[UID], request=AlarmActBody, responses=ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """Clear for the named officer; 409 `already_cleared` when it is out already."""
        alarm_clear(acting_officer=self.principal, uid=uid, **self.body(AlarmActBody))
        return _shown(self.principal, uid)


class AlarmCommentView(AlarmActView):
    """Say something about an alarm."""

    @extend_schema(operation_id="alarms_comment", parameters=[UID], request=AlarmCommentBody, responses=ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """Add a comment of the named officer to the alarm's history."""
        alarm_comment(acting_officer=self.principal, uid=uid, **self.body(AlarmCommentBody))
        return _shown(self.principal, uid)


def _shown(principal: Principal, uid: str) -> Response:
    """The alarm as it stands now."""
    return Response(Show(equipment_read(principal)).alarm(alarm_seen(principal, uid)))

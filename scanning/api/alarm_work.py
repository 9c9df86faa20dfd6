"""/api/v1/alarms/{uid}/…: who sees to an alarm, its silence, and the call for the supervisor."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from scanning.api.alarms import ACTED, AlarmActView
from scanning.api.base import UID
from scanning.api.shapes_alarms import AlarmActBody, AlarmAssignBody, AlarmCommentBody, AlarmSilenceBody
from scanning.services.alarm_escalation import alarm_escalate
from scanning.services.alarm_silence import alarm_silence, alarm_unsilence
from scanning.services.alarm_work import alarm_assign, alarm_release, alarm_take


class AlarmTakeView(AlarmActView):
    """See to an alarm."""

    @extend_schema(operation_id="alarms_take", parameters=[UID], request=AlarmActBody, responses=ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """Taken by the named officer; 409 `already_assigned` when somebody else has it."""
        alarm_take(acting_officer=self.principal, uid=uid, **self.body(AlarmActBody))
        return self.acted(uid)


class AlarmAssignView(AlarmActView):
    """Give an alarm to a colleague."""

    @extend_schema(operation_id="alarms_assign", parameters=[UID], request=AlarmAssignBody, responses=ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """Assign to an officer of the own agency; 409 `already_assigned` when another agency has it."""
        alarm_assign(acting_officer=self.principal, uid=uid, **self.body(AlarmAssignBody))
        return self.acted(uid)


class AlarmReleaseView(AlarmActView):
    """Give an alarm back."""

    @extend_schema(operation_id="alarms_release", parameters=[UID], request=AlarmActBody, responses=ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """Anybody may take it again; 409 `not_assigned` when nobody of the own agency has it."""
        alarm_release(acting_officer=self.principal, uid=uid, **self.body(AlarmActBody))
        return self.acted(uid)


class AlarmSilenceView(AlarmActView):
    """Silence an alarm for a while."""

    @extend_schema(operation_id="alarms_silence", parameters=[UID], request=AlarmSilenceBody, responses=ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """Its repeats are counted and not called out until then; 409 `already_cleared` when it is out."""
        alarm_silence(acting_officer=self.principal, uid=uid, **self.body(AlarmSilenceBody))
        return self.acted(uid)


class AlarmUnsilenceView(AlarmActView):
    """End the silence of an alarm."""

    @extend_schema(operation_id="alarms_unsilence", parameters=[UID], request=AlarmActBody, responses=ACTED)
    def post(self, request: Request, uid: str) -> Response:
        """It is called out again; 409 `not_silenced` when no silence runs."""
        alarm_unsilence(acting_officer=self.principal, uid=uid, **self.body(AlarmActBody))
        return self.acted(uid)


class AlarmEscalateView(AlarmActView):
    """Call the duty supervisor."""

    @extend_schema(
        operation_id="alarms_escalate", parameters=[UID], request=AlarmCommentBody, responses=ACTED
    )
    def post(self, request: Request, uid: str) -> Response:
        """Open again and above all others; 409 `already_escalated` or `already_cleared`."""
        alarm_escalate(acting_officer=self.principal, uid=uid, **self.body(AlarmCommentBody))
        return self.acted(uid)

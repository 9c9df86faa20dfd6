"""The gate: the only way to a protected record.

`visible_to` puts the acting principal's groups into the query as a literal; PostgreSQL's row-level security
(agencies/walls.py) holds the same rule a second time. Absent and hidden raise the same NotVisible.
"""

import uuid
from collections.abc import Callable
from typing import Self, TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models.functions import Now

from agencies.acting import memory
from agencies.facts import Principal

M = TypeVar("M", bound=models.Model)


class NotVisible(LookupError):
    """There is no such record for this reader: it is absent, or hidden, and nobody learns which."""


class GateQuerySet(models.QuerySet[M]):
    """A queryset with one verb for visibility; subclasses say how a row becomes visible."""

    def visible_to(self, principal: Principal) -> Self:
        """Only the rows that the principal may see; nobody sees nothing."""
        raise NotImplementedError  # pragma: no cover - each wall has its own rule

    def get_visible(self, principal: Principal, uid: uuid.UUID | str) -> M:
        """The one row with this public id, or NotVisible: the same for absent and hidden."""
        try:
            return self.visible_to(principal).get(uid=uid)
        except (ObjectDoesNotExist, ValidationError) as error:  # ValidationError: a text that is no UUID
            raise NotVisible(self.model._meta.model_name) from error


class ProtectedQuerySet(GateQuerySet[M]):
    """Rows with an audience of their own (`viewers`)."""

    def visible_to(self, principal: Principal) -> Self:
        """Rows whose viewers include one of the principal's groups, within clearance and caveat, not expired."""
        if not principal.groups:
            return self.none()
        groups = list(principal.groups)
        return self.filter(
            models.Q(viewers__overlap=groups),
            models.Q(expires_at__isnull=True)
            | models.Q(expires_at__gt=Now())
            | models.Q(originator_id__in=groups),
            classification__lte=principal.clearance,
            caveat__in=principal.caveats,
        )


class InheritingQuerySet(GateQuerySet[M]):
    """High-volume rows: visible through their device (design.md §2)."""

    def visible_to(self, principal: Principal) -> Self:
        """Rows of the devices that the principal may see."""
        return self.filter(device_id__in=visible_devices(principal))


class PersonalQuerySet(InheritingQuerySet[M]):
    """What one officer keeps about rows that inherit; nobody else sees it."""

    def visible_to(self, principal: Principal) -> Self:
        """The principal's own rows, as long as the device is seen."""
        return super().visible_to(principal).filter(officer_uid=principal.uid)


class OwnedQuerySet(GateQuerySet[M]):
    """Rows of one agency alone (inbox, audit record)."""

    def visible_to(self, principal: Principal) -> Self:
        """Rows of the principal's own groups."""
        return self.filter(agency_group_id__in=list(principal.groups)) if principal.groups else self.none()


class HistoryQuerySet(GateQuerySet[M]):
    """Rows of a record's history: all of it for its originator, their own for the groups that it was shared with."""

    def visible_to(self, principal: Principal) -> Self:
        """What the principal's groups originated, and what they were given."""
        groups = list(principal.groups)
        if not groups:
            return self.none()
        return self.filter(models.Q(originator_id__in=groups) | models.Q(group_id__in=groups))


_device_source: list[Callable[[Principal], list[int]]] = []


def device_source_register(source: Callable[[Principal], list[int]]) -> None:
    """Tell the gate where device ids come from (scanning calls this at start: it stands above us)."""
    _device_source[:] = [source]


def visible_devices(principal: Principal) -> list[int]:
    """The ids of the devices that the principal may see, read once per request, task or poll."""
    notes = memory.get()
    if notes is None or notes.get("principal") is not principal:
        return _device_source[0](principal)
    if "devices" not in notes:
        notes["devices"] = _device_source[0](principal)
    return notes["devices"]


def visible_devices_forget() -> None:
    """Forget the remembered device ids (after a grant changed within the same request)."""
    notes = memory.get()
    if notes is not None:
        notes.pop("devices", None)

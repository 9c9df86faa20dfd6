"""Grant tables: guardian's object permissions on direct foreign keys, given to groups only.

A group is an agency or a compartment. The view grant of a group puts the group into the record's
`viewers` (a trigger does it); nothing else makes a record visible.
"""

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django.contrib.auth.models import Permission
from django.db import models
from guardian.models import GroupObjectPermissionBase


class GroupGrant(GroupObjectPermissionBase):
    """Base of every grant table; a subclass adds `content_object` and its permitted codenames."""

    allowed_codenames: ClassVar[frozenset[str]]

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = True


class GrantNotAllowed(ValueError):
    """The codename cannot be granted on this kind of record."""


def view_permission(grant_model: Any) -> Permission:
    """The permission whose grant makes a record of this grant table visible."""
    target = cast("type[models.Model]", grant_model._meta.get_field("content_object").related_model)
    return Permission.objects.get(
        content_type__app_label=target._meta.app_label,
        content_type__model=target._meta.model_name,
        codename=f"view_{target._meta.model_name}",
    )


def grants_give(grant_model: Any, record: Any, group_ids: Iterable[int]) -> None:
    """Give the view grant of `record` to the groups; those that hold it already keep it."""
    permission = view_permission(grant_model)
    if permission.codename not in grant_model.allowed_codenames:
        raise GrantNotAllowed(permission.codename)
    grant_model._default_manager.bulk_create(
        [grant_model(group_id=g, permission=permission, content_object=record) for g in group_ids],
        ignore_conflicts=True,
    )


def grants_withdraw(grant_model: Any, record: Any, group_ids: Iterable[int]) -> int:
    """Take the view grant of `record` from the groups; returns how many held it."""
    permission = view_permission(grant_model)
    deleted, _ = grant_model._default_manager.filter(
        content_object=record, permission=permission, group_id__in=list(group_ids)
    ).delete()
    return deleted

"""What an officer chooses for the own screen; it follows the officer to every workstation."""

import uuid
import zoneinfo
from typing import TypedDict, Unpack, cast

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.access import NotVisible
from agencies.choices import Density, Language, Theme
from agencies.facts import Actor, Principal
from agencies.models import Officer
from audit.actions import AuditAction
from audit.services import audit_record


class Preferences(TypedDict, total=False):
    """What may be chosen: values of Language, Theme and Density, and the IANA name of a time zone."""

    language: str
    theme: str
    density: str
    zone: str


_KNOWN = {"language": Language.values, "theme": Theme.values, "density": Density.values}


def preferences_change(*, acting_officer: Principal, **chosen: Unpack[Preferences]) -> Officer:
    """Change the acting officer's own preferences; what is chosen already changes nothing and leaves no record.

    Raises NotVisible when nobody is signed in as an officer, ValidationError for a value that is not offered.
    """
    if acting_officer.actor != Actor.OFFICER:
        raise NotVisible("officer")
    officer = Officer.objects.select_for_update(of=("self",)).get(uid=cast(uuid.UUID, acting_officer.uid))
    for name, value in chosen.items():
        if not _is_offered(name, str(value)):
            raise ValidationError({name: ValidationError(_("Choose one of the values."), code="invalid")})
    changed = sorted(name for name, value in chosen.items() if getattr(officer, name) != value)
    if not changed:
        return officer
    for name in changed:
        setattr(officer, name, chosen[name])  # type: ignore[literal-required]
    officer.save(update_fields=changed)
    audit_record(
        acting_party=acting_officer,
        action=AuditAction.SETTING_CHANGE,
        object_type="officer",
        object_uids=[officer.uid],
        detail={name: chosen[name] for name in changed},  # type: ignore[literal-required]
    )
    return officer


def _is_offered(name: str, value: str) -> bool:
    if name == "zone":
        return value in zoneinfo.available_timezones()
    return value in _KNOWN.get(name, ())

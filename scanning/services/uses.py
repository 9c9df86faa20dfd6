"""A technique that an officer has used, held against what the law of the officer's agency permits.

What has happened is never kept out of the record: outside the law it is entered with the reason, and recorded as such.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.facts import Principal
from intelligence.selectors.parties import own_group
from intelligence.services.records import fault_at, sentence_of
from scanning.choices import ScanPurpose, UseVerdict
from scanning.models import Device
from scanning.rules.law import Ruling, Use, needs_justification
from scanning.selectors.law import use_ruling


def use_checked(
    principal: Principal, device: Device, *, purpose: str, justification: str
) -> tuple[Ruling, str]:
    """What the matrix says about the use of this device for `purpose` now, and the justification as it is kept.

    Raises ValidationError on `purpose` when none is named, and on `justification` when the use is not permitted or no
    rule stands and nothing is said.
    """
    if purpose not in ScanPurpose.values:
        raise fault_at("purpose", _("Say what was looked for."))
    use = Use(own_group(principal), device.kind, purpose, device.site.country, timezone.localdate())
    ruling = use_ruling(principal, use)
    refused = ruling.verdict == UseVerdict.REFUSED
    if not refused and not needs_justification(ruling):
        return ruling, ""
    if not justification.strip():
        raise ValidationError({"justification": _told(ruling, refused=refused)})
    return ruling, sentence_of(justification, "justification")


def _told(ruling: Ruling, *, refused: bool) -> ValidationError:
    if not refused or ruling.rule is None:
        return ValidationError(
            _(
                "No rule says that your agency may use this technique for this. Say why it was done; it is recorded."
            ),
            code="unstated",
        )
    rule = ruling.rule
    values: dict[str, Any] = {"rule": " ".join(part for part in (rule.condition, rule.basis) if part)}
    return ValidationError(
        _("Your law does not permit this technique for this: %(rule)s Say why it was done; it is recorded."),
        code="refused",
        params=values,
    )

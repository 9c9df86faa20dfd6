"""The closed word lists of the agencies app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What an officer is in the centre; rights follow from it (agencies/rules/rights.py)."""

    OFFICER = "officer", _("Officer")
    ANALYST = "analyst", _("Analyst (Joint Intelligence Cell)")
    SUPERVISOR = "supervisor", _("Duty supervisor")
    ADMINISTRATOR = "administrator", _("Agency administrator")
    AUDITOR = "auditor", _("Auditor")


class Classification(models.IntegerChoices):
    """The centre's ladder; anything higher is refused at the door (UK-FR exchange of letters, 2014)."""

    OPEN = 0, _("OFFICIAL / NON PROTÉGÉ")
    SENSITIVE = 10, _("OFFICIAL-SENSITIVE / DIFFUSION RESTREINTE")


class Caveat(models.TextChoices):
    """For the eyes of one state alone; the empty one is none. The other side learns nothing, not even a count."""

    NONE = "", pgettext_lazy("caveat", "none")
    SPECIAL_FRANCE = "special_france", "SPÉCIAL FRANCE"
    UK_EYES_ONLY = "uk_eyes_only", "UK EYES ONLY"


#: Which state a caveat belongs to (ISO 3166): its agencies alone may set it, and read what bears it.
STATE_OF_CAVEAT: dict[str, str] = {Caveat.SPECIAL_FRANCE: "FR", Caveat.UK_EYES_ONLY: "GB"}


class Language(models.TextChoices):
    """The two working languages."""

    ENGLISH = "en", "English"
    FRENCH = "fr", "français"


class Theme(models.TextChoices):
    """How the screen looks."""

    SYSTEM = "system", _("As the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(models.TextChoices):
    """How close the lines stand."""

    COMPACT = "compact", _("Compact")
    ROOMY = "roomy", _("Roomy")


class AccountKind(models.TextChoices):
    """What speaks with a service account."""

    DEVICE = "device", _("Device")
    GATEWAY = "gateway", _("Gateway for several devices")
    PARTNER = "partner", _("Agency or partner system")


class Scope(models.TextChoices):
    """What a token may do, as `resource:action`."""

    DELIVERIES_WRITE = "deliveries:write", _("Post deliveries")
    DELIVERIES_READ = "deliveries:read", _("Read delivery receipts")
    SCANNING_READ = "scanning:read", _("Read devices, lanes, passages and alarms")
    PASSAGES_WRITE = "passages:write", _("Split and merge passages")
    ALARMS_WRITE = "alarms:write", _("Acknowledge and clear alarms")
    DEVICES_WRITE = "devices:write", _("Report outages, work on them, enter the care of devices")
    FINDS_WRITE = "finds:write", _("Report later finds")
    REQUESTS_WRITE = "requests:write", _("Ask for scans and answer scan requests")
    IMAGES_READ = "images:read", _("Read pictures")
    IMAGES_WRITE = "images:write", _("Annotate pictures and keep them as evidence")
    LOOKOUTS_READ = "lookouts:read", _("Read lookouts")
    LOOKOUTS_WRITE = "lookouts:write", _("Enter and withdraw lookouts")
    HITS_READ = "hits:read", _("Read hits and notices")
    HITS_WRITE = "hits:write", _("Decide on hits and notices")
    CHECKS_WRITE = "checks:write", _("Check a mark")
    ASOF_READ = "asof:read", _("Ask who could see a record of the agency, and when")
    AUDIT_READ = "audit:read", _("Read the audit record of the own agency")
    COUNTERSIGNS_READ = "countersigns:read", _("Read proposals that need a second signature")


class LineageKind(models.TextChoices):
    """How a life of the database began."""

    MADE = "made", _("Prepared empty")
    RESTORED = "restored", _("Restored from a backup")


class HistoryEvent(models.TextChoices):
    """What a row of history says (agencies/witness.py writes them)."""

    KNOWN = "known", _("stood so when recording began")
    GIVEN = "given", _("given")
    CHANGED = "changed", _("changed")
    WITHDRAWN = "withdrawn", _("taken back")
    LEFT = "left", _("moved to another agency")


class CountersignKind(models.TextChoices):
    """What needs a second signature."""

    ADMIT = "admit", _("Name an officer of another agency in a compartment")
    CAVEAT_LIFT = "caveat_lift", _("Lift the national caveat of a lookout")
    FACTORS = "factors", _("Reset the second factors of an officer")


class CountersignState(models.TextChoices):
    """Where a proposal stands."""

    OPEN = "open", _("Waits for a signature")
    DONE = "done", _("Signed and done")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired unsigned")


class SignInEnding(models.TextChoices):
    """How a session ended."""

    SIGNED_OUT = "signed_out", _("Signed out")
    FROM_AFAR = "from_afar", _("Signed out from afar")
    LIMIT = "limit", _("Time limit")
    SUSPENDED = "suspended", _("Account suspended")


class LockOutKind(models.TextChoices):
    """What failures at the door are counted for."""

    ADDRESS = "address", _("An address")
    NAME = "name", _("A name")
    PAIR = "pair", _("A name at one address")

"""Second factors at sign-in (django-allauth's MFA): whether they are required, and how codes are checked (docs/adr/0021)."""

from django.core.exceptions import ImproperlyConfigured

from jocc.settings.environment import DEMO, env

_wanted = env.str("JOCC_SECOND_FACTOR", "optional" if DEMO else "required")
if _wanted not in {"required", "optional"}:
    raise ImproperlyConfigured("JOCC_SECOND_FACTOR is `required` or `optional`.")
#: Nobody works without a second factor: whoever has none is led to enrol one before the sign-in is complete.
SECOND_FACTOR_REQUIRED = _wanted == "required"

MFA_ADAPTER = "agencies.secondfactor.CentreFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
#: A passkey asks for finger, face or PIN: it then proves its officer, not only that it is there.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_TOTP_ISSUER = "JOCC"
#: A telephone's clock may be wrong by one step of 30 seconds, either way.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_COUNT = 10
MFA_FORMS = {
    "authenticate": "agencies.forms.factors.SignInCodeForm",
    "authenticate_webauthn": "agencies.forms.passkeys.SignInKeyForm",
    "reauthenticate_webauthn": "agencies.forms.passkeys.AgainKeyForm",
    "reauthenticate": "agencies.forms.factors.AgainCodeForm",
}

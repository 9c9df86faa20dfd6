"""How allauth's second factors fit the centre: secrets sealed at rest, nobody's rows but the officer's own, enrolment.

Row-level security shows the rows of factors to their officer alone, and while somebody signs in nobody acts yet.
So whether a factor has to be asked for is read from the officer's own row, which always shows: a policy that hides
too much then keeps an account closed, and never opens it (docs/adr/0021).
"""

import base64
import functools
from typing import Any

from allauth.account.stages import LoginStage
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from agencies.selectors.factors import enrolment_is_due

#: The types that protect a sign-in; codes for emergencies alone do not.
_PROTECTING = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}


class CentreFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted with a key made from the centre's secret key."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This was not accepted. Wait for the next code, and see that the telephone’s clock is right."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Sealed, for the database or the session."""
        return _sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed under this or a former key; InvalidToken when under another."""
        return _sealer().decrypt(encrypted_text.encode()).decode()

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """Whether the account is protected; of single types only the officer who acts is told."""
        if user.is_anonymous:
            return False
        if types is None or set(types) == _PROTECTING:
            return user.factored_at is not None
        return super().is_mfa_enabled(user, types)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The centre, as a passkey knows it: by the name of the host it is reached by."""
        return super().get_public_key_credential_rp_entity() | {"name": "JOCC"}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """The officer, as a passkey knows them: by the public id."""
        return {"id": user.uid.bytes, "name": user.username, "display_name": str(user)}

    def get_totp_label(self, user: Any) -> str:
        """What the authenticator app calls the account."""
        return str(user.username)


class EnrolStage(LoginStage):
    """The last step of a sign-in: whoever must have a second factor and has none sets one up, still as nobody."""

    key = "factor_enrol"
    urlname = "factor_enrol"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Lead there, or let pass."""
        if self.login.user is not None and enrolment_is_due(self.login.user):
            return redirect(self.urlname), True
        return None, True


def _sealer() -> MultiFernet:
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


@functools.cache
def _fernet(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"jocc second factors").derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))

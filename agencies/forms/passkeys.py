"""The forms of passkeys: what a browser hands back from the key, and the key's name."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import complete_registration, parse_registration_response
from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Officer
from agencies.refusals import door_locked
from agencies.secondfactor import CentreFactorAdapter
from agencies.selectors import principal_of
from agencies.services.factors import MALFORMED, key_take

#: A field that is empty or no JSON gets the answer of one that proves nothing.
_NOT_ACCEPTED = dict.fromkeys(("required", "invalid"), CentreFactorAdapter.error_messages["incorrect_code"])


class KeyNameForm(forms.Form):
    """What the officer calls a passkey."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=40,
        help_text=_("So that you know it again: the key ring, the telephone, the reserve in the safe."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )


class NewKeyForm(KeyNameForm):
    """A passkey that was made for this officer a moment ago."""

    credential = forms.JSONField(widget=forms.HiddenInput, error_messages=_NOT_ACCEPTED)

    def clean_credential(self) -> dict[str, Any]:
        """Verify that it was made for this session, by this centre's name, with its holder's finger or PIN."""
        given: dict[str, Any] = self.cleaned_data["credential"]
        try:
            parse_registration_response(given)
            complete_registration(given)
        except MALFORMED as error:
            raise _not_accepted() from error
        return given


class SignInKeyForm(forms.Form):
    """What a passkey signed at sign-in; taken when it is right."""

    credential = forms.JSONField(widget=forms.HiddenInput, error_messages=_NOT_ACCEPTED)

    def __init__(self, *args: Any, user: Officer, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_credential(self) -> Authenticator:
        """Take it, or say that it was not accepted."""
        given: dict[str, Any] = self.cleaned_data["credential"]
        if door_locked(context.request, self.user.username):
            raise _not_accepted()
        taken = key_take(acting_officer=principal_of(self.user), credential=given)
        if taken is None:
            raise _not_accepted()
        return taken

    def save(self) -> None:
        """Note in the session that the passkey was shown."""
        post_authentication(context.request, self.cleaned_data["credential"])


class AgainKeyForm(SignInKeyForm):
    """The same, asked once more before something grave."""


def _not_accepted() -> forms.ValidationError:
    return get_adapter().validation_error("incorrect_code")

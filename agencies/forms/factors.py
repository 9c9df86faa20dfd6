"""The forms of second factors. What is wrong with a code is never said: wrong, used and outdated are one answer."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Officer
from agencies.refusals import door_locked
from agencies.selectors import principal_of
from agencies.services.factors import code_take


class CodeForm(forms.Form):
    """A code of the authenticator app."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "input input--code",
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class SignInCodeForm(CodeForm):
    """A code of the app, or a recovery code; taken when it is right."""

    authenticator: Authenticator

    def __init__(self, *args: Any, user: Officer, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        """Take the code, or say that it was not accepted."""
        code: str = self.cleaned_data["code"]
        if door_locked(context.request, self.user.username):
            raise get_adapter().validation_error("incorrect_code")
        taken = code_take(acting_officer=principal_of(self.user), code=code)
        if taken is None:
            raise get_adapter().validation_error("incorrect_code")
        self.authenticator = taken
        return code

    def save(self) -> None:
        """Note in the session that the factor was shown."""
        post_authentication(context.request, self.authenticator)


class AgainCodeForm(SignInCodeForm):
    """The same, asked once more before something grave."""

    def save(self) -> None:
        """Note in the session that it was shown anew."""
        post_authentication(context.request, self.authenticator, reauthenticated=True)


class ToldCodeForm(forms.Form):
    """The code that two colleagues had told to the officer."""

    code = forms.CharField(
        label=_("The code you were told"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "input input--code",
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )

"""Justifications: one line that says what something is for."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SENTENCE_LENGTH = 300


def sentence_checked(given: str, field: str) -> str:
    """The sentence as it is kept: one line, not empty, not too long; ValidationError on `field` otherwise."""
    sentence = " ".join(given.split())
    if len(sentence) < 3:
        raise ValidationError({field: ValidationError(_("Say what this is for."), code="required")})
    if len(sentence) > SENTENCE_LENGTH or any(unicodedata.category(c) in ("Cc", "Cs") for c in sentence):
        raise ValidationError({field: ValidationError(_("Put it into fewer words."), code="invalid")})
    return sentence

"""Countries by name, in the reader's language, from Unicode's own lists (Babel carries them)."""

import functools

from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import get_language

from intelligence.rules.countries import ALPHA2


@functools.cache
def _names(language: str) -> dict[str, str]:
    territories = Locale(language).territories
    return {code: territories[code] for code in ALPHA2 if code in territories}


def _language() -> str:
    return "fr" if (get_language() or "en").startswith("fr") else "en"


def country_name(code: str) -> str:
    """The country's name; "" when the code is not known."""
    return _names(_language()).get(code, "")


def country_choices(none: str | Promise) -> list[tuple[str, str | Promise]]:
    """Every country by name, after `none` for no country, in the alphabet of the reader's language."""
    return [("", none), *_sorted(_language())]


@functools.cache
def _sorted(language: str) -> tuple[tuple[str, str], ...]:
    # Accents aside: Égypte stands with E, not after Z.
    plain = str.maketrans("ÅÉÎÖÇåéèêëïîôöçãíñ", "AEIOCaeeeeiioocain")
    return tuple(sorted(_names(language).items(), key=lambda pair: pair[1].translate(plain).lower()))

"""What stands on a lorry, in the two forms that are matched. The raw form is never thrown away.

`normalise` removes what typing and printing add (case, spaces, hyphens, invisible characters);
`fold` further maps together the characters that readers and eyes confuse. Both are stable under
repetition, and a folded mark is never longer than its normalised one.
"""

import re
import unicodedata
from functools import lru_cache

from stdnum import iso6346

MARK_LENGTH = 32
"""The longest normalised mark that is stored; the longest real one, a container, has eleven."""

# Tables over bytes: thousands of marks a second pass here, and bytes translate five times faster than text.
_ASCII_UPPER = bytes.maketrans(bytes(range(97, 123)), bytes(range(65, 91)))
_ASCII_SEPARATORS = bytes(code for code in range(128) if not chr(code).isalnum())

# Source of the pairs: the centre's own rule for lookouts (0/O, 1/I, 8/B, 5/S, 2/Z). Letters go to digits.
_CONFUSED_LATIN = str.maketrans("OIBSZ", "01852")
_CONFUSED_ASCII = bytes.maketrans(b"OIBSZ", b"01852")

# Letters of Cyrillic and Greek that cannot be told from Latin ones on a plate (Unicode confusables).
_LOOK_ALIKES = str.maketrans(
    "АВЕЅЗІЇЈКМНОРСТУХҮԌԛԜҺ" + "ΑΒΕΖΗΙΪΚΜΝΟΡΤΥΫΧ",
    "ABES3IIJKMHOPCTYXYGQWH" + "ABEZHIIKMNOPTYYX",
)
# Latin letters that Unicode does not decompose.
_UNDECOMPOSED = str.maketrans("ØĐŁÆŒÞŦĦ", "ODLAOPTH")

_CONTAINER_SHAPE = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}", re.ASCII)
_CONTAINER_FOLDED_SHAPE = re.compile(r"[A-Z0-9]{3}[UJ2][0-9]{7}", re.ASCII)


def normalise(raw: str) -> str:
    """Return the mark in upper case, in compatibility form, letters and digits only; may be empty.

    Decimal digits of any script become 0 to 9. Zero-width, bidirectional and control characters go.
    """
    if raw.isascii():
        return raw.encode().translate(_ASCII_UPPER, _ASCII_SEPARATORS).decode()
    return _normalise_unicode(raw)


@lru_cache(maxsize=4096)
def _normalise_unicode(raw: str) -> str:
    # Upper-casing and composing disturb each other (ß, ŉ, ligatures), so go on until nothing changes.
    text = raw
    for _ in range(4):
        text = unicodedata.normalize("NFKC", text).upper()
        text = "".join(_digit_or_self(character) for character in text if character.isalnum())
    return text


def _digit_or_self(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def fold(norm: str) -> str:
    """Return the key under which marks that look alike meet: O as 0, I as 1, B as 8, S as 5, Z as 2.

    Cyrillic and Greek look-alikes and letters with diacritics go to their plain Latin letter first.
    """
    if norm.isascii():
        return norm.encode().translate(_CONFUSED_ASCII).decode()
    return _fold_unicode(norm)


@lru_cache(maxsize=4096)
def _fold_unicode(norm: str) -> str:
    plain = norm.translate(_LOOK_ALIKES).translate(_UNDECOMPOSED)
    bare = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    composed = unicodedata.normalize("NFC", bare).translate(_LOOK_ALIKES)
    return composed.translate(_CONFUSED_LATIN)[: len(norm)]


def is_container_number(norm: str) -> bool:
    """Tell whether a normalised mark is a container number with a right ISO 6346 check digit.

    The shape is checked first: the library raises a bare ValueError on non-ASCII letters and lets
    digits into the owner code.
    """
    return _CONTAINER_SHAPE.fullmatch(norm) is not None and iso6346.is_valid(norm)


def is_container_like(norm: str) -> bool:
    """Tell whether a mark has a container's shape once confused characters are allowed for.

    True for a misread container whose check digit does not come out; never a proof.
    """
    return len(norm) == 11 and _CONTAINER_FOLDED_SHAPE.fullmatch(fold(norm)) is not None

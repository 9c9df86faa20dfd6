"""Handling codes as received: five schemes, each with its version. Pure.

What came stays as it came: a record keeps scheme, version, codes and text, and nothing is converted into another
scheme. The few conversions that are shown say that they are conversions.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from intelligence.facts import Handling

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

CONDITIONS_LENGTH = 500
MOST = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme in one version: its codes with their meaning, and how they go together.

    `main` are the codes of which exactly one must stand; with `combines` at least one, together as one likes.
    `more` are groups that may follow, at most one code of each. `needs_text` are codes that say nothing without
    a text.
    """

    words: str
    version: str
    main: Mapping[str, "_StrPromise"]
    combines: bool = False
    more: tuple[Mapping[str, "_StrPromise"], ...] = ()
    follows: str = ""
    needs_text: frozenset[str] = frozenset()

    @property
    def codes(self) -> dict[str, "_StrPromise"]:
        """Every code with its meaning."""
        return {code: word for group in (self.main, *self.more) for code, word in group.items()}


SCHEMES: dict[tuple[str, str], Scheme] = {
    ("5x5x5", "2009"): Scheme(
        "5x5x5",
        "2009",
        {
            "1": _("other law enforcement and prosecuting agencies, EEA included; no special conditions"),
            "2": _("UK non-prosecuting parties; authorisation and records needed"),
            "3": _("law enforcement outside the EEA; special conditions"),
            "4": _("originating agency only"),
            "5": _("no further dissemination; refer to the originator"),
        },
    ),
    ("3x5x2", "2016"): Scheme(
        "3x5x2",
        "2016",
        {"P": _("lawful sharing permitted"), "C": _("sharing permitted with conditions")},
        more=(
            {"A1": _("covert development"), "A2": _("covert use"), "A3": _("overt use")},
            {
                "S1": _("sanitised by delegated authority"),
                "S2": _("consult the originator before sanitising"),
            },
        ),
        follows="C",
    ),
    ("europol", "2016/794"): Scheme(
        "Europol / SIENA",
        "2016/794",
        {
            "H0": _("only for preventing and combating crime"),
            "H1": _("not in judicial proceedings without the provider’s permission"),
            "H2": _("not to be disseminated without the provider’s permission"),
            "H3": _("other restrictions and comments"),
        },
        combines=True,
        needs_text=frozenset({"H3"}),
    ),
    ("tlp", "2.0"): Scheme(
        "TLP",
        "2.0",
        {
            "RED": _("for the named recipients only"),
            "AMBER+STRICT": _("for the recipient’s own organisation only"),
            "AMBER": _("for the recipient’s organisation and its clients, by need to know"),
            "GREEN": _("for the community"),
            "CLEAR": _("no limit on disclosure"),
        },
    ),
    ("tlp", "1.0"): Scheme(
        "TLP",
        "1.0",
        {
            "RED": _("for the named recipients only"),
            "AMBER": _("for the recipient’s organisation and its clients, by need to know"),
            "GREEN": _("for the community"),
            "WHITE": _("no limit on disclosure"),
        },
    ),
    ("pap", "3"): Scheme(
        "PAP",
        "3",
        {
            "RED": _("only actions that cannot be detected"),
            "AMBER": _("passive cross-checks"),
            "GREEN": _("active actions allowed"),
            "CLEAR": _("no limit on actions"),
        },
    ),
}

SCHEME_NAMES = tuple(dict.fromkeys(name for name, _version in SCHEMES))


def handling_text(given: Handling) -> str:
    """As a person would write it: scheme and version, codes, text."""
    scheme = SCHEMES.get((given.scheme, given.version))
    words = f"{scheme.words if scheme else given.scheme} {given.version} · {' '.join(given.codes)}"
    return f"{words} ({given.conditions})" if given.conditions else words


def version_now(scheme: str) -> str:
    """The version of a scheme that is meant where none is named: the newest."""
    return max((version for name, version in SCHEMES if name == scheme), default="")


def codes_read(text: str) -> tuple[str, ...]:
    """The codes of a typed line, in the order typed, each once: « H1, H3 », « tlp:amber+strict »."""
    words = text.upper().replace(",", " ").replace(";", " ").split()
    bare = (word.removeprefix("TLP:").removeprefix("PAP:") for word in words)
    return tuple(dict.fromkeys(code for code in bare if code))


def handling_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Handling, ...]:
    """What a record keeps, as values."""
    return tuple(
        Handling(each["scheme"], each["version"], tuple(each["codes"]), each.get("conditions", ""))
        for each in stored
    )


def handling_faults(given: Sequence[Handling]) -> list["_StrPromise"]:
    """What is wrong with what was received, in sentences; empty when it can be kept as it is."""
    if len(given) > MOST or len({each.scheme for each in given}) < len(given):
        return [_("One entry for each scheme, five at most.")]
    return [fault for each in given for fault in _faults(each)]


def _faults(given: Handling) -> list["_StrPromise"]:
    scheme = SCHEMES.get((given.scheme, given.version))
    if scheme is None:
        return [_("This is no known handling scheme, or not in this version.")]
    unknown = set(given.codes) - set(scheme.codes)
    if unknown or len(set(given.codes)) < len(given.codes):
        return [_("This is no code of the scheme; codes of one scheme are never read as another’s.")]
    found = []
    mains = [code for code in given.codes if code in scheme.main]
    if not mains or (len(mains) > 1 and not scheme.combines):
        found.append(_("Name the code of the scheme, and no second one that contradicts it."))
    extras = [[code for code in given.codes if code in group] for group in scheme.more]
    if any(len(group) > 1 for group in extras) or (any(extras) and mains != [scheme.follows]):
        found.append(_("These conditions do not go together with the code."))
    if scheme.follows in mains and scheme.follows and not any(extras) and not given.conditions.strip():
        found.append(_("This code needs its conditions."))
    if scheme.needs_text.intersection(given.codes) and not given.conditions.strip():
        found.append(_("This code needs its text."))
    if len(given.conditions) > CONDITIONS_LENGTH:
        found.append(_("This text is too long or cannot be stored."))
    return found


def meanings(given: Handling) -> list[tuple[str, "_StrPromise | str"]]:
    """Each code with what it means in its own scheme."""
    scheme = SCHEMES.get((given.scheme, given.version))
    return [(code, scheme.codes.get(code, "") if scheme else "") for code in given.codes]


def converted(given: Handling) -> str:
    """What the received codes are in today's version of the same scheme, for display beside them; "" for none.

    Never stored, and never from 5x5x5 to 3x5x2: nobody may downgrade a source's protection by a table.
    """
    if (given.scheme, given.version, given.codes) == ("tlp", "1.0", ("WHITE",)):
        return "TLP 2.0 · CLEAR"
    return ""


def bars_sharing(given: Iterable[Handling]) -> bool:
    """Whether what was received says that it must not go to a further agency without the provider's word."""
    barred = {("5x5x5", "4"), ("5x5x5", "5"), ("europol", "H2"), ("tlp", "RED"), ("tlp", "AMBER+STRICT")}
    return any((each.scheme, code) in barred for each in given for code in each.codes)

"""The messages of pages and programs: gathered from the sources, compared with what is translated, compiled.

Does what GNU gettext's tools do for Django, with Babel, because a user's machine need not have gettext.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

#: English is the language of the sources; these are translated into.
LANGUAGES = ("fr",)
PACKAGES = (
    "agencies",
    "audit",
    "dashboard",
    "intelligence",
    "jocc",
    "liaison",
    "operations",
    "scanning",
)
#: Which functions mark a message, and which of their arguments are singular, plural and context ("c").
_KEYWORDS = {
    name + lazy: places
    for lazy in ("", "_lazy")
    for name, places in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
} | {"_": None, "_t": None, "gettext_noop": None}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*[\d.]*[a-z]|\{(\w+)\}|%[sd]")


def messages_gather(root: Path | None = None) -> Catalog:
    """Every message of the templates and of our own Python, by file; contexts and plurals included."""
    root = root or settings.BASE_DIR
    catalog = Catalog(fuzzy=False)
    for path in _sources(root):
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            # What templatize leaves is read in brackets, where the template's own indentation means nothing.
            source = f"(\n{templatize(source, origin=str(path))}\n)"
        for _line, ids, _comments, context in extract("python", io.BytesIO(source.encode()), _KEYWORDS):
            if ids != "":  # an empty message would be the catalogue's own header
                catalog.add(ids, locations=[(path.relative_to(root).as_posix(), 1)], context=context)
    return catalog


def _sources(root: Path) -> Iterator[Path]:
    yield from sorted((root / "templates").rglob("*.html"))
    for package in PACKAGES:
        yield from (path for path in sorted((root / package).rglob("*.py")) if "migrations" not in path.parts)


def catalogue_path(language: str, root: Path | None = None) -> Path:
    """Where a language's text file stands."""
    return (root or settings.BASE_DIR) / "locale" / language / "LC_MESSAGES" / "django.po"


def catalogue_read(language: str, root: Path | None = None) -> Catalog:
    """What is translated into the language so far; an empty catalogue when there is no file yet."""
    path = catalogue_path(language, root)
    if not path.exists():
        return Catalog(locale=language, domain="django", project="JOCC", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def catalogue_update(language: str, gathered: Catalog, root: Path | None = None) -> Catalog:
    """Write the language's text file anew: all messages gathered, with the translations that stand already."""
    known = catalogue_read(language, root)
    fresh = Catalog(
        locale=language,
        domain="django",
        project="JOCC",
        version="1",
        language_team="JOCC",
        fuzzy=False,
        header_comment="# The centre's messages in French. Gathered by: manage.py messages",
    )
    for message in gathered:
        if not message.id:
            continue
        stands = known.get(message.id, message.context)
        string = stands.string if stands is not None and _same_shape(stands, message) else ""
        flags = stands.flags if stands is not None else ()
        fresh.add(
            message.id, string or None, locations=message.locations, flags=flags, context=message.context
        )
    path = catalogue_path(language, root)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_text(fresh))
    return fresh


def _same_shape(known: Message, wanted: Message) -> bool:
    return bool(known.pluralizable) == bool(wanted.pluralizable)


def _text(catalog: Catalog) -> bytes:
    """The catalogue as a file that changes only when a message does: no dates, no line numbers."""
    out = io.BytesIO()
    write_po(out, catalog, sort_by_file=True, include_lineno=False, width=110)
    dated = (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Last-Translator",
        "Report-Msgid-Bugs-To",
    )
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(
        line for line in lines if not line.startswith(tuple(f'"{name}' for name in dated))
    ).encode()


def catalogue_faults(language: str, gathered: Catalog, root: Path | None = None) -> list[str]:
    """What keeps the translation from being complete, one sentence each: missing, empty, doubtful, mismatched."""
    known = catalogue_read(language, root)
    faults = []
    for message in gathered:
        if not message.id:
            continue
        stands = known.get(message.id, message.context)
        if stands is None or not _same_shape(stands, message):
            faults.append(f"missing: {message_name(message)}")
        elif not all(strings_of(stands)):
            faults.append(f"empty: {message_name(message)}")
        elif stands.fuzzy:
            faults.append(f"doubtful (fuzzy): {message_name(message)}")
        elif not _placeholders_agree(stands):
            faults.append(f"placeholders differ: {message_name(message)}")
    faults.extend(
        f"no longer used: {message_name(message)}"
        for message in known
        if message.id and gathered.get(message.id, message.context) is None
    )
    return faults


def catalogue_compile(language: str, root: Path | None = None) -> Path:
    """Write the binary file that Django reads, beside the text file; returns its path."""
    path = catalogue_path(language, root).with_suffix(".mo")
    out = io.BytesIO()
    write_mo(out, catalogue_read(language, root))
    # Replaced as a whole: another process may be reading it.
    passing = path.with_suffix(".mo.new")
    passing.write_bytes(out.getvalue())
    passing.replace(path)
    return path


def ids_of(message: Message) -> tuple[str, ...]:
    """The English texts of a message: one, or singular and plural."""
    return tuple(message.id) if isinstance(message.id, list | tuple) else (message.id,)


def strings_of(message: Message) -> tuple[str, ...]:
    """The translated texts of a message; an untranslated one gives at least one empty text."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def message_name(message: Message) -> str:
    """How a message is named in a report."""
    files = ", ".join(sorted({place for place, _line in message.locations}))
    context = f" [{message.context}]" if message.context else ""
    return f"{ids_of(message)[0]!r}{context} ({files})" if files else f"{ids_of(message)[0]!r}{context}"


def placeholders(text: str) -> frozenset[str]:
    """The names that are filled in when a message is shown."""
    return frozenset(match.group() for match in _PLACEHOLDER.finditer(text.replace("%%", "")))


def _placeholders_agree(message: Message) -> bool:
    """The singular may leave out the number, in French as in English; nothing else may differ."""
    wanted = frozenset().union(*(placeholders(text) for text in ids_of(message)))
    strings = strings_of(message)
    given = [placeholders(text) for text in strings]
    if len(strings) == 1:
        return given[0] == wanted
    return given[-1] == placeholders(ids_of(message)[-1]) and all(each <= wanted for each in given)

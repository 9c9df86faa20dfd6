"""French is complete and good to read: nothing missing, nothing left in English, placeholders and spaces in place."""

import gettext
import re

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from jocc.messages import (
    catalogue_compile,
    catalogue_faults,
    catalogue_path,
    catalogue_read,
    catalogue_update,
    ids_of,
    message_name,
    messages_gather,
    placeholders,
    strings_of,
)

#: Words that both languages write alike, names, and abbreviations of columns.
ALIKE = {
    "%(hours)s h %(minutes)s min",
    "%(minutes)s min",
    "Cause",
    "Maintenance",
    "cause",
    "15 minutes",
    "30 minutes",
    "Technique",
    "condition",
    "correction",
    "technique",
    "techniques",
    ",",
    "Administration",
    "code",
    "format",
    "JOCC",
    "latitude",
    "longitude",
    "normal",
    "OFFICIAL / NON PROTÉGÉ",  # the markings themselves bear both languages
    "OFFICIAL-SENSITIVE / DIFFUSION RESTREINTE",
    "Pages",
    "Passage",
    "passage",
    "passages",
    "Passages",
    "plan",
    "signature",
    "signatures",
    "site",
    "sites",
    "suspect",
    "type",
    "UTC",
    "%(moment)s UTC",
    "UN/LOCODE",
    "ANSI N42.42 (XML)",
    "Axis License Plate Verifier",
    "Hikvision ISAPI",
    "Plate Recognizer Stream",
    "CO₂",
    "GAM",
    "RAD",
}
NO_BREAK = "\u00a0"
BARE_SIGN = re.compile(
    r"[^\u00a0\u202f\s][;?!»]|[^\u00a0\u202f\s\d]:(?![\d/])| [:;?!»]| %%|« |«[^\u00a0\u202f]"
)


@pytest.fixture(scope="module")
def gathered():
    """Every message of templates and Python, read from the sources now."""
    return messages_gather()


@pytest.fixture(scope="module")
def french():
    return [message for message in catalogue_read("fr") if message.id]


def test_every_message_of_the_sources_is_translated_and_none_is_left_over(gathered):
    assert len(gathered) > 500
    assert catalogue_faults("fr", gathered) == []


def test_no_french_message_equals_its_english_one(french):
    alike = {
        text
        for message in french
        for text, other in zip(ids_of(message), strings_of(message), strict=False)
        if text == other
    }
    assert alike - ALIKE == set()
    assert ALIKE - alike == set()  # the list stays as short as it can be


def test_french_signs_stand_behind_a_space_that_does_not_break(french):
    wrong = [
        (message_name(message), text)
        for message in french
        for text in strings_of(message)
        if BARE_SIGN.search(text)
    ]
    assert wrong == []


def test_french_texts_use_the_typographic_apostrophe(french):
    assert [text for message in french for text in strings_of(message) if "'" in text] == []


def test_a_text_begins_and_ends_as_its_english_one_does(french):
    """Sentences end with their stop, and labels have none; a capital stays a capital."""
    wrong = []
    for message in french:
        for english, text in zip(ids_of(message), strings_of(message), strict=False):
            same_end = (english[-1] in ".…") == (text[-1] in ".…")
            letters = english[0].isalpha() and text[0].isalpha()
            if not same_end or (
                letters and english[0].islower() and text[0].isupper() and not text[:2].isupper()
            ):
                wrong.append((english, text))
    assert wrong == []


#: English term (as a pattern) and its French word: one term, one meaning, in both languages.
GLOSSARY = {
    r"acknowledge": "acquitt",
    r"action code": "conduite à tenir",
    r"agenc(y|ies)": "service",
    r"alarm": "alarme",
    r"compartment": "cloisonnement",
    r"deliver(y|ies)": "dépôt",
    r"detection device": "équipement",
    r"finding": "découverte",
    r"front line": "première ligne",
    r"lane": "couloir",
    r"lookout": "signalement",
    r"mark\b": "immatriculation",
    r"notice": "avis",
    r"officers?\b": "agent",
    r"passage": "passage",
    r"purpose": "motif",
    r"quarantine": "quarantaine",
    r"receipt": "récépissé",
    r"search(ed|es)?\b": "fouill",
    r"shift": "vacation",
    r"supervisor": "chef de salle",
}
#: Where the English word means something else, or good French says it otherwise.
OTHERWISE = (
    "demonstration mark",
    "compare the mark on the plate",
    "Officer name",
    "The officers in the lane notice nothing",
    "The driver may notice",
    "the site's supervisor",
    "Clear the search",
)


def test_the_words_of_the_field_are_used_throughout(french):
    wrong = []
    for message in french:
        for english, text in zip(ids_of(message), strings_of(message), strict=False):
            said = re.sub(r"%\(\w+\)s", "", english).lower()
            if any(other.lower() in english.lower() for other in OTHERWISE) or english == "Search":
                continue
            wrong += [
                (term, english, text)
                for term, word in GLOSSARY.items()
                if re.search(rf"\b{term}", said) and word not in text.lower()
            ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("%(used)s of %(budget)s", {"%(used)s", "%(budget)s"}),
        ("%(share)s %% free", {"%(share)s"}),
        ("{n} new passages", {"{n}"}),
        ("100 %% sure", set()),
    ],
)
def test_placeholders_are_found(text, names):
    assert placeholders(text) == names


@pytest.fixture
def small(tmp_path):
    """A small house of one template and one module, with its own French."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "audit").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        '{% load i18n %}\n  <p title="{% translate "Lane" %}">{% translate "Enter" context "save" %}\n'
        "{% blocktranslate count times=n %}{{ times }} time{% plural %}{{ times }} times{% endblocktranslate %} {# no #}\n"
        '    </p>{% translate "5 % more" %}'
    )
    (tmp_path / "audit" / "words.py").write_text(
        'A = _("Lane")\nB = pgettext_lazy("an alarm", "Clear")\nC = ngettext("%(n)s hit", "%(n)s hits", 2)\nD = _(variable)\n'
    )
    return tmp_path


def test_messages_are_gathered_with_contexts_and_plurals_and_by_file(small):
    found = {(message.context, message.id): message for message in messages_gather(small) if message.id}
    assert set(found) == {
        (None, "Lane"),
        ("save", "Enter"),
        (None, ("%(times)s time", "%(times)s times")),
        (None, "5 %% more"),
        ("an alarm", "Clear"),
        (None, ("%(n)s hit", "%(n)s hits")),
    }
    assert {place for place, _line in found[None, "Lane"].locations} == {
        "audit/words.py",
        "templates/page.html",
    }


def _translate(root, translations):
    path = catalogue_path("fr", root)
    text = path.read_text()
    for english, french_text in translations.items():
        text = text.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{french_text}"')
    path.write_text(text)


def test_gathering_again_keeps_translations_and_drops_what_is_gone(small):
    catalogue_update("fr", messages_gather(small), small)
    _translate(small, {"Lane": "Couloir", "Clear": "Éteindre"})
    (small / "audit" / "words.py").write_text('A = _("Lane")\nE = _("Device")\n')
    catalogue_update("fr", messages_gather(small), small)
    known = catalogue_read("fr", small)
    assert known.get("Lane").string == "Couloir"
    assert known.get("Clear", "an alarm") is None
    assert not known.get("Device").string
    text = catalogue_path("fr", small).read_text()
    assert str(small) not in text
    assert "Creation-Date" not in text
    catalogue_update("fr", messages_gather(small), small)
    assert catalogue_path("fr", small).read_text() == text


def test_the_check_names_what_is_missing_empty_doubtful_or_mismatched(small):
    assert all(fault.startswith("missing") for fault in catalogue_faults("fr", messages_gather(small), small))
    catalogue_update("fr", messages_gather(small), small)
    _translate(small, {"Lane": "Couloir %(n)s", "5 %% more": "5 %% de plus", "Enter": "Saisir"})
    path = catalogue_path("fr", small)
    path.write_text(path.read_text().replace('msgctxt "save"', '#, fuzzy\nmsgctxt "save"'))
    faults = "\n".join(catalogue_faults("fr", messages_gather(small), small))
    assert "placeholders differ: 'Lane'" in faults
    assert "doubtful (fuzzy): 'Enter'" in faults
    assert "empty: 'Clear'" in faults
    assert "5 %% more" not in faults
    path.write_text(path.read_text() + '\nmsgid "Gone"\nmsgstr "Parti"\n')
    assert "no longer used: 'Gone'" in "\n".join(catalogue_faults("fr", messages_gather(small), small))


def test_what_is_compiled_is_what_django_reads(small):
    catalogue_update("fr", messages_gather(small), small)
    _translate(small, {"Lane": "Couloir"})
    compiled = catalogue_compile("fr", small)
    with compiled.open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("Lane") == "Couloir"
    assert spoken.gettext("Clear") == "Clear"


def test_the_command_fails_for_an_incomplete_house_and_passes_for_ours(small, capsys):
    call_command("messages", check=True)
    assert "every message is translated" in capsys.readouterr().out
    with override_settings(BASE_DIR=small), pytest.raises(CommandError):
        call_command("messages", check=True)
    with override_settings(BASE_DIR=small):
        call_command("messages")
        call_command("messages", compile=True)
    assert (small / "locale/fr/LC_MESSAGES/django.mo").exists()
    assert small != settings.BASE_DIR


def test_french_has_one_word_for_a_device_and_one_for_a_miss():
    told = " ".join(
        text for message in catalogue_read("fr") if message.id for text in strings_of(message)
    ).lower()
    assert "appareil" not in told
    assert "omission" not in told
    assert "non-détection" in told

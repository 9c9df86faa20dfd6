"""Protective markings: both ladders by date, the ceiling, caveats, and texts that begin like a higher marking."""

import datetime as dt

import pytest
from django.utils.translation import override

from agencies.choices import Classification
from agencies.rules.ladders import EQUIVALENT, GPMS_ENDS, IGI_2021, LADDERS
from agencies.rules.markings import (
    AboveCeiling,
    MarkingRefused,
    answering,
    higher_marking_at_start,
    marking_is_old,
    marking_read,
)

TODAY = dt.date(2026, 11, 26)


@pytest.mark.parametrize(
    ("words", "level", "caveat"),
    [
        ("OFFICIAL", Classification.OPEN, ""),
        ("official-sensitive", Classification.SENSITIVE, ""),
        ("UK OFFICIAL - SENSITIVE", Classification.SENSITIVE, ""),
        ("Non protégé", Classification.OPEN, ""),
        ("DR", Classification.SENSITIVE, ""),
        ("DIFFUSION RESTREINTE – SPÉCIAL FRANCE", Classification.SENSITIVE, "special_france"),
        ("OFFICIAL-SENSITIVE UK EYES ONLY", Classification.SENSITIVE, "uk_eyes_only"),
        ("RESTRICTED", Classification.SENSITIVE, ""),
    ],
)
def test_a_marking_is_read_in_the_words_of_either_state(words, level, caveat):
    marking = marking_read(words, on=TODAY)
    assert (marking.level, marking.caveat) == (level, caveat)


@pytest.mark.parametrize(
    "words",
    [
        "SECRET", "UK SECRET", "TOP SECRET", "CONFIDENTIAL", "CONFIDENTIEL DÉFENSE", "confidentiel defense", "CD",
        "SECRET DÉFENSE", "TRÈS SECRET", "TRÈS SECRET DÉFENSE", "SECRET SPÉCIAL FRANCE",
    ],
)  # fmt: skip
@pytest.mark.parametrize("day", [dt.date(2009, 9, 1), dt.date(2019, 5, 4), TODAY])
def test_what_is_above_the_ceiling_is_refused_whatever_the_day(words, day):
    with pytest.raises(AboveCeiling):
        marking_read(words, on=day)


def test_the_refusal_is_a_clear_sentence_in_the_readers_language():
    with override("en"), pytest.raises(AboveCeiling, match="above what this centre may hold"):
        marking_read("SECRET", on=TODAY)
    with override("fr"), pytest.raises(AboveCeiling, match="au-dessus de ce que ce centre peut détenir"):
        marking_read("SECRET", on=TODAY)


@pytest.mark.parametrize(
    "words", ["", "   ", "COSMIC", "OFFICIAL-SENSITIVE SPÉCIAL FRANCE", "DR UK EYES ONLY", "\x00"]
)
def test_what_is_no_marking_or_bears_the_other_states_caveat_is_refused(words):
    with pytest.raises(MarkingRefused):
        marking_read(words, on=TODAY)


def test_old_markings_are_known_with_their_time():
    assert marking_is_old(marking_read("RESTRICTED", on=TODAY), on=TODAY)
    assert not marking_is_old(marking_read("RESTRICTED", on=dt.date(2010, 1, 1)), on=dt.date(2010, 1, 1))
    assert not marking_is_old(marking_read("OFFICIAL", on=TODAY), on=TODAY)
    assert marking_is_old(marking_read("OFFICIAL", on=TODAY), on=dt.date(2010, 1, 1))


def test_each_rung_has_its_source_and_no_day_on_which_one_word_means_two_things():
    assert all(rung.source for rung in LADDERS)
    for day in (GPMS_ENDS - dt.timedelta(1), GPMS_ENDS, IGI_2021 - dt.timedelta(1), IGI_2021, TODAY):
        valid = [
            (rung.state, name) for rung in LADDERS if rung.holds_on(day) for name in (rung.words, *rung.also)
        ]
        assert len(valid) == len(set(valid)), day


def test_the_equivalence_names_rungs_of_both_ladders_and_joins_only_what_is_on_one_side_of_the_ceiling():
    level = {(rung.state, rung.words): rung.level for rung in LADDERS}
    for english, french in EQUIVALENT:
        assert level["GB", english] == level["FR", french]
    assert answering("OFFICIAL-SENSITIVE", "GB") == ("DIFFUSION RESTREINTE",)
    assert answering("DIFFUSION RESTREINTE", "FR") == ("OFFICIAL-SENSITIVE",)
    assert answering("PROTECT", "GB") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SECRET\nThe driver was seen", "SECRET"),
        ("  TOP SECRET - the driver", "TOP SECRET"),
        ("CONFIDENTIEL DÉFENSE. Le conducteur", "CONFIDENTIEL DÉFENSE"),
        ("UK SECRET: the driver", "SECRET"),
        ("Secret meetings of the driver", ""),
        ("The driver said SECRET", ""),
        ("OFFICIAL-SENSITIVE the driver", ""),
        ("CD player stolen", ""),
        ("", ""),
    ],
)
def test_a_text_that_begins_with_a_higher_marking_is_noticed_and_a_word_of_a_sentence_is_not(text, words):
    assert higher_marking_at_start(text) == words

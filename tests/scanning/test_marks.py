"""Marks: what is read and what is looked for must meet, and nothing else must."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelligence.rules.countries import (
    country_alpha2,
    country_from_hikvision,
    country_from_region,
    country_from_sign,
)
from intelligence.rules.marks import fold, is_container_like, is_container_number, normalise
from intelligence.rules.matching import countries_agree, match_strength, raw_match_strength
from intelligence.rules.plates import plausible_countries, plausible_kinds

IDENTIFIERS = Path(__file__).parents[3] / "shared" / "samples" / "identifiers"

VALID_CONTAINERS = ["CSQU3054383", "YMLU3030933", "TCNU7200794", "MEDU8707688", "CSQU3000140"]


@pytest.mark.parametrize(
    ("raw", "norm"),
    [
        ("ab-123 cd", "AB123CD"),
        ("  WGM 7741.A ", "WGM7741A"),
        ("csqu 305438-3", "CSQU3054383"),
        ("fx\u200b417\u202ekd", "FX417KD"),
        ("\uff21\uff22\uff11\uff12", "AB12"),
        ("\u0661\u0662\u0663", "123"),
        ("dü·ab 12", "DÜAB12"),
        ("-- ..", ""),
        ("", ""),
    ],
)
def test_what_typing_and_printing_add_does_not_change_a_mark(raw: str, norm: str) -> None:
    assert normalise(raw) == norm


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AB12O", "AB120"),
        ("AI1", "A11"),
        ("B8B", "888"),
        ("S5", "55"),
        ("Z2", "22"),
        ("АВ1234СЕ", "AB1234CE"),
        ("ΑΒΕ123", "ABE123"),
        ("DÜ12", "DU12"),
    ],
)
def test_confusable_marks_meet_under_one_key_but_are_never_called_exact(one: str, other: str) -> None:
    assert fold(normalise(one)) == fold(normalise(other))
    assert raw_match_strength(one, other) == "folded"


def test_exact_comes_before_folded_and_different_marks_do_not_match() -> None:
    assert raw_match_strength("ab-123-cd", "AB123CD") == "exact"
    assert raw_match_strength("AB123CD", "AB124CD") is None
    assert raw_match_strength("FX4I7KD", "FX417KD") == "folded"


def test_an_empty_mark_matches_nothing() -> None:
    assert match_strength("", "") is None
    assert raw_match_strength("--", "  ") is None


def test_country_never_hides_a_match_it_only_agrees_or_not() -> None:
    assert countries_agree("FR", "FR") is True
    assert countries_agree("FR", "IT") is False
    assert countries_agree("", "IT") is None


@given(st.text(max_size=40))
def test_normalising_and_folding_are_stable_and_folding_never_lengthens(raw: str) -> None:
    norm = normalise(raw)
    folded = fold(norm)
    assert normalise(norm) == norm
    assert fold(folded) == folded
    assert len(folded) <= len(norm)
    assert all(unicodedata.category(character)[0] in "LN" for character in norm)


@pytest.mark.parametrize("number", VALID_CONTAINERS)
def test_a_container_with_its_check_digit_is_a_container_and_nothing_else(number: str) -> None:
    assert is_container_number(number)
    assert plausible_kinds(number) == ("container",)


@pytest.mark.parametrize(
    "number", ["CSQU3054384", "CSQU305438", "CSQU3054Z83", "ÀÀÀU1234567", "1SQU3054383", ""]
)
def test_a_wrong_container_number_is_refused_without_an_error(number: str) -> None:
    assert not is_container_number(number)


def test_a_misread_container_is_still_thought_to_be_one() -> None:
    assert is_container_like("CSQU3054384")
    assert plausible_kinds("C5QU3054383")[0] == "container"


def test_trailer_marks_are_told_apart_where_the_country_allows_it() -> None:
    assert plausible_kinds("A1234567", "GB") == ("trailer",)
    assert plausible_kinds("R1234BCD", "ES") == ("trailer",)
    assert plausible_kinds("AB123CD", "FR") == ("tractor", "trailer")
    assert plausible_kinds("1QAB234", "BE")[0] == "trailer"
    assert plausible_kinds("A1234567")[0] == "trailer"


def test_ambiguity_between_countries_is_kept() -> None:
    assert {"FR", "IT", "PL"} <= plausible_countries("AB123CD")
    assert {"BE", "LT", "DE"} <= plausible_countries("ABC123")


@pytest.mark.parametrize(
    ("code", "alpha2"),
    [
        ("fr", "FR"),
        ("POL", "PL"),
        ("D", "DE"),
        ("uk", "GB"),
        ("RKS", "XK"),
        ("XK", "XK"),
        ("SLO", "SI"),
        ("??", ""),
    ],
)
def test_codes_and_signs_come_to_alpha_2(code: str, alpha2: str) -> None:
    assert country_alpha2(code) == alpha2


def test_signs_regions_and_indexes_of_vendors_come_to_alpha_2() -> None:
    assert country_from_sign("F") == "FR"
    assert country_from_region("eu-pl") == "PL"
    assert country_from_region("us-ca") == "US"
    assert country_from_region("eu") == ""
    assert country_from_hikvision(2) == "FR"
    assert country_from_hikvision(17) == "GB"
    assert [country_from_hikvision(index) for index in (0, -1, 64, 10**9)] == ["", "", "", ""]


@pytest.mark.skipif(not IDENTIFIERS.is_dir(), reason="the sample identifiers are not beside this clone")
def test_sample_identifiers_are_recognised() -> None:
    patterns = json.loads((IDENTIFIERS / "plate_patterns_own.json").read_text())
    for name, marks in patterns["valid"].items():
        country, _, rest = name.partition("-")
        for mark in marks:
            assert country in plausible_countries(normalise(mark)), (name, mark)
            if rest == "trailer":
                assert plausible_kinds(normalise(mark), country)[0] == "trailer", (name, mark)
    vectors = json.loads((IDENTIFIERS / "vectors.json").read_text())["iso6346"]
    assert all(is_container_number(entry.split(" ")[0]) for entry in vectors["valid"])
    assert not any(is_container_number(entry.split(" (")[0]) for entry in vectors["invalid"])

"""What a batch's columns become in the database: the very values, whatever a device wrote."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from scanning.services.ingest.columns import SEPARATOR, booleans, digests, joined, numbers, texts

pytestmark = pytest.mark.django_db

# PostgreSQL stores no NUL, and a lone surrogate is no text; both are refused at the door.
TEXT = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=20)


def read_back(literal: str, kind: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT array_agg(v ORDER BY n) FROM unnest(%s::{kind}[]) WITH ORDINALITY u(v, n)",  # noqa: S608
            [literal],
        )
        return cursor.fetchone()[0] or []


@settings(max_examples=60)
@given(st.lists(TEXT, max_size=6))
def test_texts_come_back_as_they_were(values):
    assert read_back(texts(values), "text") == values


def test_words_that_mean_something_to_arrays_are_texts():
    odd = ["NULL", "null", "", "{}", "{1,2}", ",", '"', "\\", '\\"', " a ", "é\n\t"]
    assert read_back(texts(odd), "text") == odd


@settings(max_examples=60)
@given(st.lists(st.none() | st.floats(-1e12, 1e12) | st.integers(-(2**53), 2**53), max_size=6))
def test_numbers_keep_every_digit(values):
    assert read_back(numbers(values), "float8") == [None if v is None else float(v) for v in values]


def test_truth_bytes_and_json():
    assert read_back(booleans([True, False]), "boolean") == [True, False]
    assert [bytes(v) for v in read_back(digests([b"\x00\xff", b""]), "bytea")] == [b"\x00\xff", b""]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d::jsonb FROM unnest(string_to_array(%s, %s)) d",
            [joined(['{"a": "\\u001e"}', "{}"]), SEPARATOR],
        )
        assert len(cursor.fetchall()) == 2

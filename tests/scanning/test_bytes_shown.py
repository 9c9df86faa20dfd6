"""Bytes that nobody vouches for are shown so that they cannot act."""

from hypothesis import given
from hypothesis import strategies as st

from scanning.rules.bytes_shown import HEX_BYTES, TEXT_BYTES, bytes_as_hex, bytes_as_text


def test_controls_directions_and_broken_utf8_are_shown_as_codes():
    shown = bytes_as_text("a\x00b\u202ec\u2028d\x1b[31m\u200be".encode() + b"\xff\n\tend")
    assert shown == "a\\x00b\\u202ec\\u2028d\\x1b[31m\\u200be\\xff\n\tend"


def test_ordinary_text_stays_as_it_is():
    text = '{"mark": "AB-123-CD", "note": "déjà vu – 漢字 <b>"}'
    assert bytes_as_text(text.encode()) == text


def test_bytes_stand_in_lines_of_sixteen_with_their_letters():
    lines = bytes_as_hex(b"\x00plate AB-123-CD\xff").splitlines()
    assert lines == [
        "00000000  00 70 6c 61 74 65 20 41 42 2d 31 32 33 2d 43 44  .plate AB-123-CD",
        "00000010  ff                                               .",
    ]


@given(st.binary(max_size=300))
def test_whatever_comes_is_shown_without_a_control_character(body):
    assert all(char in "\n\t" or char.isprintable() or char.isspace() for char in bytes_as_text(body))
    assert bytes_as_hex(body).replace("\n", "").isprintable()


def test_only_the_beginning_is_shown():
    assert len(bytes_as_text(b"a" * (TEXT_BYTES + 5))) == TEXT_BYTES
    assert len(bytes_as_hex(b"a" * (HEX_BYTES + 5)).splitlines()) == HEX_BYTES // 16

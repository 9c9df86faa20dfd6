"""A picture is believed when it has been decoded, and refused with a reason otherwise."""

import io

import pytest
from PIL import Image

from scanning.choices import PictureFault
from scanning.rules.pictures import PREVIEW_EDGE, PictureRefused, picture_read
from tests.scanning.pictures import bomb, gps_jpeg, jpeg, png

LIMITS = {"max_bytes": 100_000, "max_pixels": 1_000_000}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff;"


def test_jpeg_and_png_are_taken_byte_for_byte():
    for content, kind in ((jpeg(), "image/jpeg"), (png(), "image/png"), (png(mode="I;16"), "image/png")):
        picture = picture_read(content, **LIMITS)
        assert (picture.content, picture.media_type, picture.width, picture.height) == (content, kind, 64, 48)
        assert picture.preview.startswith(b"\xff\xd8\xff")


def test_progressive_pictures_and_padded_ones_are_taken():
    assert picture_read(jpeg(progressive=True), **LIMITS).width == 64
    assert picture_read(jpeg() + b"\r\n\x00\x00", **LIMITS).width == 64


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", PictureFault.EMPTY),
        (b"\xff" * 100_001, PictureFault.TOO_LARGE),
        (SVG, PictureFault.WRONG_TYPE),
        (GIF, PictureFault.WRONG_TYPE),
        (b"%PDF-1.7", PictureFault.WRONG_TYPE),
        (bomb(), PictureFault.TOO_MANY_PIXELS),
        (jpeg() + b"PK\x03\x04 an archive", PictureFault.MORE_BEHIND),
        (png() + b"<script>alert(1)</script>", PictureFault.MORE_BEHIND),
        (jpeg()[:-40], PictureFault.DAMAGED),
        (png()[:-20], PictureFault.DAMAGED),
        (
            b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9",
            PictureFault.DAMAGED,
        ),
        (png()[:40] + b"\x00" + png()[41:], PictureFault.DAMAGED),
    ],
    ids=str,
)
def test_what_is_no_sound_picture_is_refused_with_its_reason(content, fault):
    with pytest.raises(PictureRefused) as refused:
        picture_read(content, **LIMITS)
    assert refused.value.code == fault


def test_a_preview_is_small_and_tells_nothing_but_pixels():
    picture = picture_read(gps_jpeg(), **LIMITS)
    assert b"SECRET-MAKER" in picture.content
    assert b"SECRET-MAKER" not in picture.preview
    assert b"Exif" not in picture.preview
    large = picture_read(jpeg(size=(900, 600)), **LIMITS)
    with Image.open(io.BytesIO(large.preview)) as preview:
        assert max(preview.size) == PREVIEW_EDGE
        assert not preview.getexif()


def test_a_picture_is_measured_as_it_is_shown():
    picture = picture_read(gps_jpeg(), **LIMITS)
    assert (picture.width, picture.height) == (48, 64)

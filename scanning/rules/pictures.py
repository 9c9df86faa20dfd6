"""Checking a picture by decoding it, and drawing its preview. Only JPEG and PNG; what follows the end is refused.

The bytes are a stranger's: nothing of them is believed before the header has named a size that we are ready to decode.
"""

import hashlib
import io
import re
import threading
import warnings
import zlib
from dataclasses import dataclass

from PIL import Image, ImageOps

from scanning.choices import PictureFault

PREVIEW_EDGE = 480
"""The longer edge of a preview, in pixels."""

JPEG, PNG = "image/jpeg", "image/png"
_MAGIC = {b"\xff\xd8\xff": ("JPEG", JPEG), b"\x89PNG\r\n\x1a\n": ("PNG", PNG)}
# Firmware pads what it sends; a few blank bytes hide nothing.
_PADDING = 64
_BLANK = b"\x00\r\n \xff"
#: In coded data a marker is 0xFF and anything but a stuffed zero, a restart or a fill byte.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
# Decoding takes some hundred megabytes at worst: one at a time in a process.
_one_at_a_time = threading.Lock()


class PictureRefused(ValueError):
    """The picture is not taken; `code` is a value of PictureFault."""

    def __init__(self, code: PictureFault) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be shown: its bytes as they came, and a preview without anything but pixels.

    Width and height are those of the picture as it is shown, turned as its maker says.
    """

    content: bytes
    sha256: str
    media_type: str
    width: int
    height: int
    preview: bytes


def picture_read(content: bytes, *, max_bytes: int, max_pixels: int) -> Picture:
    """Return the checked picture; raise PictureRefused and nothing else."""
    if not content:
        raise PictureRefused(PictureFault.EMPTY)
    if len(content) > max_bytes:
        raise PictureRefused(PictureFault.TOO_LARGE)
    kind = next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), None)
    if kind is None:
        raise PictureRefused(PictureFault.WRONG_TYPE)
    end = _end_of_png(content) if kind[1] == PNG else _end_of_jpeg(content)
    rest = content[end:]
    if len(rest) > _PADDING or rest.strip(_BLANK):
        raise PictureRefused(PictureFault.MORE_BEHIND)
    try:
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _decoded(content, kind, max_pixels)
    except PictureRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(PictureFault.TOO_MANY_PIXELS) from error
    except Exception as error:  # a decoder that stumbles over hostile bytes must not cost the event
        raise PictureRefused(PictureFault.DAMAGED) from error


def _decoded(content: bytes, kind: tuple[str, str], max_pixels: int) -> Picture:
    with Image.open(io.BytesIO(content), formats=[kind[0]]) as image:
        # The header alone has been read so far: a bomb is refused before it unfolds.
        if image.width * image.height > max_pixels:
            raise PictureRefused(PictureFault.TOO_MANY_PIXELS)
        image.load()
        upright = ImageOps.exif_transpose(image)
        return Picture(
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            media_type=kind[1],
            width=upright.width,
            height=upright.height,
            preview=_preview(upright),
        )


def _preview(image: Image.Image) -> bytes:
    """A small JPEG of the pixels alone: drawn anew, so that no position, name or comment comes along."""
    if image.mode.startswith(("I", "F")):
        low, high = image.getextrema()  # X-ray systems send sixteen bits of grey
        span = max(float(high) - float(low), 1.0)  # type: ignore[arg-type]
        image = image.convert("F").point(lambda value: (value - float(low)) * 255.0 / span)  # type: ignore[arg-type]
        small = image.convert("L")
    elif image.mode in {"1", "L"}:
        small = image.convert("L")
    else:
        layered = image.convert("RGBA")
        small = Image.new("RGB", layered.size, (255, 255, 255))
        small.paste(layered, mask=layered.getchannel("A"))
    small.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
    fresh = Image.new(small.mode, small.size)
    fresh.paste(small)
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=80)
    return out.getvalue()


def _end_of_png(content: bytes) -> int:
    """Where the chunk IEND ends; the chunks must follow each other whole, and bear their check sums."""
    at = 8
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        end = at + 12 + length
        if end > len(content):
            break
        if zlib.crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end], "big"):
            break
        if content[at + 4 : at + 8] == b"IEND":
            return end
        at = end
    raise PictureRefused(PictureFault.DAMAGED)


def _end_of_jpeg(content: bytes) -> int:
    """Where the marker of the end stands, found by walking the segments: within them anything may look like it."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker == 0xD9:
            return at + 2
        elif marker in _STANDALONE:
            at += 2
        else:
            at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
            if marker == 0xDA:  # coded data follow, up to the next marker
                found = _MARKER.search(content, at)
                if found is None:
                    break
                at = found.start()
    if content[at : at + 2] == b"\xff\xd9":
        return at + 2
    raise PictureRefused(PictureFault.DAMAGED)

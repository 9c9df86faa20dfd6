"""Pictures for the tests, drawn when they are needed: sound ones, and those of people with something else in mind."""

import io
import struct
import zlib

from PIL import Image


def jpeg(colour: str = "grey", size: tuple[int, int] = (64, 48), **more: object) -> bytes:
    """A sound JPEG."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **more)
    return out.getvalue()


def png(size: tuple[int, int] = (64, 48), mode: str = "L") -> bytes:
    """A sound PNG."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return out.getvalue()


def gps_jpeg() -> bytes:
    """A JPEG that tells where it was taken, and by which apparatus."""
    exif = Image.Exif()
    exif[0x010F] = "SECRET-MAKER"
    exif[0x0112] = 6  # to be turned by a quarter
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (50.0, 58.0, 1.0)
    return jpeg("red", exif=exif)


def bomb() -> bytes:
    """A PNG of some hundred bytes that unfolds to 900 million pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 30000, 30000, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def multipart(*parts: tuple[str, str, bytes]) -> tuple[bytes, str]:
    """A body of (name, content type, content), and its content type."""
    pieces = []
    for name, kind, content in parts:
        head = f'Content-Disposition: form-data; name="{name}"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        pieces.append(b"--edge\r\n" + head.encode() + content + b"\r\n")
    return b"".join(pieces) + b"--edge--\r\n", "multipart/form-data; boundary=edge"

"""Showing bytes that nobody vouches for: nothing in them can act on the screen that shows them."""

import unicodedata

TEXT_BYTES = 16 * 1024
HEX_BYTES = 2 * 1024
_LINE = 16
#: Controls that keep their meaning; every other one is shown as its code.
_KEPT = "\n\t"


def bytes_as_text(body: bytes) -> str:
    """The first TEXT_BYTES as text; what is no UTF-8, no printable character or turns the writing is escaped."""
    text = body[:TEXT_BYTES].decode("utf-8", errors="backslashreplace")
    return "".join(char if char in _KEPT or _is_plain(char) else _escaped(char) for char in text)


def bytes_as_hex(body: bytes) -> str:
    """The first HEX_BYTES in lines of offset, sixteen bytes in hexadecimal, and their ASCII."""
    lines = []
    for start in range(0, min(len(body), HEX_BYTES), _LINE):
        part = body[start : min(start + _LINE, HEX_BYTES)]
        ascii_part = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        lines.append(f"{start:08x}  {part.hex(' '):<{_LINE * 3 - 1}}  {ascii_part}")
    return "\n".join(lines)


def _is_plain(char: str) -> bool:
    # C: controls, formats (among them those that turn the direction of writing), private use, unassigned.
    return not unicodedata.category(char).startswith("C") and unicodedata.category(char) not in ("Zl", "Zp")


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")

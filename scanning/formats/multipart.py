"""Taking a multipart body apart, as cameras send it: pictures beside one part that describes the event.

The parts' names and file names are a stranger's words: they choose the part, and are never used as paths.
"""

import re
from dataclasses import dataclass

from scanning.choices import ProblemCode
from scanning.formats.undecodable import Undecodable

PARTS = 64
_HEADERS = 8192
_BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"]{1,200})"|([^;,\s"]{1,200}))', re.IGNORECASE)
_NAME = re.compile(r'(?<![a-z])name\s*=\s*(?:"([^"]*)"|([^;\s"]+))', re.IGNORECASE)
_FILE_NAME = re.compile(r'filename\s*=\s*(?:"([^"]*)"|([^;\s"]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its field name and file name as sent (perhaps empty), its type in lower case, its bytes."""

    name: str
    file_name: str
    content_type: str
    content: bytes


def is_multipart(content_type: str, body: bytes) -> bool:
    """Tell whether a body is multipart: by its type, or, when the type says nothing useful, by its look."""
    return content_type.strip().lower().startswith("multipart/") or body.lstrip()[:2] == b"--"


def parts_of(body: bytes, content_type: str) -> tuple[Part, ...]:
    """Return the parts in order. A lost end marker is tolerated; a body without parts is Undecodable."""
    separator = b"--" + _boundary(body, content_type)
    pieces = (b"\n" + body.lstrip()).split(b"\n" + separator)
    if len(pieces) - 1 > PARTS:
        raise Undecodable(ProblemCode.MALFORMED_MULTIPART, f"more than {PARTS} parts")
    parts = []
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            break
        parts.append(_part(piece))
    if not parts:
        raise Undecodable(ProblemCode.MALFORMED_MULTIPART, "no part between the boundaries")
    return tuple(parts)


def _boundary(body: bytes, content_type: str) -> bytes:
    named = _BOUNDARY.search(content_type)
    if named is not None:
        boundary = (named[1] or named[2]).encode("latin-1", "replace")
        if b"--" + boundary in body:
            return boundary
    # Some firmware announces one boundary and writes another; the first line is what counts then.
    first = body.lstrip().split(b"\n", 1)[0].strip()
    if len(first) <= 2 or len(first) > 202 or not first.startswith(b"--"):
        raise Undecodable(ProblemCode.MALFORMED_MULTIPART, "no boundary")
    return first[2:]


def _part(piece: bytes) -> Part:
    piece = piece.removeprefix(b"\r").removeprefix(b"\n")
    for blank in (b"\r\n\r\n", b"\n\n"):
        head, found, content = piece.partition(blank)
        if found:
            break
    else:
        raise Undecodable(ProblemCode.MALFORMED_MULTIPART, "a part without the blank line after its headers")
    if len(head) > _HEADERS:
        raise Undecodable(ProblemCode.MALFORMED_MULTIPART, "a part with headers that are too long")
    headers = _headers(head.decode("utf-8", "replace"))
    disposition = headers.get("content-disposition", "")
    return Part(
        name=_first(_NAME.search(disposition)),
        file_name=_first(_FILE_NAME.search(disposition)),
        content_type=headers.get("content-type", "").split(";")[0].strip().lower(),
        content=content.removesuffix(b"\r"),
    )


def _headers(head: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in head.splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _first(match: re.Match[str] | None) -> str:
    return "" if match is None else match[1] or match[2] or ""

"""What can be known of a JSON text before, or without, parsing it. Linear time, no recursion."""

from scanning.choices import ProblemCode
from scanning.formats.undecodable import Undecodable

_ONE_KIND = bytes.maketrans(b"[{]}", b"(())")
_NOT_BRACKETS = bytes(code for code in range(256) if code not in b"[]{}")


def text_checked(body: bytes, limit: int) -> None:
    """Refuse an empty body, one over `limit` bytes, and one that is not UTF-8 without a byte order mark."""
    if not body.strip():
        raise Undecodable(ProblemCode.EMPTY_BODY, "no content")
    if len(body) > limit:
        raise Undecodable(ProblemCode.TOO_LARGE, f"more than {limit} bytes")
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise Undecodable(ProblemCode.NOT_UTF8, "a byte order mark")
    if not body.isascii():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Undecodable(ProblemCode.NOT_UTF8, f"byte {error.start} is not UTF-8") from error


def key_count(text: bytes) -> int:
    """Return how many keys well-formed JSON has in all, those that stand twice included."""
    gap = b" :" in text or any(blank in text and blank + b":" in text for blank in (b"\n", b"\r", b"\t"))
    if gap or b"\\" in text:
        return outside_strings(text).count(b":")
    # No escapes and no gap before a colon: then a quote and a colon together end a key and nothing else.
    return text.count(b'":')


def outside_strings(text: bytes) -> bytes:
    """Return the JSON text with every string taken out. Right for well-formed JSON, harmless for other."""
    if b"\\" in text:
        # In a run of backslashes the pairs escape each other, whatever is left escapes what follows.
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(text.split(b'"')[::2])


def is_deeper_than(text: bytes, depth: int) -> bool:
    """Tell whether a JSON text nests deeper than `depth`, brackets within strings left aside.

    Each round takes the innermost pairs, and with them one level, away; what survives `depth` rounds was
    deeper, or never closed, which the parser says better.
    """
    brackets = every = outside_strings(text).translate(_ONE_KIND, _NOT_BRACKETS)
    for _ in range(depth):
        if not brackets:
            return False
        brackets = brackets.replace(b"()", b"")
    return _deepest(every) > depth


def _deepest(brackets: bytes) -> int:
    level = deepest = 0
    for code in brackets:
        level += 1 if code == 0x28 else -1
        deepest = max(deepest, level)
    return deepest

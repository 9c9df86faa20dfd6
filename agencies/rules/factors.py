"""Time-based one-time codes (RFC 6238): which step a code is of, and that no step counts twice. Pure."""

from collections.abc import Callable, Iterable
from hmac import compare_digest


def code_plain(typed: str) -> str:
    """The digits of a code as an officer types it: in groups, with spaces or hyphens."""
    return "".join(sign for sign in typed if sign not in " -\u00a0\u202f")


def step_of(code: str, steps: Iterable[int], code_at: Callable[[int], str], used: int) -> int | None:
    """The step that this code is of, among those that the clock allows; None for a wrong code.

    A step that was used, or one before it, does not count: a code that was looked at over a shoulder is worthless
    once its owner has used it (RFC 6238, 5.2).
    """
    right = [step for step in steps if compare_digest(code_at(step).encode(), code.encode())]
    return next((step for step in right if step > used), None)


def in_groups(text: str, size: int = 4) -> str:
    """A secret or a code in groups that can be read and typed."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))

"""One-time codes: those of an app (RFC 6238), of which no step counts twice, and those that are told. Pure."""

import datetime as dt
from collections.abc import Callable, Iterable
from hmac import compare_digest

#: So long a loss that was reported waits for two colleagues, and a code that they gave may be used.
LOSS_WAITS = dt.timedelta(hours=1)
CODE_WAITS = dt.timedelta(minutes=10)
CODE_TRIES = 5
#: Letters and digits that are not taken for one another when they are said aloud or written down.
CODE_SIGNS = "acdefghjkmnpqrtuvwxy34679"
CODE_LENGTH = 8


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

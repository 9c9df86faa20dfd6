"""The simulator's dice: the same words give the same throws."""

from random import Random


def chance(*words: object) -> Random:
    """Return a source of chance that is fixed by its words (a seed, a device, a purpose)."""
    return Random(":".join(map(str, words)))  # noqa: S311  (a simulated port must be repeatable, not secret)

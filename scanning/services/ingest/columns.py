"""A batch's values as PostgreSQL array literals, a column each: one statement then writes all rows.

Faster than COPY into a staging table, which row-level security would make necessary: emptying the staging
tables at each commit alone took a tenth of the time (docs/adr/0006 has the measurement).
"""

from collections.abc import Iterable, Sequence

#: Separates the texts of `joined`; JSON never holds it as such.
SEPARATOR = "\x1e"


def numbers(values: Iterable[float | None]) -> str:
    """An array literal of whole numbers or floats; None becomes NULL. Floats keep every digit."""
    return "{" + ",".join(["NULL" if value is None else repr(value) for value in values]) + "}"


def booleans(values: Iterable[bool]) -> str:
    """An array literal of truth values."""
    return "{" + ",".join(["t" if value else "f" for value in values]) + "}"


def texts(values: Sequence[str]) -> str:
    """An array literal of texts. Few batches hold a quote or a backslash, and only they are escaped one by one."""
    if not values:
        return "{}"
    together = '","'.join(values)
    if "\\" in together or together.count('"') != 2 * (len(values) - 1):
        together = '","'.join([value.replace("\\", "\\\\").replace('"', '\\"') for value in values])
    return f'{{"{together}"}}'


def digests(values: Iterable[bytes]) -> str:
    """An array literal of bytea."""
    return '{"' + '","'.join(["\\\\x" + value.hex() for value in values]) + '"}'


def joined(values: Iterable[str]) -> str:
    """JSON texts in one: to be taken apart by string_to_array, because nearly every one would need escaping."""
    return SEPARATOR.join(values)

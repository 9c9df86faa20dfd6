"""Markup that has been written once: a line that says the same is not rendered again for every open board.

It is kept under a name made of everything that it says, so it can never show more than its reader's own line.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString

_Name = tuple[str, tuple[str, str], str | None, str]


class Rendered:
    """The last few thousand pieces of markup by template, thing, version of the thing, language and zone."""

    def __init__(self, most: int = 4000) -> None:
        self._kept: OrderedDict[_Name, SafeString] = OrderedDict()
        self._guard = threading.Lock()
        self._most = most

    def get(self, template: str, thing: tuple[str, str], context: Mapping[str, Any]) -> SafeString:
        """The markup of a thing, named by (id, version); a thing without a version is rendered each time."""
        if not thing[1]:
            return render_to_string(template, dict(context))
        name = (template, thing, translation.get_language(), timezone.get_current_timezone_name())
        with self._guard:
            known = self._kept.get(name)
            if known is not None:
                self._kept.move_to_end(name)
                return known
        markup = render_to_string(template, dict(context))
        with self._guard:
            self._kept[name] = markup
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return markup

    def forget(self) -> None:
        """Forget everything."""
        with self._guard:
            self._kept.clear()


rendered = Rendered()

#: Stands in remembered markup where the reader's own token against forged requests goes.
TOKEN_PLACE = "TOKENPLACE"  # noqa: S105  (no secret: the place of one)


def digest(*values: object) -> str:
    """A short name of these values' contents: the same contents always have the same name."""
    return hashlib.blake2b(repr(values).encode(), digest_size=9).hexdigest()

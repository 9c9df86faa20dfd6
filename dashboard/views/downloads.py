"""Tables to take away: CSV that a spreadsheet opens without running what stands in it."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils import timezone

#: A cell that begins with one of these would be run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The rows as a download; UTF-8 with its mark, so that spreadsheets read accents rightly."""
    text = io.StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M")
    answer["Content-Disposition"] = f'attachment; filename="jocc-{name}-{stamp}.csv"'
    return answer


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text

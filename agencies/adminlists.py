"""Lists of the admin site: filters over what the reader sees, searches that leave no trace in an address."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import get_language

from agencies.choices import Classification


def search_key(model: type[Model]) -> str:
    """Where the session keeps what the officer searches in the list of this model."""
    return f"admin-search:{model._meta.label_lower}"


class GateChangeList(ChangeList):
    """A list whose links carry public ids, and whose search text lives in the session, never in the URL."""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet:
        """The rows for the filters of the address and the search of the session."""
        for known in (self.params, self.filter_params):
            known.pop(SEARCH_VAR, None)
        self.query = request.session.get(search_key(self.model), "") if self.search_fields else ""
        return super().get_queryset(request, exclude_parameters)

    def url_for_result(self, result: Model) -> str:
        """The page of a row, by its public id."""
        pages: Any = self.model_admin
        return pages.url("change", result)


class CappedPaginator(Paginator):
    """Pages over rows by the million: counts up to a limit only, because an exact total costs seconds."""

    LIMIT = 10_000

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most LIMIT."""
        rows: Any = self.object_list
        return rows.order_by()[: self.LIMIT].count()


class RowsFilter(SimpleListFilter):
    """Filters by one column; offers only values that stand in rows the reader sees.

    A value that nobody may see and one that does not exist both give an empty list.
    """

    field: ClassVar[str]
    labels: ClassVar[Mapping[Any, Any]] = {}
    #: Over how many of the newest rows the values are looked for; None means all.
    newest: ClassVar[int | None] = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The values of visible rows, with their words."""
        rows = model_admin.get_queryset(request).values_list(self.field, flat=True)
        values = set(rows.order_by().distinct() if self.newest is None else rows[: self.newest])
        values.discard(None)
        self._values = {str(value): value for value in values}
        named = [(str(value), self.labels.get(value, value)) for value in values]
        return sorted(named, key=lambda pair: str(pair[1]).casefold())

    def has_output(self) -> bool:
        """Also one single value is worth showing when it is chosen."""
        return len(self.lookup_choices) > 1 or self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The rows with the chosen value."""
        chosen = self.value()
        if chosen is None:
            return queryset
        if chosen not in self._values:
            return queryset.none()
        return queryset.filter(**{self.field: self._values[chosen]})


def rows_filter(
    parameter: str,
    heading: Any,
    *,
    field: str = "",
    labels: Mapping[Any, Any] | None = None,
    newest: int | None = None,
) -> type[RowsFilter]:
    """A RowsFilter for a column: `parameter` is its name in the address, `heading` in words."""
    return type(
        f"{parameter.title()}Filter",
        (RowsFilter,),
        {
            "title": heading,
            "parameter_name": parameter,
            "field": field or parameter,
            "labels": labels or {},
            "newest": newest,
        },
    )


def clearance_word(value: int) -> str:
    """A clearance by the half of its two-language marking that is the reader's."""
    english, _slash, french = str(dict(Classification.choices).get(value, value)).partition(" / ")
    return french if french and (get_language() or "en").startswith("fr") else english

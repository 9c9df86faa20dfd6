"""Deliveries of the own agency: quarantine first, with what stands in it and its replay."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.adminacts import Act
from agencies.adminbase import GateAdmin
from agencies.adminlists import CappedPaginator, rows_filter
from agencies.facts import Principal
from agencies.rules.rights import may
from scanning.choices import DeliveryState, DeviceFormat, ProblemCode
from scanning.models import Delivery, Device
from scanning.selectors.deliveries import deliveries_visible_to
from scanning.services.deliveries import delivery_replay
from scanning.services.quarantine import delivery_look


class StateFilter(SimpleListFilter):
    """Quarantine unless something else is asked for: that is what needs somebody."""

    title = _("state")
    parameter_name = "state"
    ALL = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The states, and all of them."""
        return [*((str(value), label) for value, label in DeliveryState.choices), (self.ALL, _("All"))]

    def chosen(self) -> str:
        """The state that is shown."""
        return str(self.value() or DeliveryState.QUARANTINED)

    def choices(self, changelist: Any) -> Iterator[Any]:
        """No choice of none: nothing chosen means quarantine."""
        for value, label in self.lookup_choices:
            yield {
                "selected": self.chosen() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """The rows in the chosen state."""
        return queryset if self.chosen() == self.ALL else queryset.filter(state=self.chosen())


@admin.register(Delivery)
class DeliveryAdmin(GateAdmin):
    """The inbox of the own agency."""

    about = _(
        "What could not be read is kept here with its reason; replay it once device or decoder is repaired."
    )
    rank = 30
    view_rights = frozenset({Right.QUARANTINE_MANAGE})
    uid_field = "receipt"
    change_form_template = "admin/delivery.html"
    paginator = CappedPaginator
    list_display = ("received_at", "code_text", "device", "format", "state", "reason", "attempts", "size")
    list_display_links = ("received_at", "code_text")
    list_filter = (
        StateFilter,
        rows_filter(
            "error_code", _("reason"), labels=dict(ProblemCode.choices) | {"": _("none")}, newest=2_000
        ),
        rows_filter("format", _("format"), labels=dict(DeviceFormat.choices), newest=2_000),
        rows_filter("device", _("device"), field="device_code", newest=2_000),
    )
    sortable_by = ("received_at",)
    ordering = ("-received_at", "-id")
    fields = (
        "receipt", "received_at", "device", "format", "content_type", "state", "reason", "attempts", "done_at", "result_text",
    )  # fmt: skip
    readonly_fields = fields
    actions = ("replay_chosen",)
    acts = (
        Act(
            name="replay",
            label=_("Replay"),
            explanation=_(
                "The same bytes go to the workers again. Events that were taken already stay as they are."
            ),
            perform="replay",
            offered="is_quarantined",
            right=Right.QUARANTINE_MANAGE,
            done=_("The delivery is on its way again."),
        ),
    )

    def rows(self, principal: Principal) -> QuerySet:
        """The own agency's deliveries, with the device's code and the size; the bytes stay where they are."""
        device = Device.objects.visible_to(principal).filter(pk=OuterRef("device_id")).values("code")
        size = Func(F("body"), function="octet_length", output_field=IntegerField())
        return (
            deliveries_visible_to(principal)
            .defer("body", "body_sha256")
            .annotate(device_code=Subquery(device), body_size=size)
        )

    @admin.display(description=_("receipt"))
    def code_text(self, delivery: Delivery) -> SafeString:
        """The beginning of the receipt."""
        return format_html('<span title="{}">{}…</span>', delivery.receipt, str(delivery.receipt)[:8])

    @admin.display(description=_("device"))
    def device(self, delivery: Any) -> str:
        """Its code; a dash when the delivery names none of the account's devices."""
        return delivery.device_code or "–"

    @admin.display(description=_("size (bytes)"))
    def size(self, delivery: Any) -> Any:
        """How many bytes came; a dash when they have expired."""
        return "–" if delivery.body_size is None else delivery.body_size

    @admin.display(description=_("reason"))
    def reason(self, delivery: Delivery) -> SafeString | str:
        """Why it could not be read."""
        if not delivery.error_code:
            return "–"
        words = dict(ProblemCode.choices).get(delivery.error_code, delivery.error_code)
        return format_html(
            '{} <span class="soft">{} {}</span>', words, delivery.error_code, delivery.error_detail
        )

    @admin.display(description=_("result"))
    def result_text(self, delivery: Delivery) -> str:
        """Counts of what became of its events."""
        counts = {key: value for key, value in delivery.result.items() if isinstance(value, int | str)}
        return ", ".join(f"{key}: {value}" for key, value in counts.items()) or "–"

    def is_quarantined(self, principal: Principal, record: Delivery) -> bool:
        """Whether there is something to replay."""
        return record.state == DeliveryState.QUARANTINED

    def change_view(
        self,
        request: HttpRequest,
        object_id: Any,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The delivery with the beginning of its bytes; the look is recorded."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        shown = delivery_look(acting_party=request.principal, receipt=object_id)  # type: ignore[attr-defined]
        return super().change_view(request, object_id, form_url, {"bytes": shown, **(extra_context or {})})

    def replay(self, request: HttpRequest, record: Delivery, form: Any) -> None:
        """The act."""
        delivery_replay(acting_party=request.principal, receipt=record.receipt)  # type: ignore[attr-defined]

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whether the bulk action is offered."""
        return may(request.principal, Right.QUARANTINE_MANAGE)  # type: ignore[attr-defined]

    @admin.action(description=_("Replay the chosen deliveries"), permissions=["replay"])
    def replay_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Replay several; what left quarantine meanwhile is passed over."""
        replayed = 0
        for receipt in queryset.values_list("receipt", flat=True):
            try:
                delivery_replay(acting_party=request.principal, receipt=receipt)  # type: ignore[attr-defined]
            except NotVisible:
                continue
            replayed += 1
        text = ngettext(
            "%(count)s delivery is on its way again.",
            "%(count)s deliveries are on their way again.",
            replayed,
        )
        messages.success(request, text % {"count": replayed})

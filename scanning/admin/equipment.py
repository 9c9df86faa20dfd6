"""Devices and lanes that the own agency originated, and their audiences."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from agencies.actions import Right
from agencies.adminacts import Act
from agencies.adminbase import GateAdmin
from agencies.adminlists import rows_filter
from agencies.facts import Principal
from agencies.forms.admin import AudienceForm
from agencies.selectors import accounts_own, agency_codes_by_group
from scanning.choices import DeviceFormat, DeviceKind
from scanning.forms.admin import DeviceForm, LaneForm
from scanning.models import Device, Lane, Site
from scanning.services.equipment import (
    device_audience_set,
    device_change,
    device_create,
    lane_audience_set,
    lane_change,
    lane_create,
)


def _sites(principal: Principal) -> QuerySet[Site]:
    return Site.objects.all()  # sites are public knowledge


def _lanes(principal: Principal) -> QuerySet[Lane]:
    return Lane.objects.visible_to(principal).select_related("site")


class EquipmentAdmin(GateAdmin):
    """What devices and lanes have in common: the originator keeps them and says who else sees them."""

    view_rights = frozenset({Right.DEVICE_MANAGE})
    add_right = change_right = Right.DEVICE_MANAGE
    fixed: tuple[str, ...] = ("code",)
    acts = (
        Act(
            name="audience",
            label=_("Audience"),
            explanation=_("Whoever sees it sees what it has ever seen. Taking it back works at once."),
            submit=_("Set the audience"),
            perform="audience_set",
            right=Right.DEVICE_MANAGE,
            form=AudienceForm,
        ),
    )

    def rows(self, principal: Principal) -> QuerySet:
        """What the own agency, or a compartment of the officer, originated."""
        own = self.model._default_manager.all().visible_to(principal)
        return own.filter(originator_id__in=list(principal.groups))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What names it stays, and who sees it is an act of its own."""
        return ("audience",) if obj is None else (*self.fixed, "audience")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new one has no audience yet."""
        form: Any = self.form
        return list(form._meta.fields) if obj is None else [*form._meta.fields, "audience"]

    @admin.display(description=_("seen also by"))
    def audience(self, record: Any) -> str:
        """The other agencies that see it."""
        codes = agency_codes_by_group()
        return (
            ", ".join(sorted(codes[g] for g in record.viewers if g in codes and g != record.originator_id))
            or "–"
        )

    def audience_set(self, request: HttpRequest, record: Any, form: Any) -> HttpResponse:
        """The act."""
        service: Any = device_audience_set if isinstance(record, Device) else lane_audience_set
        name = "device" if isinstance(record, Device) else "lane"
        shared, recalled = service(
            acting_party=request.principal,  # type: ignore[attr-defined]
            groups=form.groups(),
            **{name: record},
        )
        codes = agency_codes_by_group()
        for template, groups in (
            (_t("Shared with %(agencies)s."), shared),
            (_t("Taken back from %(agencies)s."), recalled),
        ):
            if groups:
                messages.success(
                    request, template % {"agencies": ", ".join(codes.get(g, "–") for g in groups)}
                )
        if not shared and not recalled:
            messages.info(request, _t("The audience is as it was."))
        return HttpResponseRedirect(self.url("change", record))


@admin.register(Device)
class DeviceAdmin(EquipmentAdmin):
    """Detection devices of the own agency."""

    about = _("Your agency’s detection devices, and which other agencies see what they see.")
    rank = 10
    form = DeviceForm
    fixed = ("code", "kind")
    list_display = ("code", "kind", "site", "lane", "format", "rhythm_s", "audience", "in_service")
    list_filter = (
        rows_filter("kind", _("kind"), labels=dict(DeviceKind.choices)),
        rows_filter("site", _("site"), field="site__code"),
        rows_filter("format", _("format"), labels=dict(DeviceFormat.choices)),
        rows_filter("is_active", _("service"), labels={True: _("in service"), False: _("out of service")}),
    )
    list_select_related = ("site", "lane")
    search_fields = ("code", "name_en", "name_fr")
    sortable_by = ("code", "kind")
    ordering = ("code",)
    related = {"site": _sites, "lane": _lanes, "account": accounts_own}

    @admin.display(description=_("service"))
    def in_service(self, device: Device) -> str:
        """Whether it is in service."""
        return _t("in service") if device.is_active else _t("out of service")

    def record_save(self, request: HttpRequest, form: Any, record: Device | None) -> Device:
        """Enter or change."""
        principal: Principal = request.principal  # type: ignore[attr-defined]
        if record is None:
            return device_create(acting_party=principal, **form.cleaned_data)
        return device_change(acting_party=principal, device=record, **form.cleaned_data)


@admin.register(Lane)
class LaneAdmin(EquipmentAdmin):
    """Lanes of the own agency."""

    about = _("The lanes that your agency runs, and who works there.")
    rank = 20
    form = LaneForm
    list_display = ("code", "name_en", "name_fr", "site", "order", "audience")
    list_filter = (rows_filter("site", _("site"), field="site__code"),)
    list_select_related = ("site",)
    search_fields = ("code", "name_en", "name_fr")
    sortable_by = ("code", "order")
    ordering = ("code",)
    related = {"site": _sites}

    def record_save(self, request: HttpRequest, form: Any, record: Lane | None) -> Lane:
        """Enter or change."""
        principal: Principal = request.principal  # type: ignore[attr-defined]
        if record is None:
            return lane_create(acting_party=principal, **form.cleaned_data)
        return lane_change(acting_party=principal, lane=record, **form.cleaned_data)

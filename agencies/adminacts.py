"""Records of the admin site behind the gate, and the acts on them: each act a page, or a bulk of ticked rows."""

import dataclasses
import uuid
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agencies.actions import Right
from agencies.facts import Principal
from agencies.forms.records import ActForm, refusal_tell
from agencies.rules.appointments import ChangeRefused
from agencies.rules.rights import may


@dataclasses.dataclass(frozen=True, kw_only=True)
class Act:
    """One act on one record: a page of its own with a form, performed by a method of the admin class.

    `perform` and `offered` name methods `(request, record, form)` and `(principal, record)`; the first may
    return a page of its own, else the officer is led back to the record with `done` as the message.
    """

    name: str
    label: Any
    perform: str
    right: Right
    form: type[ActForm] = ActForm
    explanation: Any = ""
    done: Any = ""
    submit: Any = ""
    offered: str = ""
    grave: bool = False


def principal_of_request(request: HttpRequest) -> Principal:
    """Who acts in this request."""
    principal: Principal = request.principal  # type: ignore[attr-defined]
    return principal


class RecordPages(admin.ModelAdmin):
    """Records by public id through the gate, and what may be done with one or several of them."""

    #: The field of the public id; "" when single records have no page.
    uid_field: ClassVar[str] = "uid"
    acts: ClassVar[tuple[Act, ...]] = ()

    def rows(self, principal: Principal) -> QuerySet:
        """The rows that this officer may see here; nothing unless a page says so."""
        return self.model._base_manager.none()

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Everything on these pages starts here: lists, counts, filters, single records, bulk actions."""
        return self.rows(principal_of_request(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """The record with this public id, if it is one of the rows."""
        if not self.uid_field:
            return None
        try:
            return self.get_queryset(request).get(**{self.uid_field: uuid.UUID(str(object_id))})
        except (self.model.DoesNotExist, ValidationError, ValueError):
            return None

    def url(self, page: str, record: Any = None, *more: str) -> str:
        """The address of a page of this kind of record."""
        args = [] if record is None else [getattr(record, self.uid_field), *more]
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=args, current_app=self.admin_site.name)

    def act_offered(self, request: HttpRequest, act: Act, record: Any) -> bool:
        """Whether this officer may do this act on this record now."""
        principal = principal_of_request(request)
        return may(principal, act.right) and (
            not act.offered or getattr(self, act.offered)(principal, record)
        )

    def act_view(self, request: HttpRequest, object_id: Any, name: str) -> HttpResponse:
        """The page of one act."""
        record = self._record_or_404(request, object_id)
        act = next((act for act in self.acts if act.name == name), None)
        if act is None:
            raise Http404
        if not self.has_view_permission(request, record) or not self.act_offered(request, act, record):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = act.form(data, principal=principal_of_request(request), record=record)
        if form.is_valid():
            try:
                with transaction.atomic():
                    response = getattr(self, act.perform)(request, record, form)
            except (ChangeRefused, ValidationError) as refused:
                refusal_tell(form, refused)
            else:
                return response or self._acted(request, act, record)
        context = {
            **self.admin_site.each_context(request),
            "title": act.label,
            "opts": self.opts,
            "original": record,
            "record_url": self.url("change", record),
            "act": act,
            "form": form,
        }
        return TemplateResponse(request, "admin/act.html", context)

    def _acted(self, request: HttpRequest, act: Act, record: Any) -> HttpResponse:
        messages.success(request, act.done)
        return HttpResponseRedirect(self.url("change", record))

    def secret_page(
        self, request: HttpRequest, record: Any, *, secret: str, explanation: str
    ) -> HttpResponse:
        """A page that shows a secret once; nothing keeps it but who reads it."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Shown once"),
            "opts": self.opts,
            "original": record,
            "record_url": self.url("change", record),
            "secret": secret,
            "explanation": explanation,
        }
        return TemplateResponse(request, "admin/secret.html", context)

    def _record_or_404(self, request: HttpRequest, object_id: Any) -> Any:
        record = self.get_object(request, str(object_id))
        if record is None:
            raise Http404
        return record

    def action_checkbox(self, obj: Any) -> SafeString:
        """Rows are ticked by public id."""
        label = _("Choose %(record)s") % {"record": obj}
        uid = getattr(obj, self.uid_field)
        return format_html(
            '<input type="checkbox" name="_selected_action" value="{}" aria-label="{}">', uid, label
        )

    action_checkbox.short_description = ""  # type: ignore[attr-defined]

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:  # type: ignore[override]
        """Turn public ids into rows of the officer's own list; ids of others, or of nothing, fall out alike."""
        ticked = []
        for text in request.POST.getlist("_selected_action")[: self.list_per_page]:
            try:
                ticked.append(uuid.UUID(text))
            except ValueError:
                continue
        found = queryset.filter(**{f"{self.uid_field}__in": ticked}).order_by().values_list("pk", flat=True)
        data = request.POST.copy()
        data.setlist("_selected_action", [str(pk) for pk in found] or ["0"])
        data["select_across"] = "0"
        request.POST = data  # type: ignore[assignment]
        return super().response_action(request, queryset)

"""The one base of every page of the admin site: what it shows comes through the gate, what it saves is a service.

Django's defaults are turned round: without a declaration there are no rows, no rights, no choices, no
lookups. Records are addressed by their public id; absent and hidden are both 404. Nothing is deleted, and
the history is the audit record.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.options import ShowFacets
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from agencies.actions import Right
from agencies.adminacts import RecordPages, principal_of_request
from agencies.adminlists import GateChangeList, search_key
from agencies.facts import Principal
from agencies.forms.records import GateForm
from agencies.rules.appointments import ChangeRefused
from agencies.rules.rights import may
from agencies.selectors import audit_visible_to
from audit.models import AuditEvent
from audit.words import ACTION_WORDS

HISTORY_ROWS = 200
SEARCH_LENGTH = 80

Related = Callable[[Principal], QuerySet]


class GateAdmin(RecordPages):
    """See the module."""

    form = GateForm
    #: One sentence for the index: what an officer does here.
    about: ClassVar[Any] = ""
    #: Place among the records of its app.
    rank: ClassVar[int] = 50
    #: Whoever holds one of these may look; None holds nothing open.
    view_rights: ClassVar[frozenset[Right]] = frozenset()
    add_right: ClassVar[Right | None] = None
    change_right: ClassVar[Right | None] = None
    #: What may be chosen for each foreign key or many-to-many field.
    related: ClassVar[dict[str, Related]] = {}

    actions_on_bottom = False
    list_per_page = 50
    list_max_show_all = 0
    preserve_filters = False
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    save_as = False
    view_on_site = False
    change_list_template = "admin/change_list.html"
    add_form_template = change_form_template = "admin/change_form.html"
    formfield_overrides = {
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        },
    }

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[GateChangeList]:
        """Lists with public ids and searches outside the address."""
        return GateChangeList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only the filters that the list offers; no lookup across relations from an address."""
        return lookup in {getattr(each, "parameter_name", None) for each in self.list_filter}

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        """No field may be asked for."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; a search is posted, kept in the session and answered by the plain address."""
        if request.method == "POST" and "search" in request.POST and self.search_fields:
            if not self.has_view_permission(request):
                raise PermissionDenied
            request.session[search_key(self.model)] = request.POST["search"].replace("\x00", "")[
                :SEARCH_LENGTH
            ]
            return HttpResponseRedirect(request.get_full_path())
        return super().changelist_view(
            request, {"title": self.opts.verbose_name_plural, **(extra_context or {})}
        )

    # Who may.

    def may_change(self, principal: Principal, record: Any) -> bool:
        """Whether the officer may change this visible record (rights are checked besides)."""
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether any of the app's pages may be looked at: asked for each kind of record."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By right; which rows is the gate's matter."""
        return any(may(principal_of_request(request), right) for right in self.view_rights)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By right."""
        return self.add_right is not None and may(principal_of_request(request), self.add_right)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By right, and for a record by its own rule."""
        principal = principal_of_request(request)
        if self.change_right is None or not may(principal, self.change_right):
            return False
        return obj is None or self.may_change(principal, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here."""
        return False

    # Forms.

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told who fills it in and what the service refused just now."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.principal = principal_of_request(request)
        form.refusal = getattr(request, "refusal", None)
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices through the gate, by public id."""
        return db_field.formfield(queryset=self._choices(db_field, request), to_field_name="uid")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices through the gate, by public id."""
        return db_field.formfield(
            queryset=self._choices(db_field, request),
            to_field_name="uid",
            widget=forms.CheckboxSelectMultiple,
        )

    def _choices(self, db_field: Any, request: HttpRequest) -> QuerySet:
        source = self.related.get(db_field.name)
        return (
            source(principal_of_request(request))
            if source
            else db_field.remote_field.model._base_manager.none()
        )

    # Saving.

    def record_save(self, request: HttpRequest, form: Any, record: Any | None) -> Any:
        """Call the service with the form's values; `record` is None for a new one. Returns what is stored."""
        raise PermissionDenied

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """The service saves, not the form."""
        return form.instance

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Call the service."""
        request.stored = self.record_save(request, form, obj if change else None)  # type: ignore[attr-defined]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The service has done it."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; what the service refuses is shown at the form, with everything typed still there."""
        extra = self._page(request, object_id, extra_context)
        object_id = str(object_id) if object_id else None
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra)
        except (ChangeRefused, ValidationError) as refused:
            request.refusal = refused  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra)

    def _page(self, request: HttpRequest, object_id: Any, extra: dict[str, Any] | None) -> dict[str, Any]:
        record = self.get_object(request, str(object_id)) if object_id else None
        allowed = (
            [] if record is None else [act for act in self.acts if self.act_offered(request, act, record)]
        )
        return {"acts": allowed, "record_uid": object_id, "may_audit": self._may_audit(request)} | (
            extra or {}
        )

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Say so and go to the new record, if the officer may see it."""
        stored = request.stored  # type: ignore[attr-defined]
        messages.success(request, _("“%(record)s” is entered.") % {"record": stored})
        return HttpResponseRedirect(self.url("change", stored))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Say so and stay at the record."""
        stored = request.stored  # type: ignore[attr-defined]
        messages.success(request, _("“%(record)s” is changed.") % {"record": stored})
        return HttpResponseRedirect(self.url("change", stored))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """The service has recorded it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """The service has recorded it."""

    # Routes.

    def get_urls(self) -> list[URLPattern]:
        """List, new, and for each record: its form, its history and its acts. No deletion."""
        view, base = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        urls = [path("", view(self.changelist_view), name=f"{base}_changelist")]
        if self.add_right is not None:
            urls.append(path("add/", view(self.add_view), name=f"{base}_add"))
        if self.uid_field:
            urls += [
                path("<uuid:object_id>/change/", view(self.change_view), name=f"{base}_change"),
                path("<uuid:object_id>/history/", view(self.history_view), name=f"{base}_history"),
            ]
        if self.acts:
            urls.append(path("<uuid:object_id>/<slug:name>/", view(self.act_view), name=f"{base}_act"))
        return urls

    def _may_audit(self, request: HttpRequest) -> bool:
        return may(principal_of_request(request), Right.AUDIT_VIEW)

    def history_view(
        self, request: HttpRequest, object_id: Any, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What the own agency's record says about this object; another agency's acts are theirs to know."""
        record = self._record_or_404(request, object_id)
        if not self._may_audit(request) or not self.has_view_permission(request, record):
            raise PermissionDenied
        rows = audit_visible_to(principal_of_request(request)).filter(
            object_uids__contains=[getattr(record, self.uid_field)]
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "opts": self.opts,
            "original": record,
            "record_url": self.url("change", record),
            "entries": [_worded(row) for row in rows[:HISTORY_ROWS]],
        }
        return TemplateResponse(request, "admin/object_history.html", context)


def _worded(row: AuditEvent) -> dict[str, Any]:
    names = ("at", "actor_label", "action", "purpose", "request_id")
    return {name: getattr(row, name) for name in names} | {"word": ACTION_WORDS.get(row.action, row.action)}

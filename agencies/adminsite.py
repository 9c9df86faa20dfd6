"""The supervisors' admin site: Django's, with every door closed that the gate does not keep."""

import functools
from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse_lazy
from django.utils.translation import gettext_lazy as _

from agencies.access import NotVisible
from agencies.actions import Right
from agencies.adminbase import GateAdmin
from agencies.choices import AccountKind, Role
from agencies.facts import NOBODY, Actor
from agencies.rules.matrixpage import HOLDERS, matrix_lines
from agencies.rules.rights import RightMissing, may

#: Django's own routes that are not offered: they look records up past the gate, or officers do it elsewhere.
_CLOSED = frozenset(
    {
        "autocomplete",
        "jsi18n",
        "login",
        "logout",
        "password_change",
        "password_change_done",
        "view_on_site",
    }
)

#: Django's views answer any other method as if it were GET.
_METHODS = ("GET", "HEAD", "POST")

#: In which order the apps stand; what is worked with most comes first.
_ORDER = ("scanning", "intelligence", "agencies")


class CentreAdminSite(AdminSite):
    """Django's admin for those who hold the right to enter it; there are no superusers in operation."""

    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("Administration")
    enable_nav_sidebar = False
    final_catch_all_view = False
    empty_value_display = "–"

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        """Only what stands behind the gate is registered; what Django's own apps offer stays out."""
        if admin_class is not None and issubclass(admin_class, GateAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def unregister(self, model_or_iterable: type[Model] | Iterable[type[Model]]) -> None:
        """Take models out; those that were never let in are no error."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        super().unregister([model for model in models if self.is_registered(model)])

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the acting officer may enter."""
        principal = getattr(request, "principal", NOBODY)
        return principal.actor == Actor.OFFICER and may(principal, Right.ADMIN_ENTER)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Ask a stranger to sign in, send an officer without the right away, hold the view to the gate.

        The answer is rendered here, inside the request's transaction: after it, both walls show nothing.
        """
        inner = super().admin_view(view, cacheable)

        @functools.wraps(inner)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                return self.login(request)
            if request.method not in _METHODS:
                return HttpResponseNotAllowed(_METHODS)
            try:
                response = inner(request, *args, **kwargs)
                if hasattr(response, "render") and not response.is_rendered:
                    response.render()
            except NotVisible as error:
                raise Http404 from error
            except RightMissing as error:
                raise PermissionDenied from error
            return response

        return kept

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Signing in is the centre's own page; who is signed in already may not enter here."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path(), resolve_url("account_login"))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's routes without the closed ones; strangers are led to the centre's own sign-in."""
        urls = [url for url in super().get_urls() if getattr(url, "name", None) not in _CLOSED]
        urls.insert(0, path("rights/", self.admin_view(self.rights_view), name="rights"))
        for url in urls:
            if isinstance(url, URLPattern):
                url.callback.login_url = reverse_lazy("account_login")  # type: ignore[attr-defined]
        return urls

    def rights_view(self, request: HttpRequest) -> HttpResponse:
        """The rights matrix, read-only; `?holder=` shows what one role or kind of account may do."""
        words = {**dict(Role.choices), **dict(AccountKind.choices)}
        holder = request.GET.get("holder", "")
        if holder and holder not in words:
            raise Http404
        context = {
            **self.each_context(request),
            "title": _("Who may what"),
            "holders": [(value, words[value]) for value in HOLDERS],
            "holder": holder,
            "lines": matrix_lines(holder),
        }
        return TemplateResponse(request, "admin/rights.html", context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The apps in our order, each kind of record with one sentence on what it is for."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"] = [model for model in app["models"] if model["admin_url"]]
            for entry in app["models"]:
                entry["about"] = self._registry[entry["model"]].about  # type: ignore[attr-defined]
            app["models"].sort(key=lambda entry: self._registry[entry["model"]].rank)  # type: ignore[attr-defined]
        return sorted(
            apps, key=lambda app: _ORDER.index(app["app_label"]) if app["app_label"] in _ORDER else 9
        )

"""The lawful-use matrix: read by everybody, written by each agency's keepers."""

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.actions import Right
from agencies.rules.rights import may, require
from agencies.selectors import agencies_all
from dashboard.consulting import principal_for
from dashboard.countries import country_name
from dashboard.forms_common import filters_read
from dashboard.forms_requests import RuleFilters, RuleForm
from scanning.selectors.equipment import equipment_read
from scanning.selectors.law import rules_read
from scanning.services.law import rule_enter


@require_safe
def law_list(request: HttpRequest) -> HttpResponse:
    """The rules that stand or will."""
    principal = principal_for(request)
    agencies = [(agency.code, f"{agency.name} ({agency.code})") for agency in agencies_all()]
    form = RuleFilters(request.GET, agencies=agencies)
    if not form.is_valid():
        raise BadRequest("bad filter")
    given = filters_read(form)
    ended = bool(given.pop("ended", False))
    rules = rules_read(principal, on=timezone.localdate(), ended=ended, **given)
    context = {
        "rules": rules,
        "form": form,
        "filtered": bool(given) or ended,
        "may_enter": may(principal, Right.DEVICE_MANAGE),
    }
    return render(request, "law/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def law_new(request: HttpRequest) -> HttpResponse:
    """Enter a rule of the own agency; it ends the one that stands for the same use."""
    principal = principal_for(request)
    require(principal, Right.DEVICE_MANAGE)
    countries = sorted({site.country for site in equipment_read(principal).sites.values()})
    form = RuleForm(request.POST or None, territories=[(code, country_name(code)) for code in countries])
    if request.method == "POST" and form.is_valid():
        try:
            rule_enter(acting_officer=principal, **form.cleaned_data)
            messages.success(request, _("The rule is entered."))
            return redirect("law-list")
        except ValidationError as error:
            form.faults_take(error)
    return render(request, "law/new.html", {"form": form}, status=422 if form.errors else 200)

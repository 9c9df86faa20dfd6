"""Service accounts and their tokens."""

import datetime as dt
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.actions import Right
from agencies.adminacts import Act
from agencies.adminbase import GateAdmin
from agencies.adminlists import clearance_word, rows_filter
from agencies.choices import AccountKind, Scope
from agencies.facts import Principal
from agencies.forms.admin import AccountForm, TokenForm
from agencies.models import Officer, ServiceAccount, ServiceToken
from agencies.rules.appointments import scopes_given_by
from agencies.rules.rights import may
from agencies.selectors import accounts_own, tokens_own
from agencies.services.accounts import service_account_change, service_account_create
from agencies.services.tokens import token_issue, token_revoke

WATCHERS = frozenset({Right.TOKEN_MANAGE, Right.AUDIT_VIEW})


def scope_words(scopes: list[str]) -> str:
    """Scopes in words."""
    words = dict(Scope.choices)
    return ", ".join(str(words.get(scope, scope)) for scope in scopes)


@admin.register(ServiceAccount)
class ServiceAccountAdmin(GateAdmin):
    """What devices and other systems sign in as."""

    about = _("What devices, gateways and other systems sign in as; issue their tokens here.")
    rank = 60
    view_rights = WATCHERS
    add_right = change_right = Right.TOKEN_MANAGE
    form = AccountForm
    list_display = ("name", "kind", "clearance_short", "state", "valid_tokens", "last_used")
    list_filter = (
        rows_filter("kind", _("kind"), labels=dict(AccountKind.choices)),
        rows_filter("is_active", _("account"), labels={True: _("open"), False: _("closed")}),
    )
    search_fields = ("name",)
    sortable_by = ("name", "kind")
    ordering = ("name",)
    fields = ("name", "kind", "scopes", "clearance", "allowed_addresses", "is_active")
    acts = (
        Act(
            name="issue",
            label=_("Issue a token"),
            explanation=_(
                "The token is shown once. Enter it at the device or hand it to the partner’s engineer."
            ),
            perform="issue",
            offered="may_issue",
            right=Right.TOKEN_MANAGE,
            form=TokenForm,
        ),
    )

    def rows(self, principal: Principal) -> QuerySet:
        """The own agency's accounts."""
        return accounts_own(principal)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With the count of tokens that hold now, and when one was last used."""
        holds = Q(tokens__revoked_at__isnull=True, tokens__expires_at__gt=timezone.now())
        counted = Count("tokens", filter=holds)
        return (
            super()
            .get_queryset(request)
            .annotate(token_count=counted, token_used_at=Max("tokens__last_used_at"))
        )

    @admin.display(description=_("valid tokens"))
    def valid_tokens(self, account: Any) -> int:
        """How many tokens hold now."""
        return account.token_count

    @admin.display(description=_("last used"))
    def last_used(self, account: Any) -> dt.datetime | None:
        """When any token of the account was last used."""
        return account.token_used_at

    @admin.display(description=_("clearance"))
    def clearance_short(self, account: ServiceAccount) -> str:
        """In one language."""
        return clearance_word(account.clearance)

    @admin.display(description=_("state"))
    def state(self, account: ServiceAccount) -> str:
        """Open or closed."""
        return _t("open") if account.is_active else _t("closed")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What an account speaks for does not change; scopes follow from it."""
        return () if obj is None else ("kind",)

    def may_issue(self, principal: Principal, record: ServiceAccount) -> bool:
        """An open account, of which the officer may give at least one scope, within the officer's clearance."""
        given = scopes_given_by(principal) & set(record.scopes)
        return record.is_active and bool(given) and record.clearance <= principal.clearance

    def record_save(self, request: HttpRequest, form: Any, record: ServiceAccount | None) -> ServiceAccount:
        """Enter or change."""
        principal: Principal = request.principal  # type: ignore[attr-defined]
        if record is None:
            return service_account_create(acting_party=principal, **form.cleaned_data)
        return service_account_change(acting_party=principal, account=record, **form.cleaned_data)

    def issue(self, request: HttpRequest, record: ServiceAccount, form: Any) -> HttpResponse:
        """The act: show the token's secret, once."""
        principal: Principal = request.principal  # type: ignore[attr-defined]
        end = dt.datetime.combine(
            form.cleaned_data["expires_on"], dt.time(23, 59), timezone.get_current_timezone()
        )
        officer = request.user
        token, secret = token_issue(
            acting_party=principal,
            account=record,
            scopes=form.cleaned_data["scopes"],
            expires_at=end,
            created_by=officer if isinstance(officer, Officer) else None,
        )
        explanation = _t("A token of %(account)s, valid until %(day)s. It is not shown again.")
        values = {"account": record.name, "day": date_format(form.cleaned_data["expires_on"])}
        return self.secret_page(request, token.account, secret=secret, explanation=explanation % values)


@admin.register(ServiceToken)
class ServiceTokenAdmin(GateAdmin):
    """Issued tokens: who may post and read with which secret, until when."""

    about = _("Tokens that were issued, when they were last used; revoke them here.")
    rank = 70
    view_rights = WATCHERS
    list_display = ("prefix", "account", "state", "created_at", "expires_at", "last_used_at")
    list_filter = (rows_filter("kind", _("kind"), field="account__kind", labels=dict(AccountKind.choices)),)
    list_select_related = ("account",)
    search_fields = ("prefix", "account__name")
    sortable_by = ("created_at", "expires_at", "last_used_at")
    ordering = ("-created_at",)
    fields = (
        "prefix", "account", "state", "scopes_in_words", "created_at", "created_by",
        "expires_at", "revoked_at", "last_used_at",
    )  # fmt: skip
    readonly_fields = fields
    actions = ("revoke_chosen",)
    acts = (
        Act(
            name="revoke",
            label=_("Revoke"),
            explanation=_("The token is worthless at once. What it has posted stays."),
            perform="revoke",
            offered="is_valid",
            right=Right.TOKEN_MANAGE,
            done=_("The token is revoked."),
            grave=True,
        ),
    )

    def rows(self, principal: Principal) -> QuerySet:
        """The tokens of the own agency's accounts."""
        return tokens_own(principal)

    @admin.display(description=_("state"))
    def state(self, token: ServiceToken) -> str:
        """Valid, expired or revoked."""
        if token.revoked_at is not None:
            return _t("revoked")
        return _t("valid") if token.expires_at > timezone.now() else _t("expired")

    @admin.display(description=_("scopes"))
    def scopes_in_words(self, token: ServiceToken) -> str:
        """Scopes in words."""
        return scope_words(token.scopes)

    def is_valid(self, principal: Principal, record: ServiceToken) -> bool:
        """Whether there is something to revoke."""
        return record.revoked_at is None

    def revoke(self, request: HttpRequest, record: ServiceToken, form: Any) -> None:
        """The act."""
        token_revoke(acting_party=request.principal, token=record)  # type: ignore[attr-defined]

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Whether the bulk action is offered."""
        return may(request.principal, Right.TOKEN_MANAGE)  # type: ignore[attr-defined]

    @admin.action(description=_("Revoke the chosen tokens"), permissions=["revoke"])
    def revoke_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Revoke several."""
        tokens = list(queryset.filter(revoked_at__isnull=True))
        for token in tokens:
            token_revoke(acting_party=request.principal, token=token)  # type: ignore[attr-defined]
        text = ngettext("%(count)s token is revoked.", "%(count)s tokens are revoked.", len(tokens))
        messages.success(request, text % {"count": len(tokens)})

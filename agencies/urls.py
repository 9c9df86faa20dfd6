"""Signing in and out, and what protects an account: only these routes of allauth are opened."""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.http import require_http_methods

from agencies.views import factors
from agencies.views.signin import AgainFactorView, AgainPasswordView, FactorView

_page = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("again/", _page(AgainPasswordView.as_view()), name="account_reauthenticate"),
    path("factors/", factors.security, name="mfa_index"),
    path("factors/sign-in/", login_not_required(FactorView.as_view()), name="mfa_authenticate"),
    path("factors/enrol/", factors.enrol, name="factor_enrol"),
    path("factors/again/", _page(AgainFactorView.as_view()), name="mfa_reauthenticate"),
    path("factors/app/", factors.app, name="factor_app"),
    path("factors/codes/", factors.codes, name="factor_codes"),
    path("factors/<uuid:uid>/remove/", factors.remove, name="factor_remove"),
]

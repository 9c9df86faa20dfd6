"""Signing in and out, and what protects an account: only these routes of allauth are opened."""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.http import require_http_methods

from agencies.views import factors, losses, sessions
from agencies.views.signin import AgainFactorView, AgainKeyView, AgainPasswordView, FactorView, key_login

_page = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("sessions/", sessions.sessions, name="session-list"),
    path("sessions/others/end/", sessions.sessions_end_others, name="session-end-others"),
    path("sessions/seen/", sessions.session_seen, name="session-seen"),
    path("sessions/<uuid:uid>/end/", sessions.session_end, name="session-end"),
    path("again/", _page(AgainPasswordView.as_view()), name="account_reauthenticate"),
    path("factors/", factors.security, name="mfa_index"),
    path("factors/sign-in/", login_not_required(FactorView.as_view()), name="mfa_authenticate"),
    path("factors/sign-in/key/", key_login, name="mfa_login_webauthn"),
    path("factors/enrol/", factors.enrol, {"way": "app"}, name="factor_enrol"),
    path("factors/enrol/key/", factors.enrol, {"way": "key"}, name="factor_enrol_key"),
    path("factors/lost/", losses.lost, name="factor_lost"),
    path("factors/told/", losses.told, name="factor_told"),
    path("factors/again/", _page(AgainFactorView.as_view()), name="mfa_reauthenticate"),
    path("factors/again/key/", _page(AgainKeyView.as_view()), name="mfa_reauthenticate_webauthn"),
    path("factors/app/", factors.app, name="factor_app"),
    path("factors/key/", factors.key, name="factor_key"),
    path("factors/codes/", factors.codes, name="factor_codes"),
    path("factors/<uuid:uid>/rename/", factors.rename, name="factor_rename"),
    path("factors/<uuid:uid>/remove/", factors.remove, name="factor_remove"),
]

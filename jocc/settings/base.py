"""Apps, middleware and the parts of Django that every process needs."""

from jocc.settings import environment as _env

BASE_DIR = _env.BASE_DIR
DEBUG = _env.DEBUG
JOCC_PROCESS = _env.PROCESS
JOCC_DEMO = _env.DEMO

INSTALLED_APPS = [
    "jocc.apps.JoccConfig",
    "dashboard",
    "liaison",
    "operations",
    "scanning",
    "intelligence",
    "agencies",
    "audit",
    "jocc.apps.CentreAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "js_lib_leaflet",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]

MIDDLEWARE = [
    "jocc.middleware.request_id",
    "jocc.middleware.browser_limits",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "dashboard.middleware.bodies_bounded",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "agencies.middleware.acting_officer",
    "agencies.refusals.refusals_recorded",
    "dashboard.middleware.officer_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.middleware.RefusalsAnswered",
]

ROOT_URLCONF = "jocc.urls"
WSGI_APPLICATION = "jocc.wsgi.application"
ASGI_APPLICATION = "jocc.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", "English"), ("fr", "français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["jocc.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

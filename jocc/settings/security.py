"""Browser and session security: strict CSP everywhere, nothing kept by the browser."""

from csp.constants import NONE, SELF

from jocc.settings.environment import DEBUG, DEMO, env

SECRET_KEY = env.str("JOCC_SECRET_KEY")
#: Former keys: what was signed or sealed under them is still read, so that the key can be changed.
SECRET_KEY_FALLBACKS = env.list("JOCC_OLD_SECRET_KEYS", default=[])
ALLOWED_HOSTS = env.list("JOCC_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("JOCC_TRUSTED_ORIGINS", default=[])

_https = env.bool("JOCC_HTTPS", not (DEBUG or DEMO))
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_HSTS_PRELOAD = _https
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("JOCC_BEHIND_PROXY", False) else None
)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
# With the prefix a browser takes the cookie only over TLS and only from this very host, never from a neighbour's.
SESSION_COOKIE_NAME = "__Host-jocc_session" if _https else "jocc_session"
CSRF_COOKIE_NAME = "__Host-csrftoken" if _https else "csrftoken"
CSRF_COOKIE_HTTPONLY = True  # pages carry the token themselves
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 3600  # one long shift
#: Nobody at the screen for so many seconds: the session ends. Moving or typing counts, what the page fetches does not.
SESSION_IDLE_S = env.int("JOCC_SESSION_IDLE_S", 3600)
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "dashboard.views.errors.csrf_failure"
LANGUAGE_COOKIE_SAMESITE = "Strict"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "script-src-attr": [NONE],
        "style-src": [SELF],
        "style-src-attr": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "frame-src": [NONE],
        "worker-src": [NONE],
        "manifest-src": [SELF],
        "img-src": [SELF, "data:"],  # Leaflet and the API page draw small data: images
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": _https,
    }
}

#: Largest body of anything that is not a delivery: forms and acts are small.
FORM_MAX_BYTES = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
#: Where deliveries arrive, which have a limit of their own (JOCC_DELIVERY_MAX_BYTES).
DELIVERIES_PATH = "/api/v1/deliveries/"

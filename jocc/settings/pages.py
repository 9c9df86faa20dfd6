"""Templates, static files and what pages need."""

from jocc.settings.environment import BASE_DIR, DEBUG, env

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.context.page_frame",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = env.path("JOCC_STATIC_ROOT", str(BASE_DIR / "var" / "static"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.path("JOCC_MEDIA_ROOT", str(BASE_DIR / "var" / "media"))()
#: Where the database keeps its files, if that is on this machine: the health page watches that disk too.
DATABASE_DIR = env.str("JOCC_DATABASE_DIR", "")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Pictures by their digest: a folder, or any storage of Django's kind (S3 by django-storages, for example).
    "images": {
        "BACKEND": env.str("JOCC_IMAGE_STORAGE", "jocc.storage.Folder"),
        "OPTIONS": env.json("JOCC_IMAGE_STORAGE_OPTIONS", {}),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or env.bool("JOCC_PLAIN_STATIC", False)
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or env.bool("JOCC_PLAIN_STATIC", False)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

#: How many seconds a process may remember what boards with the same rights show (at most one; 0: never).
BOARD_FRESH_S = env.float("JOCC_BOARD_FRESH_S", 1.0)

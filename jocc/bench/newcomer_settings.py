"""Settings of the baseline's workers: Django's own database backend, which tells the database of no principal."""

from jocc.settings import *  # noqa: F403

for _database in DATABASES.values():  # noqa: F405
    _database["ENGINE"] = "django.db.backends.postgresql"

"""Settings, one room per concern; every value that differs between places is read from the environment."""

from jocc.settings.accounts import *  # noqa: F403  (Django reads settings as one flat module)
from jocc.settings.api import *  # noqa: F403
from jocc.settings.audit import *  # noqa: F403
from jocc.settings.base import *  # noqa: F403
from jocc.settings.celery import *  # noqa: F403
from jocc.settings.database import *  # noqa: F403
from jocc.settings.duties import *  # noqa: F403
from jocc.settings.factors import *  # noqa: F403
from jocc.settings.logs import *  # noqa: F403
from jocc.settings.pages import *  # noqa: F403
from jocc.settings.security import *  # noqa: F403

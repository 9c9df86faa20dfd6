"""Celery carries doorbells only: the row in PostgreSQL is the work, so a lost message loses nothing."""

from jocc.settings.database import REDIS_URL as _redis_url
from jocc.settings.environment import env

CELERY_BROKER_URL = (
    f"redis+socket://{_redis_url.removeprefix('unix://')}" if _redis_url.startswith("unix://") else _redis_url
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = env.int("JOCC_TASKS_PER_CHILD", 20_000)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,  # longer than the longest task
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "retry_on_timeout": True,
}
# A ring that cannot be sent is dropped at once: the sweeper rings again within a second.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "jocc"

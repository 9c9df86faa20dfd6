"""PostgreSQL through the backend that stamps each transaction with its principal; Valkey or Redis as cache."""

from jocc.settings.environment import PROCESS, env

_options = {"connect_timeout": 5, "application_name": f"jocc-{PROCESS}"}


def _database(url_name: str) -> dict[str, object]:
    config = env.db_url(url_name)
    query_options = config.get("OPTIONS", {})
    return config | {
        "ENGINE": "jocc.pg",
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": _options | query_options,
    }


DATABASES = {"default": _database("DATABASE_URL")}
if env.str("DATABASE_OWNER_URL", ""):
    DATABASES["owner"] = _database("DATABASE_OWNER_URL") | {"ATOMIC_REQUESTS": False}

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "jocc.cache.TolerantRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "jocc",
        # A server that hangs is an absent one: nobody waits for it longer than a second.
        "OPTIONS": {
            "serializer": "jocc.cache.PlainSerializer",
            "socket_timeout": 1,
            "socket_connect_timeout": 1,
        },
    }
}

"""The restricted database roles, made by the owner."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.db import InternalError, connections, transaction
from psycopg2 import sql

from agencies.walls import INGEST, WEB

#: How often a role is written that another preparation of this server writes too.
TRIES = 10
_PASSWORDS = ((WEB, "JOCC_WEB_PASSWORD"), (INGEST, "JOCC_INGEST_PASSWORD"))


def roles_ensure(alias: str) -> None:
    """Create or renew the roles of web and workers, with the passwords that the environment gives."""
    with connections[alias].cursor() as cursor:
        for role, variable in _PASSWORDS:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            exists = cursor.fetchone() is not None
            password = os.environ.get(variable, "")
            if not exists and not password:
                raise ImproperlyConfigured(
                    f"{variable} is not set: the role {role} cannot be created without a password."
                )
            if password:
                _role_write(alias, "ALTER" if exists else "CREATE", role, password)
            cursor.execute(
                sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                    sql.Identifier(connections[alias].settings_dict["NAME"]), sql.Identifier(role)
                )
            )


def _role_write(alias: str, verb: str, role: str, password: str) -> None:
    """Roles are the whole server's: whoever prepares another database of it at this moment may come first."""
    statement = sql.SQL(verb + " ROLE {} LOGIN NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD {}").format(
        sql.Identifier(role), sql.Literal(password)
    )
    for left in range(TRIES - 1, -1, -1):
        try:
            with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
                cursor.execute(statement)
            return
        except InternalError:  # "tuple concurrently updated": undone, and nothing lost
            if not left:
                raise

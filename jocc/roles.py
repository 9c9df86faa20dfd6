"""The restricted database roles, made by the owner."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from psycopg2 import sql

from agencies.walls import INGEST, WEB

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
                verb = "ALTER" if exists else "CREATE"
                cursor.execute(
                    sql.SQL(verb + " ROLE {} LOGIN NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD {}").format(
                        sql.Identifier(role), sql.Literal(password)
                    )
                )
            cursor.execute(
                sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                    sql.Identifier(connections[alias].settings_dict["NAME"]), sql.Identifier(role)
                )
            )

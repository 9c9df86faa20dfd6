#!/bin/sh
# Run once by the postgres image when the database is new: makes the owner of the centre's database.
# The owner is no superuser, because a superuser walks through row-level security.
set -eu
: "${JOCC_OWNER_PASSWORD:?say the password of the role jocc_owner}"

psql --username "$POSTGRES_USER" --dbname postgres --no-psqlrc -v ON_ERROR_STOP=1 \
     -v password="$JOCC_OWNER_PASSWORD" <<'SQL'
CREATE ROLE jocc_owner LOGIN NOSUPERUSER CREATEDB CREATEROLE PASSWORD :'password';
CREATE DATABASE jocc OWNER jocc_owner;
-- A function that declares its actor (SET jocc.actor = …) needs this right, once a cluster.
GRANT SET ON PARAMETER jocc.actor TO jocc_owner;
SQL

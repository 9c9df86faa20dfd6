"""The walls of all apps together, and the tables of Django's own apps."""

import agencies.wall_tables
import intelligence.wall_tables
import scanning.wall_tables
from agencies.walls import Wall, open_table

FRAMEWORK = [
    open_table("auth_group"),
    open_table("auth_group_permissions"),
    open_table("auth_permission"),
    open_table("django_content_type"),
    open_table("django_migrations"),
    open_table("django_session", web="SELECT INSERT UPDATE DELETE", ingest="SELECT DELETE"),
    open_table("account_emailaddress", ingest=""),
    open_table("account_emailconfirmation", web="", ingest=""),
    # takes its place, and these two stay closed.
    open_table("django_admin_log", web="", ingest=""),
    open_table("guardian_groupobjectpermission", web="", ingest=""),
    open_table("guardian_userobjectpermission", web="", ingest=""),
]

WALLS: list[Wall] = [
    *FRAMEWORK,
    *agencies.wall_tables.WALLS,
    *intelligence.wall_tables.WALLS,
    *scanning.wall_tables.WALLS,
]

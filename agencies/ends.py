"""Rights that end, declared so that a restored backup cannot bring them back to life.

When one of these ends, a trigger writes down what ended (uids and numbers, never a name or a mark); the scheduler
takes it to a journal outside the database (jocc/upkeep). A restore carries out again what the backup does not
know (docs/adr/0012). A new table whose rows carry a right declares its end here or in its own app's `ends.py`;
grants of every granted table are declared by themselves.
"""

import dataclasses

from agencies.walls import Wall


@dataclasses.dataclass(frozen=True, kw_only=True)
class End:
    """One way in which a right ends.

    `event` and `condition` say when (over OLD and NEW), `subject` is what is written down (a jsonb expression; NULL
    writes nothing), `again` ends the same right once more: its parameters are the subject's names.
    """

    kind: str
    table: str
    event: str
    subject: str
    again: str
    condition: str = "true"
    #: Which table a journal entry of this kind is about, when one kind stands for several tables.
    about: str = ""

    @property
    def trigger(self) -> str:
        """The name of the trigger and of its function."""
        return f"{self.table}_{self.kind}_ended"


def grant_end(wall: Wall) -> End:
    """The end of a grant of this wall's records: a recall, an expiry, a withdrawal."""
    grant, table = wall.grant_table, wall.table
    return End(
        kind="grant",
        table=grant,
        about=grant,
        event="DELETE OR UPDATE",
        subject=(
            f"(SELECT jsonb_build_object('table', '{grant}', 'record', t.uid, 'group', OLD.group_id,"  # noqa: S608
            f" 'permission', OLD.permission_id) FROM {table} t WHERE t.id = OLD.content_object_id)"
        ),
        again=(
            f"DELETE FROM {grant} g USING {table} t WHERE t.id = g.content_object_id"  # noqa: S608
            " AND t.uid = %(record)s::uuid AND g.group_id = %(group)s AND g.permission_id = %(permission)s"
        ),
    )


ENDS = [
    End(
        kind="token",
        table="agencies_servicetoken",
        event="UPDATE OF revoked_at",
        condition="OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL",
        subject="jsonb_build_object('token', NEW.uid)",
        again=(
            "UPDATE agencies_servicetoken SET revoked_at = now()"
            " WHERE uid = %(token)s::uuid AND revoked_at IS NULL"
        ),
    ),
    End(
        kind="account",
        table="agencies_serviceaccount",
        event="UPDATE OF is_active, scopes, clearance, allowed_addresses",
        condition="(OLD.is_active, OLD.scopes, OLD.clearance, OLD.allowed_addresses) IS DISTINCT FROM"
        " (NEW.is_active, NEW.scopes, NEW.clearance, NEW.allowed_addresses)",
        subject="jsonb_build_object('account', NEW.uid, 'active', NEW.is_active, 'scopes', NEW.scopes,"
        " 'clearance', NEW.clearance, 'addresses', NEW.allowed_addresses)",
        again=(
            "UPDATE agencies_serviceaccount SET is_active = is_active AND %(active)s,"
            " scopes = ARRAY(SELECT unnest(scopes) INTERSECT SELECT unnest(%(scopes)s::text[]) ORDER BY 1),"
            " clearance = least(clearance, %(clearance)s), allowed_addresses = %(addresses)s::varchar[]"
            " WHERE uid = %(account)s::uuid"
        ),
    ),
    End(
        kind="officer",
        table="agencies_officer",
        event="UPDATE OF is_active, role, clearance, agency_id, password",
        condition="(OLD.is_active, OLD.role, OLD.clearance, OLD.agency_id, OLD.password) IS DISTINCT FROM"
        " (NEW.is_active, NEW.role, NEW.clearance, NEW.agency_id, NEW.password)",
        # The new password stays where it is: whoever renewed it gets a fresh one after a restore.
        subject="jsonb_build_object('officer', NEW.uid, 'active', NEW.is_active, 'role', NEW.role,"
        " 'clearance', NEW.clearance, 'agency', NEW.agency_id, 'renewed', OLD.password <> NEW.password)",
        again=(
            "UPDATE agencies_officer SET is_active = is_active AND %(active)s, role = %(role)s,"
            " clearance = least(clearance, %(clearance)s), agency_id = %(agency)s,"
            " password = CASE WHEN %(renewed)s THEN '!ended' ELSE password END WHERE uid = %(officer)s::uuid"
        ),
    ),
    # A factor is named by its officer, kind and moment: its secret never leaves the row.
    End(
        kind="factor",
        table="mfa_authenticator",
        event="DELETE",
        subject="(SELECT jsonb_build_object('officer', o.uid, 'type', OLD.type, 'added', OLD.created_at)"
        " FROM agencies_officer o WHERE o.id = OLD.user_id)",
        again=(
            "WITH gone AS (DELETE FROM mfa_authenticator a USING agencies_officer o"
            " WHERE o.id = a.user_id AND o.uid = %(officer)s::uuid AND a.type = %(type)s"
            " AND a.created_at = %(added)s::timestamptz RETURNING a.id, a.user_id),"
            " bare AS (UPDATE agencies_officer o SET factored_at = NULL FROM gone WHERE o.id = gone.user_id"
            " AND NOT EXISTS (SELECT 1 FROM mfa_authenticator a WHERE a.user_id = o.id AND a.type <> 'recovery_codes'"
            " AND a.id NOT IN (SELECT id FROM gone)))"
            " SELECT id FROM gone"
        ),
    ),
    # A code that was used is worthless for ever; `used` are the bits of all that were.
    End(
        kind="code",
        table="mfa_authenticator",
        event="UPDATE OF data",
        condition="OLD.type = 'recovery_codes' AND OLD.data -> 'used_mask' IS DISTINCT FROM NEW.data -> 'used_mask'",
        subject="(SELECT jsonb_build_object('officer', o.uid, 'added', NEW.created_at, 'used', NEW.data -> 'used_mask')"
        " FROM agencies_officer o WHERE o.id = NEW.user_id)",
        again=(
            "UPDATE mfa_authenticator a SET data = jsonb_set(data, '{used_mask}',"
            " to_jsonb((data ->> 'used_mask')::int | %(used)s)) FROM agencies_officer o WHERE o.id = a.user_id"
            " AND o.uid = %(officer)s::uuid AND a.type = 'recovery_codes' AND a.created_at = %(added)s::timestamptz"
        ),
    ),
    End(
        kind="member",
        table="agencies_officer_groups",
        event="DELETE",
        subject="(SELECT jsonb_build_object('officer', o.uid, 'group', OLD.group_id)"
        " FROM agencies_officer o WHERE o.id = OLD.officer_id)",
        again=(
            "DELETE FROM agencies_officer_groups m USING agencies_officer o"
            " WHERE o.id = m.officer_id AND o.uid = %(officer)s::uuid AND m.group_id = %(group)s"
        ),
    ),
]

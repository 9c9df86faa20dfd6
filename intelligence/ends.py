"""How a lookout ends: once withdrawn, it must not stop anybody again because a backup was restored."""

from agencies.ends import End

ENDS = [
    End(
        kind="lookout",
        table="intelligence_lookout",
        event="UPDATE OF state, expires_at",
        condition="(OLD.state = 'active' AND NEW.state <> 'active') OR NEW.expires_at < OLD.expires_at",
        subject="jsonb_build_object('lookout', NEW.uid, 'state', NEW.state, 'expires', NEW.expires_at)",
        again=(
            "UPDATE intelligence_lookout SET state = CASE WHEN state = 'active' THEN %(state)s ELSE state END,"
            " expires_at = least(expires_at, %(expires)s::timestamptz) WHERE uid = %(lookout)s::uuid"
        ),
    )
]

"""How lookouts and sharings end: what was withdrawn or taken back must not come to life because a backup was restored."""

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
    ),
    # The grant's own end is written down as every grant's is; this is the legal record beside it.
    End(
        kind="share",
        table="intelligence_dissemination",
        event="UPDATE OF ended_at, expires_at",
        condition="(OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)"
        " OR NEW.expires_at < coalesce(OLD.expires_at, 'infinity')",
        subject="jsonb_build_object('share', NEW.uid, 'ended', NEW.ended_at, 'ending', NEW.ending,"
        " 'expires', NEW.expires_at)",
        again=(
            "UPDATE intelligence_dissemination SET ended_at = coalesce(ended_at, %(ended)s::timestamptz),"
            " ending = CASE WHEN ending = '' THEN %(ending)s ELSE ending END,"
            " expires_at = least(expires_at, %(expires)s::timestamptz) WHERE uid = %(share)s::uuid"
        ),
    ),
]

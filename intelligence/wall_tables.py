"""Who may touch the tables of intelligence."""

from agencies.walls import AUTHOR, MINE, OWNED, READER, Wall, granted_table

_DECISION = ("state", "decided_by_id", "decided_at", "reject_reason", "outcome")
# A further sighting of the same vehicle at the same visit: a better reading, a later place. And the passage, where an
# officer has corrected which one it was.
_SIGHTING = (
    "mark_seen",
    "country_seen",
    "mark_confidence",
    "strength",
    "place",
    "device_id",
    "lane_id",
    "is_late",
    "sightings",
    "last_seen_at",
    "passage_uid",
)

_ENDED = ("ended_at", "ended_by_id", "ending", "ended_reason")

# What was received stays as it was received.
_HANDLED = ("marking_received", "handling")

WALLS = [
    *granted_table(
        "intelligence",
        "lookout",
        ingest_update=("state",),
        ingest_ends=True,
        about_persons=True,
        fixed=_HANDLED,
    ),
    *granted_table(
        "intelligence",
        "hit",
        editor=AUTHOR,
        web=("SELECT",),
        web_update=_DECISION,
        ingest=("SELECT", "INSERT"),
        ingest_update=(*_DECISION, *_SIGHTING),
        ingest_ends=True,
        about_persons=True,
    ),
    # Whoever may read a notice may take it and decide on it; the columns say that they can do no more.
    *granted_table(
        "intelligence",
        "notice",
        editor=READER,
        web=("SELECT",),
        web_update=(*_DECISION, "taken_by_id", "taken_at"),
        ingest=("SELECT", "INSERT"),
        ingest_update=("state", "escalated_at", "escalations", "reflected_at", *_SIGHTING),
    ),
    Wall(
        table="intelligence_accessrequest",
        reader=OWNED,
        author=OWNED,
        web=("SELECT", "INSERT"),
        ingest_update=("routed_at", "outcome", "message", "answered_at"),
    ),
    # Made by the worker, answered by the owner; nobody else is ever granted one.
    *granted_table(
        "intelligence",
        "accesscase",
        web=("SELECT",),
        web_update=("state", "message", "answered_at", "answered_by_id"),
        ingest=("SELECT", "INSERT"),
        ingest_update=("carried_at",),
        about_persons=True,
    ),
    # The proposer makes it, the lookout's owner decides on it, and neither can do the other's part.
    *granted_table(
        "intelligence",
        "proposal",
        editor=f"owner_group_id = ANY ({MINE})",
        web_update=("state", "taken", "decided_by_id", "decided_at", "decision_reason"),
        about_persons=True,
    ),
    # The legal record of a sharing: what was given to whom stays as it was, only its end is written.
    *granted_table(
        "intelligence",
        "dissemination",
        editor=AUTHOR,
        web_update=("expires_at", *_ENDED),
        ingest=("SELECT", "INSERT"),
        ingest_update=_ENDED,
        about_persons=True,
    ),
    # Made by the originator; whoever had the record confirms that it is gone, and can do no more.
    *granted_table(
        "intelligence",
        "recallreceipt",
        editor=f"recipient_group_id = ANY ({MINE})",
        web_update=("confirmed_at", "confirmed_by_id"),
        about_persons=True,
    ),
    *granted_table("intelligence", "tearline", web_update=(), about_persons=True),
    Wall(
        table="intelligence_check",
        reader=OWNED,
        author=OWNED,
        web=("SELECT", "INSERT"),
        ingest_update=("outcome", "notice_uids", "answered_at"),
    ),
    Wall(
        table="intelligence_shown",
        reader=OWNED,
        author=OWNED,
        web=("SELECT", "INSERT"),
        ingest=("SELECT", "DELETE"),
    ),
]

"""Who may touch the tables of audit and agencies.

Audit stands below the gate, so its tables are declared here.
"""

from agencies.walls import MINE, OWNED, READER, Wall, granted_table, open_table

_OWN_FACTOR = (
    "(SELECT jocc_actor()) = 'officer' AND user_id ="
    " (SELECT o.id FROM agencies_officer o WHERE o.uid = nullif(current_setting('jocc.uid', true), '')::uuid)"
)
_AT_THE_DOOR = f"(SELECT jocc_actor()) = 'nobody' OR {OWNED}"
_PROPOSAL = "EXISTS (SELECT 1 FROM agencies_countersign c WHERE c.id = countersign_id)"

#: The time, the random id and the transaction of a record are the database's word.
_RECORD = (
    "INSERT (actor, actor_uid, actor_label, agency_group_id, action, object_type, object_uids, purpose,"
    " request_id, detail)"
)
_HEADS = (
    "SELECT (number, sealed_at, after_id, until_id, last_id, from_tx, before_tx, ledgers_root, previous_root, root,"
    " key, signature)"
)

WALLS = [
    Wall(
        table="audit_auditevent",
        reader=OWNED,
        author=f"agency_group_id IS NULL OR {OWNED}",
        web=("SELECT", _RECORD),
        ingest=("SELECT", _RECORD),
        append_only=True,
    ),
    # What is sealed: the heads are for everybody, the seeds for the sealer, a ledger for those whose it is.
    Wall(
        table="audit_auditblock",
        secured=False,
        web=(_HEADS,),
        ingest=("SELECT", "INSERT"),
        append_only=True,
    ),
    Wall(
        table="audit_ledgerseal",
        reader=OWNED,
        ingest=("SELECT", "INSERT"),
        append_only=True,
    ),
    Wall(table="audit_sealkey", secured=False, ingest=("SELECT", "INSERT"), append_only=True),
    # The outbox carries no content; pages write it blind, only the relay reads it.
    Wall(table="audit_change", author="true", web=("INSERT",), ingest=("SELECT", "INSERT", "DELETE")),
    # Written by the witness's triggers alone (agencies/witness.py).
    Wall(
        table="agencies_recordhistory",
        reader=f"originator_id = ANY ({MINE}) OR group_id = ANY ({MINE})",
        append_only=True,
    ),
    Wall(
        table="agencies_recordreading",
        reader=f"originator_id = ANY ({MINE}) OR group_id = ANY ({MINE})",
        append_only=True,
    ),
    Wall(table="agencies_officerhistory", reader=OWNED, append_only=True),
    # An officer's second factors are the officer's own rows; nobody reads another's, whatever the role.
    Wall(
        table="mfa_authenticator",
        reader=_OWN_FACTOR,
        author=_OWN_FACTOR,
        editor=_OWN_FACTOR,
        remover=_OWN_FACTOR,
        web=("SELECT", "INSERT", "DELETE"),
        web_update=("data", "last_used_at"),
        ingest=(),
    ),
    Wall(
        table="agencies_factorloss",
        reader=OWNED,
        author=OWNED,
        editor=OWNED,
        web=("SELECT", "INSERT"),
        web_update=("reset_at", "code_digest", "tries", "taken_at", "closed_at"),
        ingest=(),
    ),
    # Whoever must sign may close a proposal; the columns say that they can do no more.
    *granted_table(
        "agencies", "countersign", editor=READER, web_update=("state", "closed_at", "closing_reason")
    ),
    Wall(
        table="agencies_signature",
        reader=_PROPOSAL,
        author=f"{_PROPOSAL} AND {OWNED}",
        web=("SELECT", "INSERT"),
        append_only=True,
    ),
    # Whose session, at which screen: for the own agency; the session itself cannot be told from it.
    Wall(
        table="agencies_signin",
        reader=OWNED,
        author=OWNED,
        editor=OWNED,
        web=("SELECT", "INSERT"),
        web_update=("digest", "seen_at", "ended_at", "ending", "ended_by_id"),
        ingest_update=("ended_at", "ending", "ended_by_id"),
    ),
    # Counted while nobody has signed in yet; read and lifted by the agency whose officer's name it is.
    Wall(
        table="agencies_lockout",
        reader=_AT_THE_DOOR,
        author=_AT_THE_DOOR,
        editor=_AT_THE_DOOR,
        web=("SELECT", "INSERT"),
        web_update=("failures", "since", "last_at", "locked_until"),
        ingest=("SELECT", "DELETE"),
    ),
    open_table("agencies_agency"),
    open_table("agencies_compartment"),
    open_table("agencies_demomark"),
    open_table("agencies_desk", web="SELECT INSERT UPDATE"),
    open_table("agencies_lineage"),
    # Triggers write it with the owner's rights; the scheduler takes the rows to the journal.
    Wall(table="agencies_rightend", web=(), ingest=("SELECT", "DELETE")),
    open_table("agencies_upkeep", ingest="SELECT INSERT UPDATE"),
    open_table("agencies_officer", web="SELECT INSERT UPDATE"),
    open_table("agencies_officer_groups", web="SELECT INSERT DELETE"),
    open_table("agencies_officer_user_permissions", web="SELECT"),
    open_table("agencies_referencecounter", web="SELECT INSERT UPDATE", ingest="SELECT INSERT UPDATE"),
    open_table("agencies_serviceaccount", web="SELECT INSERT UPDATE"),
    open_table("agencies_servicetoken", web="SELECT INSERT UPDATE"),
    open_table("agencies_shift", web="SELECT INSERT UPDATE"),
    open_table("agencies_shift_officers", web="SELECT INSERT DELETE"),
]

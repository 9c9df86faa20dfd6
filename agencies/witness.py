"""The witness: database triggers that write down who was given which record, and what an officer was, and when.

`manage.py database_prepare` puts them up after the walls, from the same declarations, so every protected table
has them and no path (ORM, COPY, admin, psql) can forget them. What stood before the first time is written down
as `known`: from that moment on it is certain, before it nobody can tell.

A row's time is the database's clock while the record's row is locked, so the rows of one record stand in the
order in which its changes took effect.
"""

from collections.abc import Iterable, Sequence

from django.db.backends.utils import CursorWrapper

from agencies.walls import Wall

#: Columns that decide over seeing, or tell what became of the record; a table has some of them.
DECIDING = ("classification", "caveat", "expires_at", "originator_id", "state")
_LABELS = ("reference", "code")

_ACTOR = (
    "coalesce(nullif(jocc_actor(), ''), session_user::text), nullif(current_setting('jocc.uid', true), '')::uuid,"
    " coalesce(current_setting('jocc.request', true), ''), pg_current_xact_id()::text::bigint"
)
_COLUMNS = "(at, event, kind, record_uid, label, originator_id, group_id, facts, actor, actor_uid, request_id, transaction)"

# The names begin with w: triggers fire in the order of their names, and the wall's own lock the record first.
_RECORD = """
CREATE OR REPLACE FUNCTION {table}_witness(event text, ids bigint[], groups int[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE moment timestamptz;
BEGIN
  PERFORM 1 FROM {table} WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  moment := clock_timestamp();
  INSERT INTO agencies_recordhistory {columns}
  SELECT moment, event, '{model}', t.uid, {label}, t.originator_id, one.group_id, jsonb_build_object({facts}), {actor}
    FROM unnest(ids, groups) AS one (id, group_id) JOIN {table} t ON t.id = one.id;
END $$;
CREATE OR REPLACE FUNCTION {grant}_witness_given() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE ids bigint[]; groups int[];
BEGIN
  SELECT array_agg(a.content_object_id ORDER BY a.id), array_agg(a.group_id ORDER BY a.id) INTO ids, groups
    FROM added a JOIN auth_permission p ON p.id = a.permission_id AND p.codename = 'view_{model}';
  IF ids IS NOT NULL THEN PERFORM {table}_witness('given', ids, groups); END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION {grant}_witness_withdrawn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE ids bigint[]; groups int[];
BEGIN
  SELECT array_agg(r.content_object_id ORDER BY r.id), array_agg(r.group_id ORDER BY r.id) INTO ids, groups
    FROM removed r JOIN auth_permission p ON p.id = r.permission_id AND p.codename = 'view_{model}';
  IF ids IS NOT NULL THEN PERFORM {table}_witness('withdrawn', ids, groups); END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION {grant}_witness_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE ids bigint[]; groups int[];
BEGIN
  SELECT array_agg(r.content_object_id ORDER BY r.id), array_agg(r.group_id ORDER BY r.id) INTO ids, groups
    FROM removed r JOIN auth_permission p ON p.id = r.permission_id AND p.codename = 'view_{model}';
  IF ids IS NOT NULL THEN PERFORM {table}_witness('withdrawn', ids, groups); END IF;
  SELECT array_agg(a.content_object_id ORDER BY a.id), array_agg(a.group_id ORDER BY a.id) INTO ids, groups
    FROM added a JOIN auth_permission p ON p.id = a.permission_id AND p.codename = 'view_{model}';
  IF ids IS NOT NULL THEN PERFORM {table}_witness('given', ids, groups); END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION {grant}_witness_emptied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE ids bigint[]; groups int[];
BEGIN
  SELECT array_agg(t.id), array_agg(last.group_id) INTO ids, groups FROM (
    SELECT DISTINCT ON (record_uid, group_id) record_uid, group_id, event FROM agencies_recordhistory
     WHERE kind = '{model}' ORDER BY record_uid, group_id, id DESC
  ) last JOIN {table} t ON t.uid = last.record_uid WHERE last.event <> 'withdrawn';
  IF ids IS NOT NULL THEN PERFORM {table}_witness('withdrawn', ids, groups); END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION {table}_witness_decided() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE ids bigint[]; groups int[];
BEGIN
  SELECT array_agg(NEW.id), array_agg(holder) INTO ids, groups
    FROM unnest(NEW.viewers) AS holder;
  IF ids IS NOT NULL THEN PERFORM {table}_witness('changed', ids, groups); END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER witness_given AFTER INSERT ON {grant} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION {grant}_witness_given();
CREATE OR REPLACE TRIGGER witness_withdrawn AFTER DELETE ON {grant} REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION {grant}_witness_withdrawn();
CREATE OR REPLACE TRIGGER witness_changed AFTER UPDATE ON {grant} REFERENCING NEW TABLE AS added OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION {grant}_witness_changed();
CREATE OR REPLACE TRIGGER witness_emptied AFTER TRUNCATE ON {grant}
  FOR EACH STATEMENT EXECUTE FUNCTION {grant}_witness_emptied();
CREATE OR REPLACE TRIGGER witness_decided AFTER UPDATE ON {table} FOR EACH ROW
  WHEN ({differs}) EXECUTE FUNCTION {table}_witness_decided();
REVOKE ALL ON FUNCTION {table}_witness(text, bigint[], int[]), {grant}_witness_given(), {grant}_witness_withdrawn(),
  {grant}_witness_changed(), {grant}_witness_emptied(), {table}_witness_decided() FROM PUBLIC;
"""

_RECORD_KNOWN = """
INSERT INTO agencies_recordhistory {columns}
SELECT clock_timestamp(), 'known', '{model}', t.uid, {label}, t.originator_id, g.group_id,
       jsonb_build_object({facts}), {actor}
  FROM {grant} g JOIN {table} t ON t.id = g.content_object_id
  JOIN auth_permission p ON p.id = g.permission_id AND p.codename = 'view_{model}' ORDER BY t.id, g.group_id
"""

_OFFICER_VALUES = """
o.uid, a.group_id, o.role, o.clearance, o.is_active, (
         SELECT to_jsonb(array_agg(DISTINCT held ORDER BY held)) FROM (
           SELECT a.group_id AS held UNION SELECT m.group_id FROM agencies_officer_groups m WHERE m.officer_id = o.id
         ) every)
"""
_OFFICER_COLUMNS = (
    "(at, event, officer_uid, agency_group_id, role, clearance, is_active, group_ids,"
    " actor, actor_uid, request_id, transaction)"
)
_OFFICER = """
CREATE OR REPLACE FUNCTION jocc_witness_officers(said text, ids bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE moment timestamptz;
BEGIN
  -- Lock before looking: of two memberships given at once, each would write down the groups without the other.
  PERFORM 1 FROM agencies_officer WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  moment := clock_timestamp();
  INSERT INTO agencies_officerhistory {columns}
  SELECT moment, said, {values}, {actor}
    FROM agencies_officer o JOIN agencies_agency a ON a.id = o.agency_id WHERE o.id = ANY (ids) ORDER BY o.id;
END $$;
CREATE OR REPLACE FUNCTION jocc_witness_officer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM jocc_witness_officers('given', ARRAY[NEW.id]);
    RETURN NULL;
  END IF;
  IF OLD.agency_id IS DISTINCT FROM NEW.agency_id AND OLD.agency_id IS NOT NULL THEN
    INSERT INTO agencies_officerhistory {columns}
    SELECT clock_timestamp(), 'left', OLD.uid, a.group_id, OLD.role, OLD.clearance, false, '[]'::jsonb, {actor}
      FROM agencies_agency a WHERE a.id = OLD.agency_id;
  END IF;
  PERFORM jocc_witness_officers('changed', ARRAY[NEW.id]);
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION jocc_witness_members() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN PERFORM jocc_witness_officers('changed', ARRAY(SELECT DISTINCT officer_id FROM members)); RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION jocc_witness_members_emptied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN PERFORM jocc_witness_officers('changed', ARRAY(SELECT id FROM agencies_officer)); RETURN NULL; END $$;
CREATE OR REPLACE TRIGGER witness_entered AFTER INSERT ON agencies_officer FOR EACH ROW
  EXECUTE FUNCTION jocc_witness_officer();
CREATE OR REPLACE TRIGGER witness_changed AFTER UPDATE ON agencies_officer FOR EACH ROW
  WHEN ((OLD.agency_id, OLD.role, OLD.clearance, OLD.is_active) IS DISTINCT FROM
        (NEW.agency_id, NEW.role, NEW.clearance, NEW.is_active)) EXECUTE FUNCTION jocc_witness_officer();
CREATE OR REPLACE TRIGGER witness_admitted AFTER INSERT ON agencies_officer_groups REFERENCING NEW TABLE AS members
  FOR EACH STATEMENT EXECUTE FUNCTION jocc_witness_members();
CREATE OR REPLACE TRIGGER witness_dismissed AFTER DELETE ON agencies_officer_groups REFERENCING OLD TABLE AS members
  FOR EACH STATEMENT EXECUTE FUNCTION jocc_witness_members();
CREATE OR REPLACE TRIGGER witness_emptied AFTER TRUNCATE ON agencies_officer_groups
  FOR EACH STATEMENT EXECUTE FUNCTION jocc_witness_members_emptied();
REVOKE ALL ON FUNCTION jocc_witness_officers(text, bigint[]), jocc_witness_officer(), jocc_witness_members(),
  jocc_witness_members_emptied() FROM PUBLIC;
"""
_OFFICER_KNOWN = """
INSERT INTO agencies_officerhistory {columns}
SELECT clock_timestamp(), 'known', {values}, {actor}
  FROM agencies_officer o JOIN agencies_agency a ON a.id = o.agency_id ORDER BY o.id
"""

# Who read another's record, for its originator: the agency, the time and the door, never officer or purpose.
_READING = """
CREATE OR REPLACE FUNCTION jocc_witness_reading() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO agencies_recordreading (at, record_uid, originator_id, group_id, actor, action)
  SELECT NEW.at, read.uid, last.originator_id, NEW.agency_group_id, NEW.actor, NEW.action
    FROM unnest(NEW.object_uids) AS read (uid) CROSS JOIN LATERAL (
      SELECT h.originator_id FROM agencies_recordhistory h WHERE h.record_uid = read.uid ORDER BY h.id DESC LIMIT 1
    ) last WHERE last.originator_id <> NEW.agency_group_id;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER witness_reading AFTER INSERT ON audit_auditevent FOR EACH ROW
  WHEN (NEW.action LIKE '%.read') EXECUTE FUNCTION jocc_witness_reading();
REVOKE ALL ON FUNCTION jocc_witness_reading() FROM PUBLIC;
"""
_READING_KNOWN = """
INSERT INTO agencies_recordreading (at, record_uid, originator_id, group_id, actor, action)
SELECT e.at, read.uid, last.originator_id, e.agency_group_id, e.actor, e.action
  FROM audit_auditevent e CROSS JOIN LATERAL unnest(e.object_uids) AS read (uid) CROSS JOIN LATERAL (
    SELECT h.originator_id FROM agencies_recordhistory h WHERE h.record_uid = read.uid ORDER BY h.id DESC LIMIT 1
  ) last WHERE e.action LIKE '%.read' AND last.originator_id <> e.agency_group_id ORDER BY e.at, e.id
"""


def _stands(cursor: CursorWrapper, table: str, trigger: str) -> bool:
    cursor.execute(
        "SELECT 1 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relname = %s AND t.tgname = %s",
        [table, trigger],
    )
    return cursor.fetchone() is not None


def _columns_of(cursor: CursorWrapper, table: str) -> set[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s",
        [table],
    )
    return {name for (name,) in cursor.fetchall()}


def _first(names: Sequence[str], present: set[str]) -> str:
    return next((f"t.{name}" for name in names if name in present), "''")


def _record_apply(cursor: CursorWrapper, wall: Wall) -> None:
    present = _columns_of(cursor, wall.table)
    deciding = [name for name in DECIDING if name in present]
    names = {
        "table": wall.table,
        "grant": wall.grant_table,
        "model": wall.model,
        "columns": _COLUMNS,
        "label": _first(_LABELS, present),
        "facts": ", ".join(f"'{name.removesuffix('_id')}', t.{name}" for name in deciding),
        "differs": " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in deciding),
        "actor": _ACTOR,
    }
    begins = not _stands(cursor, wall.grant_table, "witness_given")
    if begins:  # nothing may be given between what is found and the first trigger
        cursor.execute(f"LOCK TABLE {wall.table}, {wall.grant_table} IN SHARE ROW EXCLUSIVE MODE")
    cursor.execute(_RECORD.format(**names))
    if begins:
        cursor.execute(_RECORD_KNOWN.format(**names))


def _officers_apply(cursor: CursorWrapper) -> None:
    names = {"columns": _OFFICER_COLUMNS, "values": _OFFICER_VALUES, "actor": _ACTOR}
    begins = not _stands(cursor, "agencies_officer", "witness_changed")
    if begins:
        cursor.execute("LOCK TABLE agencies_officer, agencies_officer_groups IN SHARE ROW EXCLUSIVE MODE")
    cursor.execute(_OFFICER.format(**names))
    if begins:
        cursor.execute(_OFFICER_KNOWN.format(**names))


def witness_apply(cursor: CursorWrapper, walls: Iterable[Wall]) -> None:
    """Put up the triggers on every protected table, the officers and the record. Run by the owner; harmless to repeat."""
    for wall in walls:
        if wall.grant_table:
            _record_apply(cursor, wall)
    _officers_apply(cursor)
    begins = not _stands(cursor, "audit_auditevent", "witness_reading")
    cursor.execute(_READING)
    if begins:  # readings of before the first time are in the audit record
        cursor.execute(_READING_KNOWN)

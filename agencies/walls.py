"""Wall 2: row-level security, written from declarations so that every table states who may touch it.

`manage.py database_prepare` applies the declarations of all apps after each migration; they converge, so the
database always holds exactly what stands here. A table that nobody declares has no privileges, and the
start-up check refuses to serve (agencies/startup.py). The reader's predicate is the same rule as
agencies/access.py; tests/agencies/test_walls.py holds both against each other.
"""

import dataclasses
from collections.abc import Iterable, Sequence

from django.db.backends.utils import CursorWrapper

from agencies.choices import STATE_OF_CAVEAT

WEB, INGEST = "jocc_web", "jocc_ingest"

_STATES = " ".join(f"WHEN '{caveat}' THEN '{state}'" for caveat, state in STATE_OF_CAVEAT.items())
_CAVEATS = " ".join(f"WHEN '{state}' THEN '{caveat}'" for caveat, state in STATE_OF_CAVEAT.items())

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION jocc_groups() RETURNS int[] LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('jocc.groups', true), '')::int[] $$;
CREATE OR REPLACE FUNCTION jocc_clearance() RETURNS int LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(nullif(current_setting('jocc.clearance', true), '')::int, -1) $$;
CREATE OR REPLACE FUNCTION jocc_actor() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(current_setting('jocc.actor', true), '') $$;
-- The caveat of the reader's own state; NULL, which equals nothing, for a party of no known state.
CREATE OR REPLACE FUNCTION jocc_caveat() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT CASE current_setting('jocc.state', true) {_CAVEATS} END $$;
CREATE OR REPLACE FUNCTION jocc_state_of(caveat text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT CASE caveat {_STATES} END $$;
-- What the device's own policy lets through; plpgsql keeps the plan, which every page would make several times.
CREATE OR REPLACE FUNCTION jocc_devices() RETURNS SETOF bigint LANGUAGE plpgsql STABLE PARALLEL SAFE
  AS $$ BEGIN RETURN QUERY SELECT d.id FROM public.scanning_device d; END $$;
CREATE OR REPLACE FUNCTION jocc_refuse() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501'; END $$;
"""  # noqa: S608  (our own words)

_MINE = "(SELECT jocc_groups())::int[]"
MINE = _MINE  # for the predicates of other tables
# jocc_groups() stands bare here: the planner then works out its value and estimates with the statistics of
# `viewers`. Behind (SELECT …) it guesses one row in a hundred, and an agency that sees most of 200,000 rows
# waits 246 ms instead of 0.2 for its newest 200.
_UNCAVEATED = "(caveat = '' OR caveat = (SELECT jocc_caveat()))"
READER = (
    f"viewers && jocc_groups() AND classification <= (SELECT jocc_clearance()) AND {_UNCAVEATED}"
    f" AND (expires_at IS NULL OR expires_at > now() OR originator_id = ANY ({_MINE}))"
)
# A caveat is set by an agency of its state alone.
AUTHOR = f"originator_id = ANY ({_MINE}) AND {_UNCAVEATED}"
# IN, not = ANY (array): a hashed filter costs the same for 3 devices and for 300, and the planner cannot take it
# for an index condition, which made single pages read millions of index rows (docs/adr/0010).
THROUGH_DEVICE = "device_id IN (SELECT jocc_devices())"
OWNED = f"agency_group_id = ANY ({_MINE})"
_INGESTING = "(SELECT jocc_actor()) = 'ingest'"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Wall:
    """One table: its policies, and what each database role may do at all.

    `reader`, `author` and `editor` are predicates for SELECT, INSERT and UPDATE of whoever acts; None means
    nobody. `*_update` lists the columns that may be updated, ("*",) all but `viewers`.
    """

    table: str
    reader: str | None = None
    author: str | None = None
    editor: str | None = None
    web: Sequence[str] = ("SELECT",)
    web_update: Sequence[str] = ()
    ingest: Sequence[str] = ("SELECT",)
    ingest_update: Sequence[str] = ()
    remover: str | None = None
    append_only: bool = False
    secured: bool = True
    grant_table: str = ""
    about_persons: bool = False
    fixed: Sequence[str] = ()
    app_label: str = ""
    model: str = ""


def open_table(table: str, web: str = "SELECT", ingest: str = "SELECT") -> Wall:
    """A table without row-level security (who we are, sessions); only privileges are given.

    The privileges stand as words, e.g. "SELECT INSERT UPDATE DELETE".
    """
    return Wall(table=table, secured=False, web=tuple(web.split()), ingest=tuple(ingest.split()))


def granted_table(
    app_label: str,
    model: str,
    *,
    editor: str | None = AUTHOR,
    web: Sequence[str] = ("SELECT", "INSERT"),
    web_update: Sequence[str] = ("*",),
    ingest: Sequence[str] = ("SELECT",),
    ingest_update: Sequence[str] = (),
    ingest_ends: bool = False,
    about_persons: bool = False,
    fixed: Sequence[str] = (),
) -> list[Wall]:
    """A protected record and its grant table, with the triggers that keep `viewers`.

    A record about persons can be granted to competent authorities only, and one that bears a national caveat
    to agencies of that state only: the database refuses anything else, and any change of a `fixed` column.
    `ingest_ends`: the workers take grants away whose time has come.
    """
    table, grant = f"{app_label}_{model}", f"{app_label}_{model}grant"
    mine = f"p.id = content_object_id AND p.originator_id = ANY ({_MINE})"
    parent = f"EXISTS (SELECT 1 FROM {table} p WHERE {mine})"  # noqa: S608  (names of our own tables)
    return [
        Wall(
            table=table,
            reader=READER,
            author=AUTHOR,
            editor=editor,
            web=web,
            web_update=web_update,
            ingest=ingest,
            ingest_update=ingest_update,
            grant_table=grant,
            about_persons=about_persons,
            fixed=fixed,
            app_label=app_label,
            model=model,
        ),
        Wall(
            table=grant,
            reader=f"group_id = ANY ({_MINE}) OR {parent}",
            author=parent,
            remover=parent,
            web=("SELECT", "INSERT", "DELETE"),
            ingest=(
                *(p for p in ("SELECT", "INSERT") if p in ingest),
                *(("DELETE",) if ingest_ends else ()),
            ),
        ),
    ]


_BIRTH = """
CREATE OR REPLACE FUNCTION {table}_audience_fits(ids bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE one bigint;
BEGIN
 FOREACH one IN ARRAY ids LOOP
  IF EXISTS (
    SELECT 1 FROM {table} t JOIN {grant} g ON g.content_object_id = t.id LEFT JOIN (
        SELECT group_id, country, is_authority FROM agencies_agency
        UNION ALL
        SELECT c.group_id, a.country, a.is_authority FROM agencies_compartment c
          JOIN agencies_agency a ON a.id = c.agency_id
      ) party ON party.group_id = g.group_id
     WHERE t.id = one AND g.content_object_id = one AND ({unfit})
  ) THEN
    RAISE EXCEPTION 'this audience is not for such a record' USING ERRCODE = '23514', CONSTRAINT = '{table}_audience_fits';
  END IF;
 END LOOP;
END $$;
CREATE OR REPLACE FUNCTION {table}_caveated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN PERFORM {table}_audience_fits(ARRAY[NEW.id]); RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION {table}_born_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.viewers := ARRAY[NEW.originator_id]; RETURN NEW; END $$;
CREATE OR REPLACE FUNCTION {table}_born() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO {grant} (group_id, permission_id, content_object_id)
  SELECT b.originator_id, p.id, b.id FROM born b, auth_permission p
    JOIN django_content_type c ON c.id = p.content_type_id
   WHERE c.app_label = '{app}' AND c.model = '{model}' AND p.codename = 'view_{model}';
  IF NOT FOUND AND EXISTS (SELECT 1 FROM born) THEN
    RAISE EXCEPTION 'no permission view_{model}: run database_prepare';
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION {table}_viewers(ids bigint[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE one bigint; chosen int[] := ARRAY(SELECT id FROM auth_permission WHERE codename = 'view_{model}');
BEGIN
  -- Lock before computing: two grants at once would each miss the other (NO KEY: the grant's own foreign
  -- key check holds KEY SHARE on the row).
  PERFORM 1 FROM {table} WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
  PERFORM {table}_audience_fits(ids);
  -- Row by row, by the record's own index (hence "+ 0"): for a set the planner chooses loops in loops before the
  -- first ANALYZE, and twenty thousand rows took 48 s instead of one.
  FOREACH one IN ARRAY ids LOOP
    UPDATE {table} t SET viewers = coalesce((
        SELECT array_agg(DISTINCT g.group_id ORDER BY g.group_id) FROM {grant} g
         WHERE g.content_object_id = one AND g.permission_id + 0 = ANY (chosen)), '{{}}')
     WHERE t.id = one;
  END LOOP;
END $$;
CREATE OR REPLACE FUNCTION {grant}_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN PERFORM {table}_viewers(ARRAY(SELECT DISTINCT content_object_id FROM added)); RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION {grant}_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN PERFORM {table}_viewers(ARRAY(SELECT DISTINCT content_object_id FROM removed)); RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION {grant}_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN PERFORM {table}_viewers(ARRAY(SELECT content_object_id FROM added UNION SELECT content_object_id FROM removed));
RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION {grant}_emptied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN UPDATE {table} SET viewers = '{{}}' WHERE viewers <> '{{}}'; RETURN NULL; END $$;
CREATE OR REPLACE TRIGGER born_row BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_born_row();
CREATE OR REPLACE TRIGGER born AFTER INSERT ON {table} REFERENCING NEW TABLE AS born
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_born();
CREATE OR REPLACE TRIGGER caveated AFTER UPDATE OF caveat ON {table} FOR EACH ROW
  WHEN (NEW.caveat IS DISTINCT FROM OLD.caveat) EXECUTE FUNCTION {table}_caveated();
CREATE OR REPLACE TRIGGER added AFTER INSERT ON {grant} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION {grant}_added();
CREATE OR REPLACE TRIGGER removed AFTER DELETE ON {grant} REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION {grant}_removed();
CREATE OR REPLACE TRIGGER changed AFTER UPDATE ON {grant} REFERENCING NEW TABLE AS added OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION {grant}_changed();
CREATE OR REPLACE TRIGGER emptied AFTER TRUNCATE ON {grant} FOR EACH STATEMENT EXECUTE FUNCTION {grant}_emptied();
-- They run with the owner's rights: whoever could hang one on a temporary table of its own could grant itself anything.
REVOKE ALL ON FUNCTION {table}_viewers(bigint[]), {table}_born(), {grant}_added(), {grant}_removed(),
  {grant}_changed(), {grant}_emptied(), {table}_audience_fits(bigint[]), {table}_caveated() FROM PUBLIC;
ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_caveat_known;
ALTER TABLE {table} ADD CONSTRAINT {table}_caveat_known CHECK (caveat = '' OR jocc_state_of(caveat) IS NOT NULL);
CREATE INDEX IF NOT EXISTS {table}_viewers_gin ON {table} USING gin (viewers) WITH (fastupdate = off);
ALTER TABLE {table} ALTER COLUMN viewers SET STATISTICS 1000;
"""
_UNFIT_CAVEAT = "t.caveat <> '' AND party.country IS DISTINCT FROM jocc_state_of(t.caveat)"
_UNFIT_PERSONS = "party.is_authority IS NOT TRUE"


def _policies(wall: Wall) -> list[str]:
    statements = [
        f"ALTER TABLE {wall.table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {wall.table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY keeper ON {wall.table} TO CURRENT_USER USING (true) WITH CHECK (true)",
    ]
    if wall.reader:
        statements.append(f"CREATE POLICY reader ON {wall.table} FOR SELECT USING ({wall.reader})")
    if wall.author:
        statements.append(f"CREATE POLICY author ON {wall.table} FOR INSERT WITH CHECK ({wall.author})")
    if wall.editor:
        statements.append(
            f"CREATE POLICY editor ON {wall.table} FOR UPDATE USING ({wall.editor}) WITH CHECK ({wall.editor})"
        )
    if wall.remover:
        statements.append(f"CREATE POLICY remover ON {wall.table} FOR DELETE USING ({wall.remover})")
    statements.append(
        f"CREATE POLICY ingest ON {wall.table} TO {INGEST} USING ({_INGESTING}) WITH CHECK ({_INGESTING})"
    )
    return statements


def _columns(cursor: CursorWrapper, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " ORDER BY ordinal_position",
        [table],
    )
    return [row[0] for row in cursor.fetchall()]


def _privileges(cursor: CursorWrapper, wall: Wall) -> list[str]:
    columns = [c for c in _columns(cursor, wall.table) if not (wall.grant_table and c == "viewers")]
    listed = ", ".join(f'"{c}"' for c in columns)
    statements = []
    for role, words, update in ((WEB, wall.web, wall.web_update), (INGEST, wall.ingest, wall.ingest_update)):
        statements.append(f"REVOKE ALL ON {wall.table} FROM {role}")
        for word in words:
            if word == "INSERT" and wall.grant_table:
                statements.append(f"GRANT INSERT ({listed}) ON {wall.table} TO {role}")
            else:
                statements.append(f"GRANT {word} ON {wall.table} TO {role}")
        if update:
            chosen = listed if tuple(update) == ("*",) else ", ".join(f'"{c}"' for c in update)
            statements.append(f"GRANT UPDATE ({chosen}) ON {wall.table} TO {role}")
    return statements


def wall_apply(cursor: CursorWrapper, wall: Wall) -> None:
    """Make one table's policies, triggers and privileges exactly what the wall declares."""
    cursor.execute(
        "SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = %s", [wall.table]
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP POLICY "{name}" ON {wall.table}')
    if wall.grant_table:
        cursor.execute(
            _BIRTH.format(
                table=wall.table,
                grant=wall.grant_table,
                app=wall.app_label,
                model=wall.model,
                unfit=" OR ".join([_UNFIT_CAVEAT, *([_UNFIT_PERSONS] if wall.about_persons else [])]),
            )
        )
    if wall.fixed:
        changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in wall.fixed)
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER refuse_other BEFORE UPDATE ON {wall.table}"
            f" FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION jocc_refuse()"
        )
    if wall.append_only:
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {wall.table}"
            " FOR EACH ROW EXECUTE FUNCTION jocc_refuse()"
        )
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER refuse_truncate BEFORE TRUNCATE ON {wall.table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION jocc_refuse()"
        )
    for statement in [*(_policies(wall) if wall.secured else ()), *_privileges(cursor, wall)]:
        cursor.execute(statement)


def walls_apply(cursor: CursorWrapper, walls: Iterable[Wall]) -> None:
    """Apply all walls. Run by the owner after every migration; harmless to repeat."""
    cursor.execute(FUNCTIONS)
    cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {WEB}, {INGEST}")
    cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {WEB}, {INGEST}, PUBLIC")
    cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WEB}, {INGEST}")
    for wall in walls:
        wall_apply(cursor, wall)

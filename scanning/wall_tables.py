"""Who may touch the tables of scanning."""

from agencies.walls import MINE, OWNED, THROUGH_DEVICE, Wall, granted_table, open_table

# The part's own policy decides here. OFFSET 0 keeps the planner from hashing all visible parts for one page.
_PASSAGE = "EXISTS (SELECT 1 FROM scanning_passagepart p WHERE p.passage_id = scanning_passage.id OFFSET 0)"
# Nobody writes in another agency's name, nor beside a device that is not seen.
_IN_OWN_NAME = (
    f"{THROUGH_DEVICE} AND agency_id IN (SELECT a.id FROM agencies_agency a WHERE a.group_id = ANY ({MINE}))"  # noqa: S608  (our own words)
)
# Nor beside an alarm, or an outage, of another device.
_NOTE = (
    f"{_IN_OWN_NAME} AND EXISTS (SELECT 1 FROM scanning_alarm s"  # noqa: S608  (our own words)
    " WHERE s.id = alarm_id AND s.device_id = scanning_alarmnote.device_id)"
)
_REVIEW = f"{THROUGH_DEVICE} AND officer_uid = (SELECT nullif(current_setting('jocc.uid', true), '')::uuid)"
# What is done to a device, what its outage comes to, and pictures beside its events: its owner's alone to write.
_OWN_DEVICE = f"device_id IN (SELECT d.id FROM scanning_device d WHERE d.originator_id = ANY ({MINE}))"  # noqa: S608  (our own words)
# Others report that it does not work, and nothing about how that ends.
_REPORT = "kind = 'reported' AND stage = 'reported' AND ends_at IS NULL AND taken_at IS NULL AND cause = '' AND remedy = ''"
_STEP = (
    f"{_IN_OWN_NAME} AND EXISTS (SELECT 1 FROM scanning_outage o"  # noqa: S608  (our own words)
    " WHERE o.id = outage_id AND o.device_id = scanning_outagenote.device_id)"
)
# Gone at its time for everybody but the agencies that keep it: the policy of the keeps shows each its own alone.
_IMAGE = (
    f"{THROUGH_DEVICE} AND (expires_at > now() OR EXISTS (SELECT 1 FROM scanning_imagekeep k"  # noqa: S608
    " WHERE k.image_id = scanning_image.id AND k.released_at IS NULL OFFSET 0))"
)
# Nobody corrects what is not seen; the worker, which carries it out, looks again at what the rows name.
_CORRECTION = (
    f"{_IN_OWN_NAME} AND state = 'waiting' AND fault = '' AND done_at IS NULL"  # noqa: S608  (our own words)
    " AND EXISTS (SELECT 1 FROM scanning_passage s WHERE s.uid = source_uid)"
    " AND (kind <> 'merge' OR EXISTS (SELECT 1 FROM scanning_passage t WHERE t.uid = target_uid))"
)
_WORKER = ("SELECT", "INSERT")
_EXPIRY = ("SELECT", "DELETE")

WALLS = [
    open_table("scanning_site"),
    *granted_table("scanning", "lane"),
    *granted_table("scanning", "device"),
    Wall(table="scanning_devicestatus", reader=THROUGH_DEVICE, ingest=_WORKER, ingest_update=("*",)),
    Wall(
        table="scanning_delivery",
        reader=OWNED,
        author=OWNED,
        editor=OWNED,
        web=("SELECT", "INSERT"),
        web_update=("state", "attempts", "lease_until", "error_code", "error_detail"),
        ingest_update=(
            "state",
            "attempts",
            "lease_until",
            "done_at",
            "error_code",
            "error_detail",
            "result",
            "body",
        ),
    ),
    Wall(
        table="scanning_deliverykey",
        reader=THROUGH_DEVICE,
        author=THROUGH_DEVICE,
        web=("SELECT", "INSERT"),
        ingest=_WORKER,
    ),
    Wall(table="scanning_scanevent", reader=THROUGH_DEVICE, ingest=_WORKER, ingest_update=("passage_id",)),
    Wall(table="scanning_passage", reader=_PASSAGE, ingest=_WORKER, ingest_update=("first_at", "last_at")),
    Wall(
        table="scanning_passagepart",
        reader=THROUGH_DEVICE,
        ingest=(*_WORKER, "DELETE"),
        ingest_update=("first_at", "last_at", "result", "events"),
    ),
    Wall(
        table="scanning_passagemark",
        reader=THROUGH_DEVICE,
        ingest=(*_WORKER, "DELETE"),
        ingest_update=("first_at", "last_at", "confidence"),
    ),
    Wall(
        table="scanning_passagemove",
        reader=THROUGH_DEVICE,
        author=_CORRECTION,
        web=("SELECT", "INSERT"),
        ingest=_WORKER,
        ingest_update=("events", "state", "fault", "done_at"),
    ),
    Wall(table="scanning_passagefollower", web=(), ingest=_WORKER),
    Wall(
        table="scanning_alarm",
        reader=THROUGH_DEVICE,
        editor=THROUGH_DEVICE,
        web_update=(
            "acknowledged_at",
            "acknowledged_by_id",
            "assigned_at",
            "assigned_to_id",
            "cleared_at",
            "cleared_by_id",
            "comment",
            "escalated_at",
            "escalated_by_id",
            "silence_broken_at",
            "silenced_by_id",
            "silenced_from",
            "silenced_until",
        ),
        ingest=_WORKER,
        ingest_update=(
            "acknowledged_at",
            "acknowledged_by_id",
            "last_at",
            "passage_id",
            "repeats",
            "reopened",
            "rung_again_at",
            "severity",
            "detail",
            "cleared_at",
            "escalated_at",
            "is_late",
            "silence_broken_at",
        ),
    ),
    Wall(
        table="scanning_alarmnote",
        reader=THROUGH_DEVICE,
        author=_NOTE,
        web=("SELECT", "INSERT"),
        ingest=_WORKER,
        append_only=True,
    ),
    Wall(
        table="scanning_alarmreview",
        reader=_REVIEW,
        author=_REVIEW,
        remover=_REVIEW,
        web=("SELECT", "INSERT", "DELETE"),
        ingest=(),
    ),
    # The law is no secret; each agency writes its own, and only ends what it wrote.
    Wall(
        table="scanning_lawfuluse",
        reader=f"{MINE} IS NOT NULL",
        author=OWNED,
        editor=OWNED,
        web=("SELECT", "INSERT"),
        web_update=("valid_until",),
    ),
    # The asker asks and takes back, the asked answers; the columns say that nobody changes what was asked.
    *granted_table(
        "scanning",
        "scanrequest",
        editor=f"originator_id = ANY ({MINE}) OR asked_group_id = ANY ({MINE})",
        web_update=(
            "state",
            "scheduled_at",
            "answer",
            "answered_by_id",
            "answered_at",
            "result",
            "finding",
            "closed_by_id",
            "closed_at",
            "closing",
        ),
        ingest_update=("state", "closed_at", "passage_uid"),
    ),
    Wall(
        table="scanning_adjudication",
        reader=THROUGH_DEVICE,
        author=f"{THROUGH_DEVICE} AND {OWNED}",
        editor=THROUGH_DEVICE,
        web=("SELECT", "INSERT"),
        web_update=("replaced_at",),
        ingest_update=("passage_id",),
    ),
    *granted_table("scanning", "laterfind", web_update=(), ingest_update=("passage_uid",)),
    # Whoever sees a device may report that it does not work; the rest is its owner's.
    Wall(
        table="scanning_outage",
        reader=THROUGH_DEVICE,
        author=f"{THROUGH_DEVICE} AND ({_REPORT} OR {_OWN_DEVICE})",
        editor=_OWN_DEVICE,
        web=("SELECT", "INSERT"),
        web_update=(
            "effect",
            "ends_at",
            "stage",
            "reason",
            "cause",
            "remedy",
            "ticket",
            "expected_at",
            "taken_at",
            "closed_at",
            "closed_by_id",
        ),
        ingest=_WORKER,
        ingest_update=("ends_at", "stage", "closed_at"),
    ),
    Wall(
        table="scanning_outagenote",
        reader=THROUGH_DEVICE,
        author=_STEP,
        web=("SELECT", "INSERT"),
        ingest=_WORKER,
        append_only=True,
    ),
    Wall(
        table="scanning_care",
        reader=THROUGH_DEVICE,
        author=_OWN_DEVICE,
        editor=_OWN_DEVICE,
        web=("SELECT", "INSERT"),
        web_update=("withdrawn_at", "withdrawn_by_id", "withdrawn_why"),
        ingest=("SELECT",),
    ),
    Wall(
        table="scanning_placement",
        reader=THROUGH_DEVICE,
        author=_OWN_DEVICE,
        editor=_OWN_DEVICE,
        web=("SELECT", "INSERT"),
        web_update=("until_at",),
        ingest=("SELECT",),
    ),
    Wall(
        table="scanning_image",
        reader=_IMAGE,
        author=_OWN_DEVICE,
        web=("SELECT", "INSERT"),
        ingest=("SELECT", "INSERT", "DELETE"),
    ),
    # Written once; only the expiry of the picture takes them away, so no trigger refuses it. That picture and device of
    # notes and keeps belong together is said by a foreign key on both (migration 0012).
    Wall(
        table="scanning_imagenote",
        reader=THROUGH_DEVICE,
        author=_IN_OWN_NAME,
        web=("SELECT", "INSERT"),
        ingest=_EXPIRY,
    ),
    Wall(
        table="scanning_imagekeep",
        reader=OWNED,
        author=f"{OWNED} AND {THROUGH_DEVICE}",
        editor=OWNED,
        web=("SELECT", "INSERT"),
        web_update=("released_at", "released_by_id", "release_reason"),
        ingest=_EXPIRY,
    ),
]

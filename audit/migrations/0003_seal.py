"""The record is sealed in blocks: each row knows its transaction and carries a random id of its own."""

import uuid

from django.db import migrations, models
from django.db.models.expressions import RawSQL

# The time, the random id and the transaction are the database's word: no role may write them (agencies/wall_tables.py).
SEALABLE = """
ALTER TABLE audit_auditevent ADD COLUMN uid uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE audit_auditevent ADD COLUMN tx bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint);
ALTER TABLE audit_auditevent ALTER COLUMN at SET DEFAULT clock_timestamp();
CREATE INDEX audit_auditevent_tx ON audit_auditevent (tx);
CREATE INDEX audit_auditevent_uid ON audit_auditevent (uid);
CREATE INDEX audit_auditevent_actor ON audit_auditevent (actor_uid, at DESC, id DESC);
CREATE INDEX audit_auditevent_request ON audit_auditevent (request_id) WHERE request_id <> '';
"""


class Migration(migrations.Migration):

    dependencies = [("audit", "0002_partition")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(SEALABLE, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AddField("auditevent", "uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                migrations.AddField(
                    "auditevent",
                    "tx",
                    models.BigIntegerField(
                        editable=False, db_default=RawSQL("(pg_current_xact_id()::text::bigint)", ())
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SealKey",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("public", models.BinaryField()),
                ("introduced_at", models.DateTimeField()),
                ("endorsed_by", models.CharField(blank=True, max_length=16)),
                ("endorsement", models.BinaryField(default=bytes)),
            ],
            options={"verbose_name": "sealing key", "verbose_name_plural": "sealing keys", "ordering": ["introduced_at"]},
        ),
        migrations.CreateModel(
            name="AuditBlock",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed_at", models.DateTimeField()),
                ("after_id", models.BigIntegerField()),
                ("until_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField()),
                ("from_tx", models.BigIntegerField()),
                ("before_tx", models.BigIntegerField()),
                ("seed", models.BinaryField()),
                ("ledgers_root", models.BinaryField()),
                ("previous_root", models.BinaryField(unique=True)),
                ("root", models.BinaryField(unique=True)),
                ("key", models.CharField(max_length=16)),
                ("signature", models.BinaryField()),
            ],
            options={"verbose_name": "block", "verbose_name_plural": "blocks", "ordering": ["-number"]},
        ),
        migrations.CreateModel(
            name="LedgerSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("block", models.BigIntegerField()),
                ("agency_group_id", models.IntegerField()),
                ("count", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("tree", models.BinaryField()),
                ("salt", models.BinaryField()),
                ("place", models.IntegerField()),
                ("path", models.BinaryField()),
            ],
            options={"verbose_name": "ledger of a block", "verbose_name_plural": "ledgers of blocks"},
        ),
        migrations.AddIndex(
            "auditblock", models.Index(fields=["after_id", "before_tx"], name="audit_block_of_tx")
        ),
        migrations.AddConstraint(
            "ledgerseal",
            models.UniqueConstraint(fields=["agency_group_id", "block"], name="ledger_once_a_block"),
        ),
    ]

"""The record is partitioned by month."""

from django.db import migrations

AUDIT_AUDITEVENT = """
CREATE TABLE audit_auditevent_parted (LIKE audit_auditevent INCLUDING DEFAULTS INCLUDING IDENTITY) PARTITION BY RANGE (at);
DROP TABLE audit_auditevent;
ALTER TABLE audit_auditevent_parted RENAME TO audit_auditevent;
ALTER TABLE audit_auditevent ADD CONSTRAINT audit_auditevent_pkey PRIMARY KEY (id, at);
CREATE INDEX audit_agency_newest ON audit_auditevent (agency_group_id, at DESC, id DESC);
CREATE INDEX audit_objects ON audit_auditevent USING gin (object_uids);
"""


class Migration(migrations.Migration):
    """Tables by month of receipt; the partitions themselves are made by database_prepare."""

    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(AUDIT_AUDITEVENT, migrations.RunSQL.noop),
    ]

"""Inbox and events are partitioned by month of receipt."""

from django.db import migrations

SCANNING_DELIVERY = """
CREATE TABLE scanning_delivery_parted (LIKE scanning_delivery INCLUDING DEFAULTS INCLUDING IDENTITY) PARTITION BY RANGE (received_at);
DROP TABLE scanning_delivery;
ALTER TABLE scanning_delivery_parted RENAME TO scanning_delivery;
ALTER TABLE scanning_delivery ADD CONSTRAINT scanning_delivery_pkey PRIMARY KEY (id, received_at);
CREATE INDEX delivery_receipt ON scanning_delivery (receipt);
CREATE INDEX delivery_waiting ON scanning_delivery (id) WHERE state = 'waiting';
CREATE INDEX delivery_quarantine ON scanning_delivery (agency_group_id, received_at DESC) WHERE state = 'quarantined';
"""
SCANNING_SCANEVENT = """
CREATE TABLE scanning_scanevent_parted (LIKE scanning_scanevent INCLUDING DEFAULTS INCLUDING IDENTITY) PARTITION BY RANGE (received_at);
DROP TABLE scanning_scanevent;
ALTER TABLE scanning_scanevent_parted RENAME TO scanning_scanevent;
ALTER TABLE scanning_scanevent ADD CONSTRAINT scanning_scanevent_pkey PRIMARY KEY (id, received_at);
CREATE INDEX event_device_newest ON scanning_scanevent (device_id, event_at DESC);
CREATE INDEX event_passage ON scanning_scanevent (passage_id);
"""


class Migration(migrations.Migration):
    """Tables by month of receipt; the partitions themselves are made by database_prepare."""

    dependencies = [("scanning", "0001_initial")]
    operations = [
        migrations.RunSQL(SCANNING_DELIVERY, migrations.RunSQL.noop),
        migrations.RunSQL(SCANNING_SCANEVENT, migrations.RunSQL.noop),
    ]

"""What was taken before without an end is found among a million that wait."""

from django.db import migrations


class Migration(migrations.Migration):
    """Few rows are ever in it; with it a backlog is not read through to find that there are none."""

    dependencies = [("scanning", "0004_slim_tables")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS delivery_again ON scanning_delivery (id) WHERE state = 'waiting' AND attempts > 0",
            "DROP INDEX delivery_again",
        ),
    ]

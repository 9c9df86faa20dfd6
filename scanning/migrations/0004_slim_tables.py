"""Rows by the million keep only the indexes that something asks for; their natural keys are their keys."""

from django.db import migrations, models

_SLIM = """
ALTER TABLE {table} DROP CONSTRAINT {unique};
ALTER TABLE {table} DROP CONSTRAINT {table}_pkey;
ALTER TABLE {table} DROP COLUMN id;
ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY ({columns});
"""


def _slim(model: str, unique: str, *columns: str) -> migrations.SeparateDatabaseAndState:
    sql = _SLIM.format(table=f"scanning_{model}", unique=unique, columns=", ".join(columns))
    return migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunSQL(sql)],
        state_operations=[
            migrations.RemoveConstraint(model_name=model, name=unique),
            migrations.RemoveField(model_name=model, name="id"),
            migrations.AddField(
                model_name=model,
                name="pk",
                field=models.CompositePrimaryKey(
                    *columns, blank=True, editable=False, primary_key=True, serialize=False
                ),
            ),
        ],
    )


class Migration(migrations.Migration):
    """Natural keys instead of numbers, and two indexes fewer."""

    dependencies = [("scanning", "0003_reading_indexes")]
    operations = [
        _slim("deliverykey", "event_key_per_device", "device_id", "event_key"),
        _slim("passagepart", "one_part_per_device", "passage_id", "device_id"),
        _slim("passagemark", "one_mark_per_device", "passage_id", "device_id", "norm"),
        migrations.RemoveIndex(model_name="passagepart", name="part_lane_time"),
        migrations.RemoveIndex(model_name="passage", name="passage_site_time"),
    ]

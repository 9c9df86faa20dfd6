"""An access case names its record by kind and public id: lookouts and hits now, every kind that can be shared later."""

import django.db.models
from django.db import migrations, models

_COPY = """
UPDATE intelligence_accesscase c SET subject_uid = l.uid, subject_reference = l.reference
  FROM intelligence_lookout l WHERE l.id = c.lookout_id
"""
#: Back again only what the former table could hold.
_BACK = """
DELETE FROM intelligence_accesscasegrant g USING intelligence_accesscase c WHERE c.id = g.content_object_id AND c.subject_kind <> 'lookout';
DELETE FROM intelligence_accesscase WHERE subject_kind <> 'lookout';
UPDATE intelligence_accesscase c SET lookout_id = l.id FROM intelligence_lookout l WHERE l.uid = c.subject_uid
"""
_KINDS = [("lookout", "Lookout"), ("hit", "Hit")]


class Migration(migrations.Migration):

    dependencies = [("intelligence", "0008_disseminations")]

    operations = [
        migrations.AddField(
            "accesscase", "subject_kind",
            models.CharField(choices=_KINDS, default="lookout", max_length=12, verbose_name="kind of record"),
            preserve_default=False,
        ),
        migrations.AddField("accesscase", "subject_uid",
            models.UUIDField(editable=False, null=True, verbose_name="record"),
        ),
        migrations.AddField(
            "accesscase", "subject_reference",
            models.CharField(default="", editable=False, max_length=32, verbose_name="reference"),
            preserve_default=False,
        ),
        migrations.AlterField(
            "accesscase", "lookout",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="access_cases",
                to="intelligence.lookout", verbose_name="lookout",
            ),
        ),
        migrations.RunSQL(_COPY, _BACK),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("accesscase", "subject_uid", models.UUIDField(editable=False, verbose_name="record")),
        migrations.RemoveField("accesscase", "lookout"),
    ]

"""Indexes for reading: marks by how they begin, parts that are not clear, alarms of a passage."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scanning', '0002_partition'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='passagemark',
            name='mark_folded_time',
        ),
        migrations.AddIndex(
            model_name='alarm',
            index=models.Index(condition=models.Q(('passage_id__isnull', False)), fields=['passage_id'], name='alarm_passage'),
        ),
        migrations.AddIndex(
            model_name='passagemark',
            index=models.Index(fields=['folded', 'last_at'], name='mark_folded_time', opclasses=['text_pattern_ops', 'timestamptz_ops']),
        ),
        migrations.AddIndex(
            model_name='passagepart',
            index=models.Index(condition=models.Q(('result', 'clear'), _negated=True), fields=['device_id', '-last_at', '-passage_id'], include=('result',), name='part_device_not_clear'),
        ),
    ]

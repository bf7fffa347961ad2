import core.ids
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='KekUse',
            fields=[
                ('kid', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('count', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ClinicKey',
            fields=[
                ('uid', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('clinic', models.UUIDField()),
                ('kind', models.CharField(choices=[('clinic', 'Clinic'), ('subject_root', 'Subject Root'), ('index', 'Index')], max_length=16)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('kid', models.CharField(max_length=64)),
                ('wrapped', models.BinaryField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clinic', 'kind', 'version'), name='one_key_a_kind_version')],
            },
        ),
        migrations.CreateModel(
            name='SubjectKey',
            fields=[
                ('uid', models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('clinic', models.UUIDField()),
                ('subject', models.UUIDField()),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('root', models.UUIDField()),
                ('wrapped', models.BinaryField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clinic', 'subject', 'version'), name='one_key_a_subject_version')],
            },
        ),
    ]

import django.utils.timezone
import sih_portal.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='DataVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField(default=1, verbose_name='number')),
                ('stamp', models.CharField(default=sih_portal.models.new_stamp, max_length=32, verbose_name='stamp')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='changed at')),
            ],
            options={
                'verbose_name': 'data version',
                'verbose_name_plural': 'data versions',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='sih_portal_dataversion_is_the_only_one')],
            },
        ),
    ]

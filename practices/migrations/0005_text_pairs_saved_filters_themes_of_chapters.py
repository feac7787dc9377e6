import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('practices', '0004_bound_numbers_and_keep_what_is_named'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='chapter',
            name='themes',
            field=models.ManyToManyField(blank=True, related_name='chapters', to='practices.theme', verbose_name='themes it tells of'),
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(max_length=1000, verbose_name='query')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
            ],
            options={
                'verbose_name': 'saved filter',
                'verbose_name_plural': 'saved filters',
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='practices_savedfilter_name_stands_once'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='practices_savedfilter_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='TextPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=60, verbose_name='place')),
                ('text_en', models.TextField(blank=True, verbose_name='text (English)')),
                ('text_ja', models.TextField(blank=True, verbose_name='text (Japanese)')),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='text_pairs', to='practices.goodpractice', verbose_name='practice')),
            ],
            options={
                'verbose_name': 'text pair',
                'verbose_name_plural': 'text pairs',
                'constraints': [models.UniqueConstraint(fields=('practice', 'place'), name='practices_textpair_stands_once')],
            },
        ),
    ]

"""Years lie between 1868 and 2100, other numbers within what every database can store.

Publications and concepts that another record names are protected from deletion.
"""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('practices', '0003_search_index'),
        ('universities', '0002_bound_numbers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='action',
            name='position',
            field=models.PositiveSmallIntegerField(db_index=True, default=0, validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(999, None)], verbose_name='position'),
        ),
        migrations.AlterField(
            model_name='attachment',
            name='position',
            field=models.PositiveSmallIntegerField(db_index=True, default=0, validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(999, None)], verbose_name='position'),
        ),
        migrations.AlterField(
            model_name='chapter',
            name='number',
            field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(999, None)], verbose_name='number'),
        ),
        migrations.AlterField(
            model_name='concept',
            name='broader',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='narrower', to='practices.concept', verbose_name='broader concept'),
        ),
        migrations.AlterField(
            model_name='edition',
            name='first_fiscal_year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1868, 'Write the year with four digits, from 1868 to 2100.'), django.core.validators.MaxValueValidator(2100, 'Write the year with four digits, from 1868 to 2100.')], verbose_name='first fiscal year of the case'),
        ),
        migrations.AlterField(
            model_name='edition',
            name='last_fiscal_year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1868, 'Write the year with four digits, from 1868 to 2100.'), django.core.validators.MaxValueValidator(2100, 'Write the year with four digits, from 1868 to 2100.')], verbose_name='last fiscal year of the case'),
        ),
        migrations.AlterField(
            model_name='edition',
            name='version',
            field=models.PositiveIntegerField(editable=False, verbose_name='version'),
        ),
        migrations.AlterField(
            model_name='editionaction',
            name='position',
            field=models.PositiveSmallIntegerField(db_index=True, default=0, validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(999, None)], verbose_name='position'),
        ),
        migrations.AlterField(
            model_name='editionattachment',
            name='position',
            field=models.PositiveSmallIntegerField(db_index=True, default=0, validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(999, None)], verbose_name='position'),
        ),
        migrations.AlterField(
            model_name='editioneffect',
            name='position',
            field=models.PositiveSmallIntegerField(db_index=True, default=0, validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(999, None)], verbose_name='position'),
        ),
        migrations.AlterField(
            model_name='editionlink',
            name='position',
            field=models.PositiveSmallIntegerField(db_index=True, default=0, validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(999, None)], verbose_name='position'),
        ),
        migrations.AlterField(
            model_name='effect',
            name='position',
            field=models.PositiveSmallIntegerField(db_index=True, default=0, validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(999, None)], verbose_name='position'),
        ),
        migrations.AlterField(
            model_name='event',
            name='attendance',
            field=models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0, None), django.core.validators.MaxValueValidator(1000000, None)], verbose_name='people attending'),
        ),
        migrations.AlterField(
            model_name='event',
            name='month',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(12, None)], verbose_name='month'),
        ),
        migrations.AlterField(
            model_name='event',
            name='year',
            field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1868, 'Write the year with four digits, from 1868 to 2100.'), django.core.validators.MaxValueValidator(2100, 'Write the year with four digits, from 1868 to 2100.')], verbose_name='year'),
        ),
        migrations.AlterField(
            model_name='goodpractice',
            name='first_fiscal_year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1868, 'Write the year with four digits, from 1868 to 2100.'), django.core.validators.MaxValueValidator(2100, 'Write the year with four digits, from 1868 to 2100.')], verbose_name='first fiscal year of the case'),
        ),
        migrations.AlterField(
            model_name='goodpractice',
            name='last_fiscal_year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1868, 'Write the year with four digits, from 1868 to 2100.'), django.core.validators.MaxValueValidator(2100, 'Write the year with four digits, from 1868 to 2100.')], verbose_name='last fiscal year of the case'),
        ),
        migrations.AlterField(
            model_name='link',
            name='position',
            field=models.PositiveSmallIntegerField(db_index=True, default=0, validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(999, None)], verbose_name='position'),
        ),
        migrations.AlterField(
            model_name='programmeaction',
            name='number',
            field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(999, None)], verbose_name='number'),
        ),
        migrations.AlterField(
            model_name='programmeaction',
            name='publication',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practices.publication', verbose_name='publication'),
        ),
        migrations.AlterField(
            model_name='publication',
            name='month',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(12, None)], verbose_name='month'),
        ),
        migrations.AlterField(
            model_name='publication',
            name='year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1868, 'Write the year with four digits, from 1868 to 2100.'), django.core.validators.MaxValueValidator(2100, 'Write the year with four digits, from 1868 to 2100.')], verbose_name='year'),
        ),
        migrations.AlterField(
            model_name='recommendation',
            name='number',
            field=models.PositiveSmallIntegerField(unique=True, validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(999, None)], verbose_name='number'),
        ),
        migrations.AlterField(
            model_name='theme',
            name='number',
            field=models.PositiveSmallIntegerField(unique=True, validators=[django.core.validators.MinValueValidator(1, None), django.core.validators.MaxValueValidator(999, None)], verbose_name='number'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('first_fiscal_year__range', (1868, 2100)), ('last_fiscal_year__range', (1868, 2100))), name='practices_edition_lies_in_plausible_years'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('year__range', (1868, 2100))), name='practices_event_lies_in_plausible_years'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('month__range', (1, 12))), name='practices_event_has_a_month_of_the_year'),
        ),
        migrations.AddConstraint(
            model_name='goodpractice',
            constraint=models.CheckConstraint(condition=models.Q(('first_fiscal_year__range', (1868, 2100)), ('last_fiscal_year__range', (1868, 2100))), name='practices_goodpractice_lies_in_plausible_years'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.CheckConstraint(condition=models.Q(('year__range', (1868, 2100))), name='practices_publication_lies_in_plausible_years'),
        ),
    ]

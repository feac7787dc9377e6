"""Years lie between 1868 and 2100, other numbers within what every database can store."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('universities', '0001_programme_institutions_headquarters'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='headquarters',
            options={'verbose_name': 'headquarters', 'verbose_name_plural': 'headquarters'},
        ),
        migrations.AlterField(
            model_name='headquarters',
            name='valid_from_year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1868, 'Write the year with four digits, from 1868 to 2100.'), django.core.validators.MaxValueValidator(2100, 'Write the year with four digits, from 1868 to 2100.')], verbose_name='from year'),
        ),
        migrations.AlterField(
            model_name='headquarters',
            name='valid_to_year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1868, 'Write the year with four digits, from 1868 to 2100.'), django.core.validators.MaxValueValidator(2100, 'Write the year with four digits, from 1868 to 2100.')], verbose_name='to year'),
        ),
        migrations.AlterField(
            model_name='institution',
            name='position',
            field=models.PositiveSmallIntegerField(default=1000, help_text='Order in the source; institutions it does not list come after.', validators=[django.core.validators.MinValueValidator(0, None), django.core.validators.MaxValueValidator(9999, None)], verbose_name='position'),
        ),
        migrations.AlterField(
            model_name='institutionname',
            name='from_year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1868, 'Write the year with four digits, from 1868 to 2100.'), django.core.validators.MaxValueValidator(2100, 'Write the year with four digits, from 1868 to 2100.')], verbose_name='from year'),
        ),
        migrations.AlterField(
            model_name='institutionname',
            name='to_year',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1868, 'Write the year with four digits, from 1868 to 2100.'), django.core.validators.MaxValueValidator(2100, 'Write the year with four digits, from 1868 to 2100.')], verbose_name='to year'),
        ),
        migrations.AlterField(
            model_name='programme',
            name='first_fiscal_year',
            field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1868, 'Write the year with four digits, from 1868 to 2100.'), django.core.validators.MaxValueValidator(2100, 'Write the year with four digits, from 1868 to 2100.')], verbose_name='first fiscal year'),
        ),
        migrations.AlterField(
            model_name='programme',
            name='grant_max_jpy',
            field=models.PositiveBigIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0, None), django.core.validators.MaxValueValidator(1000000000000, None)], verbose_name='most a year, yen'),
        ),
        migrations.AlterField(
            model_name='programme',
            name='grant_min_jpy',
            field=models.PositiveBigIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0, None), django.core.validators.MaxValueValidator(1000000000000, None)], verbose_name='least a year, yen'),
        ),
        migrations.AlterField(
            model_name='programme',
            name='last_fiscal_year',
            field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1868, 'Write the year with four digits, from 1868 to 2100.'), django.core.validators.MaxValueValidator(2100, 'Write the year with four digits, from 1868 to 2100.')], verbose_name='last fiscal year'),
        ),
        migrations.AlterField(
            model_name='programmerole',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0, None), django.core.validators.MaxValueValidator(9999, None)], verbose_name='position'),
        ),
        migrations.AddConstraint(
            model_name='headquarters',
            constraint=models.CheckConstraint(condition=models.Q(('valid_from_year__range', (1868, 2100)), ('valid_to_year__range', (1868, 2100))), name='universities_headquarters_lies_in_plausible_years'),
        ),
        migrations.AddConstraint(
            model_name='institutionname',
            constraint=models.CheckConstraint(condition=models.Q(('from_year__range', (1868, 2100)), ('to_year__range', (1868, 2100))), name='universities_institutionname_lies_in_plausible_years'),
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('first_fiscal_year__range', (1868, 2100)), ('last_fiscal_year__range', (1868, 2100))), name='universities_programme_lies_in_plausible_years'),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('practices', '0005_text_pairs_saved_filters_themes_of_chapters'),
    ]

    operations = [
        migrations.AddField(
            model_name='textpair',
            name='drifted',
            field=models.CharField(blank=True, choices=[('ja', 'Japanese'), ('en', 'English')], max_length=2, verbose_name='drifted language'),
        ),
        migrations.AddConstraint(
            model_name='textpair',
            constraint=models.CheckConstraint(condition=models.Q(('drifted__in', ['', 'ja', 'en'])), name='practices_textpair_drifts_in_a_known_language'),
        ),
    ]

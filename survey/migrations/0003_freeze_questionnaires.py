"""From here on the database itself refuses to change a frozen questionnaire."""

from django.db import migrations

from survey.freezing import Freeze


class Migration(migrations.Migration):
    dependencies = [("survey", "0002_questionnaires_invitations_and_responses")]

    operations = [Freeze()]

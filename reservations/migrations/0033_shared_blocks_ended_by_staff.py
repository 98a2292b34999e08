from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0032_waiting_for_places")]

    operations = [
        migrations.AddField(
            model_name="sharedblock",
            name="ended_because",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Why staff ended it: friends read it.",
                max_length=120,
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """What a plan says of its seats; the release before writes none of it."""

    dependencies = [("theaters", "0025_early_birds_by_the_clock_checked")]

    operations = [
        migrations.AddField("seat", "armrest_lifts", models.BooleanField(blank=True, null=True)),
        migrations.AddField("seat", "hearing_loop", models.BooleanField(blank=True, null=True)),
        migrations.AddField("seat", "note", models.CharField(blank=True, db_default="", default="", max_length=80)),
        migrations.AddField(
            "seat",
            "steps",
            models.PositiveSmallIntegerField(
                blank=True, help_text="From the auditorium's entrance to the seat.", null=True
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """What a plan says of aisles that no drawing shows; the release before writes none of it."""

    dependencies = [("theaters", "0027_corrected_facts_of_seats")]

    operations = [
        migrations.AddField(
            "seat",
            "beside_aisle",
            models.BooleanField(blank=True, help_text="Empty: as the drawing shows it.", null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """The release before writes and reads it not: its entries ask for no armrest."""

    dependencies = [("reservations", "0039_waiting_for_facts_of_seats")]

    operations = [
        migrations.AddField(
            "waitingentry",
            "has_lifting_armrest",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="Only seats of which one is known to have an armrest that lifts.",
            ),
        ),
    ]

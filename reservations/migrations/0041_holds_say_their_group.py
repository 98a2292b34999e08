import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The release before writes and reads it not: whose time runs out at a closed showtime opens the link again, as before."""

    dependencies = [("reservations", "0040_waiting_for_an_armrest")]

    operations = [
        migrations.AddField(
            "hold",
            "group_block",
            models.ForeignKey(
                "reservations.groupblock",
                db_constraint=False,
                db_index=False,
                help_text="By whose link its seats were taken. The group may be gone: then it leads nowhere.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """The release before writes and reads neither: its entries ask for no facts of seats."""

    dependencies = [("reservations", "0038_mail_to_organizers")]

    operations = [
        migrations.AddField(
            "waitingentry",
            "is_step_free",
            models.BooleanField(
                db_default=False, default=False, help_text="Only seats that are known to have no steps on the way."
            ),
        ),
        migrations.AddField(
            "waitingentry",
            "has_hearing_loop",
            models.BooleanField(
                db_default=False, default=False, help_text="Only seats that are known to have a hearing loop."
            ),
        ),
    ]

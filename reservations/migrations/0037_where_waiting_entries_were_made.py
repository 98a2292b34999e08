from django.db import migrations, models


class Migration(migrations.Migration):
    """Empty: made before this, or by the release before; what such an entry is offered counts nowhere."""

    dependencies = [("reservations", "0036_most_percent_of_exchanged_tickets")]

    operations = [
        migrations.AddField(
            model_name="waitingentry",
            name="address",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text=(
                    "Where it was made, as a hold keeps it: what is offered counts in the share of this address. "
                    "Empty: forgotten."
                ),
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="waitingentry",
            name="network",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="The network around the address. Empty: not limited by address, or forgotten.",
                max_length=64,
            ),
        ),
        migrations.AlterField(
            model_name="waitingskip",
            name="reason",
            field=models.CharField(
                choices=[
                    ("TOO_FEW", "too few seats were free"),
                    ("APART", "the free seats were not side by side"),
                    ("PASSED", "the free seats were those they had passed on"),
                    ("SHARE", "their internet connection had its share of the seats"),
                ],
                max_length=12,
            ),
        ),
    ]

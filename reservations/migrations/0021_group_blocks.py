import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Blocks of seats that are kept for a group."""

    dependencies = [("reservations", "0020_mails_of_exchanges")]

    operations = [
        migrations.CreateModel(
            name="GroupBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("contact", models.CharField(blank=True, db_default="", default="", max_length=120)),
                (
                    "until",
                    models.DateTimeField(
                        db_index=True, help_text="From this moment its seats are on sale again."
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="The secret of the link by which the group pays.", max_length=43, unique=True
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            output_field=models.DateTimeField(), template="clock_timestamp()"
                        )
                    ),
                ),
                (
                    "showtime",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_blocks",
                        to="theaters.showtime",
                    ),
                ),
            ],
            options={"ordering": ["pk"], "default_permissions": ()},
        ),
        migrations.AddField(
            model_name="showtimeseat",
            name="group_block",
            field=models.ForeignKey(
                db_index=False,
                help_text="The house seat is kept for this group.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="seats",
                to="reservations.groupblock",
            ),
        ),
    ]

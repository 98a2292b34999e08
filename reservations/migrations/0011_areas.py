import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Areas of showtimes, whose places have no numbers."""

    dependencies = [
        ("reservations", "0010_waiting_lists"),
        ("theaters", "0004_measures_of_auditoriums"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShowtimeArea",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40)),
                (
                    "showtime",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="areas",
                        to="theaters.showtime",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("showtime", "name"), name="area_once_per_showtime")],
            },
        ),
        migrations.AddField(
            model_name="showtimeseat",
            name="area",
            field=models.ForeignKey(
                db_index=False,
                help_text="It is a place of this area: unnumbered, and sold by number.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="places",
                to="reservations.showtimearea",
            ),
        ),
    ]

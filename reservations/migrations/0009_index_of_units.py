from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The rows of a sofa are found by its name."""

    atomic = False
    dependencies = [("reservations", "0008_units_are_whole")]

    operations = [
        AddIndexConcurrently(
            model_name="showtimeseat",
            index=models.Index(
                condition=models.Q(("unit", ""), _negated=True), fields=["showtime", "unit"], name="seat_of_unit"
            ),
        ),
    ]

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The places of an area are found without the seats of the showtime."""

    atomic = False
    dependencies = [("reservations", "0011_areas")]

    operations = [
        AddIndexConcurrently(
            model_name="showtimeseat",
            index=models.Index(condition=models.Q(("area__isnull", False)), fields=["area"], name="place_of_area"),
        ),
    ]

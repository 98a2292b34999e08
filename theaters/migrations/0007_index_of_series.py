from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("theaters", "0006_series_and_kinds")]

    operations = [
        AddIndexConcurrently(
            model_name="showtime",
            index=models.Index(
                condition=models.Q(("series__isnull", False)), fields=["series", "starts_at"], name="showtime_series"
            ),
        ),
    ]

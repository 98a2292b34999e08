from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The seats of a group are found without those of everybody else."""

    atomic = False
    dependencies = [("reservations", "0021_group_blocks")]

    operations = [
        AddIndexConcurrently(
            model_name="showtimeseat",
            index=models.Index(
                condition=models.Q(("group_block__isnull", False)), fields=["group_block"], name="seat_of_group"
            ),
        ),
    ]

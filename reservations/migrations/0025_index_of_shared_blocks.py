from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The holds of a shared block's friends are found without those of everybody else."""

    atomic = False
    dependencies = [("reservations", "0024_shared_blocks")]

    operations = [
        AddIndexConcurrently(
            model_name="hold",
            index=models.Index(
                condition=models.Q(("shared_block__isnull", False)),
                fields=["shared_block"],
                name="hold_of_shared_block",
            ),
        ),
    ]

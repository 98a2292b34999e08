from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("theaters", "0012_price_rules")]

    operations = [
        AddIndexConcurrently(
            model_name="priceversion",
            index=models.Index(
                condition=models.Q(("standard__isnull", False)),
                fields=["standard", "-hours_before"],
                name="early_price_versions",
            ),
        ),
    ]

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("reservations", "0028_party_codes")]

    operations = [
        AddIndexConcurrently(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("party_code__isnull", False)), fields=["party_code"], name="booking_of_party_code"
            ),
        ),
    ]

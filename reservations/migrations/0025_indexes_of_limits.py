from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("reservations", "0024_holds_know_their_network")]

    operations = [
        AddIndexConcurrently(
            model_name="hold",
            index=models.Index(fields=["address", "-started_at"], condition=~models.Q(network=""), name="hold_by_address"),
        ),
        AddIndexConcurrently(
            model_name="hold",
            index=models.Index(fields=["root"], condition=models.Q(root__isnull=False), name="hold_by_root"),
        ),
        AddIndexConcurrently(
            model_name="booking",
            index=models.Index(fields=["showtime"], condition=models.Q(status="CONFIRMED"), name="booking_confirmed_showtime"),
        ),
    ]

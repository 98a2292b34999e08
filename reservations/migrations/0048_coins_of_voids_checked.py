from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reservations", "0047_coins_of_voids")]

    operations = [ValidateConstraint(model_name="cancellation", name="cancellation_rounding_is_of_a_void")]

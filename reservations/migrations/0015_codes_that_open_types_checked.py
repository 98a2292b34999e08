from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reservations", "0014_codes_that_open_types")]

    operations = [ValidateConstraint(model_name="promoredemption", name="redemption_takes_nothing_away")]

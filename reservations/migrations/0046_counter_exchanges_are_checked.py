from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """After the transaction that wrote the rule: exchanges go on while the old rows are compared with it."""

    dependencies = [("reservations", "0045_counter_exchanges")]

    operations = [
        ValidateConstraint(model_name="exchange", name="exchange_rounding_is_of_cash"),
    ]

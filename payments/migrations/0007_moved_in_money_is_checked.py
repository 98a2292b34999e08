from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """After the transaction that wrote the rules: sales go on while the old rows are compared with them."""

    dependencies = [("payments", "0006_moved_in_money")]

    operations = [
        ValidateConstraint(model_name="payment", name="payment_status_captured"),
        ValidateConstraint(model_name="payment", name="payment_online_or_of_the_counter"),
        ValidateConstraint(model_name="refund", name="refund_status_succeeded"),
        ValidateConstraint(model_name="refund", name="refund_online_or_of_the_counter"),
    ]

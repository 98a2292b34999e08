from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """After the transaction that wrote the rules: sales go on while the old rows are compared with them."""

    dependencies = [("payments", "0010_cash_rounding")]

    operations = [
        ValidateConstraint(model_name="payment", name="payment_tendered_is_cash_and_enough"),
        ValidateConstraint(model_name="payment", name="payment_rounding_is_of_cash"),
        ValidateConstraint(model_name="refund", name="refund_rounding_is_of_cash"),
    ]

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """After the transaction that wrote the rules: sales go on while the old rows are compared with them."""

    dependencies = [("sales", "0010_cash_rounding")]

    operations = [
        ValidateConstraint(model_name="sale", name="sale_rounding_is_of_cash"),
    ]

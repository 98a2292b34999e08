from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """After the transaction that wrote the rule: sales go on while the old rows are compared with it."""

    dependencies = [("sales", "0008_needs_told_with_a_sale")]

    operations = [
        ValidateConstraint(model_name="contact", name="contact_emptied_needs_nothing"),
    ]

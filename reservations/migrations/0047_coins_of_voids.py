from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The release before writes none: what coins make of its voids stands in the money book alone."""

    dependencies = [("reservations", "0046_counter_exchanges_are_checked")]

    operations = [
        migrations.AddField(
            model_name="cancellation",
            name="cash_rounding",
            field=models.DecimalField(
                db_default=0,
                decimal_places=2,
                default=0,
                help_text="What coins made more of the money of a void, or less, in cash.",
                max_digits=10,
            ),
        ),
        AddConstraintNotValid(
            model_name="cancellation",
            constraint=models.CheckConstraint(
                condition=Q(cash_rounding=0) | Q(cause="VOID"),
                name="cancellation_rounding_is_of_a_void",
                violation_error_message="Only a void hands out coins at once.",
            ),
        ),
    ]

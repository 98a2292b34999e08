from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The release before pins a rule that ends by the clock as it can: by its days, or never early."""

    dependencies = [("theaters", "0023_movies_without_a_director")]

    operations = [
        migrations.AddField(
            model_name="pricerule",
            name="until_clock",
            field=models.TimeField(blank=True, null=True, verbose_name="at this time of the day"),
        ),
        migrations.AddField(
            model_name="pricerule",
            name="until_day",
            field=models.DateField(blank=True, null=True, verbose_name="until this date"),
        ),
        migrations.AddField(
            model_name="priceversion", name="ends_at", field=models.DateTimeField(null=True)
        ),
        migrations.RemoveConstraint(model_name="pricerule", name="price_rule_early_says_how_early"),
        AddConstraintNotValid(
            model_name="pricerule",
            constraint=models.CheckConstraint(
                condition=Q(kind="EARLY", hours_before__gte=1)
                | Q(kind="EARLY", until_clock__isnull=False)
                | Q(kind="EARLY", until_day__isnull=False)
                | (~Q(kind="EARLY") & Q(hours_before=0, until_clock=None, until_day=None)),
                name="price_rule_early_says_how_early",
                violation_error_message="An early bird, and nothing else, ends some time before the start.",
            ),
        ),
    ]

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("theaters", "0024_early_birds_by_the_clock")]

    operations = [ValidateConstraint(model_name="pricerule", name="price_rule_early_says_how_early")]

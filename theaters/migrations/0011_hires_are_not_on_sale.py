from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("theaters", "0010_closed_showtimes")]

    operations = [ValidateConstraint(model_name="showtime", name="private_hire_is_not_on_sale")]

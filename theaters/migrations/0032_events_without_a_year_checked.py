from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("theaters", "0031_events_without_a_year")]

    operations = [ValidateConstraint(model_name="movie", name="movie_has_year")]

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("theaters", "0030_address_in_words")]

    operations = [
        migrations.AlterField(
            model_name="movie",
            name="year",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="An event, such as a talk or a concert, needs none.", null=True
            ),
        ),
        AddConstraintNotValid(
            model_name="movie",
            constraint=models.CheckConstraint(
                condition=Q(year__isnull=False) | Q(kind="EVENT"),
                name="movie_has_year",
                violation_error_message="A film has a year; an event needs none.",
            ),
        ),
    ]

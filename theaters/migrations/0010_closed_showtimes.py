from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("theaters", "0009_pin_ticket_type_rules")]

    operations = [
        migrations.AddField(
            model_name="showtime",
            name="access_code",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name="showtime",
            name="closed_for",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Who has the auditorium, or why nothing is on sale. It cannot be published then.",
                max_length=100,
                verbose_name="private hire",
            ),
        ),
        migrations.AlterConstraint(
            model_name="programitem",
            name="program_item_has_a_length",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 1), ("minutes__lte", 1440)),
                name="program_item_has_a_length",
                violation_error_message="Say how many minutes each part lasts.",
            ),
        ),
        AddConstraintNotValid(
            model_name="showtime",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_for", ""), models.Q(("status", "PUBLISHED"), _negated=True), _connector="OR"),
                name="private_hire_is_not_on_sale",
                violation_error_message="A private hire is not put on sale.",
            ),
        ),
    ]

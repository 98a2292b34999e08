from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """A code that only opens ticket types takes nothing off."""

    dependencies = [
        ('reservations', "0013_moved_in_tickets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='promoredemption',
            name='redemption_gives_something',
        ),
        AddConstraintNotValid(
            model_name='promoredemption',
            constraint=models.CheckConstraint(condition=models.Q(('discount__gte', 0)), name='redemption_takes_nothing_away', violation_error_message='A discount is 0 or more; 0 is that of a code that opens ticket types.'),
        ),
    ]

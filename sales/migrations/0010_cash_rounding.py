from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """The release before writes exact cash: its rows have the default, 0."""

    dependencies = [
        ('houses', '0016_address_in_words'),
        ('sales', '0009_told_needs_are_checked'),
        ('staff', '0006_roles_by_invitation'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='sale',
            name='cash_rounding',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='What coins made more of the total, or less, when it was paid in cash: no price and no tax.', max_digits=10),
        ),
        AddConstraintNotValid(
            model_name='sale',
            constraint=models.CheckConstraint(condition=models.Q(('cash_rounding', 0), ('paid_with', 'CASH'), _connector='OR'), name='sale_rounding_is_of_cash', violation_error_message='Only cash is rounded to coins.'),
        ),
    ]

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """The release before writes none: its exchanges are those of customers."""

    dependencies = [
        ('reservations', '0044_needs_of_who_took_a_ticket'),
        ('theaters', '0030_address_in_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='exchange',
            name='cash_rounding',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='What coins made more of the difference, or less, in cash.', max_digits=10),
        ),
        migrations.AddField(
            model_name='exchange',
            name='paid_with',
            field=models.CharField(blank=True, choices=[('CASH', 'Cash'), ('TERMINAL', 'Card at the counter')], db_default='', default='', help_text='How the counter took the difference; empty: online, or nothing was to be paid.', max_length=8),
        ),
        AddConstraintNotValid(
            model_name='exchange',
            constraint=models.CheckConstraint(condition=models.Q(('cash_rounding', 0), ('paid_with', 'CASH'), _connector='OR'), name='exchange_rounding_is_of_cash', violation_error_message='Only cash is rounded to coins.'),
        ),
    ]

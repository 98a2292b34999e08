import django.db.models.expressions
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

FROZEN = """
CREATE TRIGGER payment_rounding_frozen BEFORE UPDATE OF rounding ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('rounding');
CREATE FUNCTION marquee_refund_rounding_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rounding of % % is frozen', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER refund_rounding_frozen BEFORE UPDATE OF rounding ON payments_refund
    FOR EACH ROW WHEN (NEW.rounding <> OLD.rounding AND OLD.status <> 'REQUESTED')
    EXECUTE FUNCTION marquee_refund_rounding_frozen();
"""
UNDONE = """
DROP TRIGGER payment_rounding_frozen ON payments_payment;
DROP TRIGGER refund_rounding_frozen ON payments_refund;
DROP FUNCTION marquee_refund_rounding_frozen();
"""


class Migration(migrations.Migration):
    """The release before writes exact cash: its rows have the default, 0."""

    dependencies = [
        ('payments', '0009_bank_references'),
        ('core', '0002_frozen_rows'),
        ('reservations', '0043_every_currency'),
        ('sales', '0010_cash_rounding'),
        ('staff', '0006_roles_by_invitation'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='payment',
            name='payment_tendered_is_cash_and_enough',
        ),
        migrations.AddField(
            model_name='payment',
            name='rounding',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='What coins made more of it, or less: of cash alone, no price and no tax.', max_digits=10),
        ),
        migrations.AddField(
            model_name='refund',
            name='rounding',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='What coins made more of it, or less, when it was handed out in cash.', max_digits=10),
        ),
        AddConstraintNotValid(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('tendered', None), models.Q(('method', 'CASH'), ('tendered__gte', django.db.models.expressions.CombinedExpression(models.F('amount'), '+', models.F('rounding')))), _connector='OR'), name='payment_tendered_is_cash_and_enough', violation_error_message='What is tendered is cash, and enough.'),
        ),
        AddConstraintNotValid(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('rounding', 0), ('method', 'CASH'), _connector='OR'), name='payment_rounding_is_of_cash', violation_error_message='Only cash is rounded to coins.'),
        ),
        AddConstraintNotValid(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(('rounding', 0), models.Q(('method', 'CASH'), ('status', 'SUCCEEDED')), _connector='OR'), name='refund_rounding_is_of_cash', violation_error_message='Only cash is rounded to coins, when it is handed out.'),
        ),
        migrations.RunSQL(FROZEN, UNDONE),
    ]

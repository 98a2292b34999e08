"""The sale is what a payment is frozen with."""

import django.db.models.deletion
from django.db import migrations, models

from core.frozen_rows import freeze

KEPT = ["key", "amount", "currency", "provider"]
ONCE = ["session_id", "provider_id"]
# The request has the customer's address in it: when the payment ended two days ago nobody sends it again, and it may be emptied.
REQUEST = """
CREATE FUNCTION marquee_payment_request_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.request <> '{}'::jsonb OR OLD.ended_at IS NULL OR OLD.ended_at > clock_timestamp() - interval '2 days' THEN
        RAISE EXCEPTION 'request of % % is frozen', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_request_frozen BEFORE UPDATE OF request ON payments_payment
    FOR EACH ROW WHEN (NEW.request IS DISTINCT FROM OLD.request) EXECUTE FUNCTION marquee_payment_request_frozen();
"""
REQUEST_AS_BEFORE = """
DROP TRIGGER payment_request_frozen ON payments_payment;
DROP FUNCTION marquee_payment_request_frozen();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0025_payments_of_sales'),
        ('reservations', '0044_facts_of_the_sale_leave_the_booking'),
    ]

    operations = [
        migrations.RunSQL(
            freeze("payments_payment", "payment_frozen", kept=["id", "sale_id", *KEPT], once=ONCE) + REQUEST,
            REQUEST_AS_BEFORE
            + freeze("payments_payment", "payment_frozen", kept=["id", "booking_id", "request", *KEPT], once=ONCE),
        ),
        migrations.RemoveConstraint(
            model_name='payment',
            name='payment_one_open_per_booking',
        ),
        migrations.RemoveIndex(
            model_name='payment',
            name='payment_name_search',
        ),
        migrations.AlterField(
            model_name='payment',
            name='sale',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='sales.sale'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('CREATED', 'OPEN'))), fields=('sale',), name='payment_one_open_per_sale', violation_error_message='A payment of this sale is open already.'),
        ),
        migrations.RemoveField(
            model_name='payment',
            name='booking',
        ),
        migrations.RemoveField(
            model_name='payment',
            name='payer_name',
        ),
        migrations.RemoveField(
            model_name='payment',
            name='payer_search',
        ),
    ]

from django.db import migrations

from core.frozen_rows import freeze

FORWARDS = freeze(
    "payments_payment",
    "payment_frozen",
    kept=["id", "booking_id", "key", "request", "amount", "currency"],
    once=["session_id", "intent_id"],
) + freeze(
    "payments_refund",
    "refund_frozen",
    kept=["id", "payment_id", "key", "amount", "currency", "reason"],
    once=["stripe_id"],
)
BACKWARDS = """
DROP TRIGGER refund_frozen ON payments_refund;
CREATE TRIGGER refund_frozen BEFORE UPDATE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION marquee_refund_frozen();
DROP TRIGGER payment_frozen ON payments_payment;
CREATE TRIGGER payment_frozen BEFORE UPDATE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION marquee_payment_frozen();
"""


class Migration(migrations.Migration):
    """Amount, currency, ids and key of a payment and a refund never change; Stripe's ids are given once."""

    dependencies = [("payments", "0003_rights_of_staff"), ("core", "0002_kept_columns")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

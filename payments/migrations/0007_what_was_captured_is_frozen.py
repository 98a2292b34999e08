from django.db import migrations

from core.frozen_rows import freeze

FORWARDS = freeze(
    "payments_payment", "payment_captured_frozen", kept=["id"], once=["captured", "captured_currency"]
) + freeze("payments_dispute", "dispute_frozen", kept=["id", "payment_id", "stripe_id", "amount", "currency"])

BACKWARDS = """
DROP TRIGGER dispute_frozen ON payments_dispute;
DROP TRIGGER payment_captured_frozen ON payments_payment;
"""


class Migration(migrations.Migration):
    """What Stripe took, and what a bank takes back, is written once."""

    dependencies = [("payments", "0006_disputes_and_what_was_captured")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

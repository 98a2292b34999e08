from django.db import migrations

FORWARDS = """
CREATE INDEX event_of_payment ON payments_stripeevent ((payload #>> '{data,object,metadata,payment}'));
"""


class Migration(migrations.Migration):
    """From a payment to what Stripe said about it, for the nightly check: payloads are long, and there are many."""

    dependencies = [("payments", "0008_right_to_export")]

    operations = [migrations.RunSQL(FORWARDS, "DROP INDEX event_of_payment")]

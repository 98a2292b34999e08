from django.db import migrations

from core.frozen_rows import freeze

AS_IT_WAS = """
DROP TRIGGER ticket_fee_frozen ON reservations_ticket;
CREATE TRIGGER ticket_fee_frozen BEFORE UPDATE ON reservations_ticket
    FOR EACH ROW WHEN (NEW.fee IS DISTINCT FROM OLD.fee) EXECUTE FUNCTION marquee_ticket_fee_frozen();
"""


class Migration(migrations.Migration):
    """The booking fee of a ticket is kept by the one function that keeps its other amounts."""

    dependencies = [("reservations", "0011_address_new"), ("core", "0002_kept_columns")]

    operations = [
        migrations.RunSQL(freeze("reservations_ticket", "ticket_fee_frozen", kept=["fee"]), AS_IT_WAS),
    ]

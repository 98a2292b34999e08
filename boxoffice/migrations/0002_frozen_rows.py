from django.db import migrations

REQUESTS = """
CREATE TRIGGER refund_request_frozen BEFORE UPDATE OF id, booking_id, tickets, percent, amount, currency, reason,
        asked_by_id, asked_at, decided_by_id, decided_at
    ON boxoffice_refundrequest
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'booking_id', 'tickets', 'percent', 'amount',
        'currency', 'reason', 'asked_by_id', 'asked_at', 'decided_by_id?', 'decided_at?');
"""
REQUESTS_UNDONE = """
DROP TRIGGER refund_request_frozen ON boxoffice_refundrequest;
"""


class Migration(migrations.Migration):
    """Refund requests keep what was asked, and who decided."""

    dependencies = [("boxoffice", "0001_initial"), ("core", "0002_frozen_rows")]

    operations = [
        migrations.RunSQL(REQUESTS, REQUESTS_UNDONE),
    ]

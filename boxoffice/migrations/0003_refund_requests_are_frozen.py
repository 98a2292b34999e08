"""What was asked for stays as it was asked for; it is decided once."""

from django.db import migrations

from core.frozen_rows import freeze

KEPT = ("id", "booking_id", "tickets", "percent", "amount", "currency", "reason", "asked_by_id", "asked_at")
ONCE = ("decided_by_id", "decided_at")


class Migration(migrations.Migration):
    dependencies = [
        ("boxoffice", "0002_report_rights"),
        ("core", "0002_kept_columns"),
    ]
    operations = [
        migrations.RunSQL(
            freeze("boxoffice_refundrequest", "refund_request_frozen", kept=KEPT, once=ONCE),
            "DROP TRIGGER refund_request_frozen ON boxoffice_refundrequest;",
        )
    ]

from django.db import migrations

from core.frozen_rows import freeze, never_emptied

LOGS = {
    "reservations_move": "move_never_emptied",
    "reservations_cancellation": "cancellation_never_emptied",
    "reservations_canceledticket": "canceled_ticket_never_emptied",
    "reservations_scan": "scan_never_emptied",
}
SOLD_AS = [
    "id", "booking_id", "showtime_id", "ticket_type_id", "type_name", "price", "tax", "tax_rate", "currency", "code",
]  # fmt: skip
FORWARDS = "".join(never_emptied(table, trigger) for table, trigger in LOGS.items())
BACKWARDS = "".join(f"DROP TRIGGER {trigger} ON {table};" for table, trigger in LOGS.items())
AS_IT_WAS = """
DROP TRIGGER ticket_frozen ON reservations_ticket;
CREATE TRIGGER ticket_frozen BEFORE UPDATE ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_ticket_frozen();
"""


class Migration(migrations.Migration):
    """The logs cannot be emptied either; a ticket also keeps its type."""

    dependencies = [("reservations", "0007_mail_after_the_sale"), ("core", "0002_kept_columns")]

    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.RunSQL(freeze("reservations_ticket", "ticket_frozen", kept=SOLD_AS), AS_IT_WAS),
    ]

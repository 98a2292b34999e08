from django.db import migrations

FROZEN = """
CREATE TRIGGER ticket_category_name_frozen BEFORE UPDATE OF category_name ON reservations_ticket
    FOR EACH ROW WHEN (NEW.seat_id IS NOT DISTINCT FROM OLD.seat_id) EXECUTE FUNCTION marquee_keep_columns('category_name');
"""
FROZEN_UNDONE = "DROP TRIGGER ticket_category_name_frozen ON reservations_ticket"


class Migration(migrations.Migration):
    """The name of the seat's category stays as it was sold, until the ticket gets another seat."""

    dependencies = [("reservations", "0030_group_mails")]

    operations = [migrations.RunSQL(FROZEN, FROZEN_UNDONE)]

from django.db import migrations, models

FROZEN = """
CREATE TRIGGER ticket_most_percent_frozen BEFORE UPDATE OF most_percent ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('most_percent');
CREATE TRIGGER exchanged_ticket_most_percent_frozen BEFORE UPDATE OF most_percent ON reservations_exchangedticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('most_percent');
"""
UNDONE = """
DROP TRIGGER ticket_most_percent_frozen ON reservations_ticket;
DROP TRIGGER exchanged_ticket_most_percent_frozen ON reservations_exchangedticket;
"""


class Migration(migrations.Migration):
    """A ticket that came by an exchange gives back no larger part of its price than the tickets before it.

    Empty: it did not come by an exchange, or came by one before this, or by one of the release before.
    """

    dependencies = [("reservations", "0035_shared_blocks_in_the_office")]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="most_percent",
            field=models.PositiveSmallIntegerField(
                null=True,
                help_text="It came by an exchange: its customer gets back no larger part of the price. Empty: the terms alone.",
            ),
        ),
        migrations.AddField(
            model_name="exchangedticket",
            name="most_percent",
            field=models.PositiveSmallIntegerField(
                null=True, help_text="What the old tickets gave back when it was agreed to; empty: all of their price."
            ),
        ),
        migrations.RunSQL(FROZEN, UNDONE),
    ]

from django.db import migrations, models

FROZEN = """
CREATE TRIGGER ticket_price_parts_frozen BEFORE UPDATE OF list_price, price_changes ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('list_price', 'price_changes');
CREATE TRIGGER exchanged_ticket_price_parts_frozen BEFORE UPDATE OF list_price, price_changes
    ON reservations_exchangedticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('list_price', 'price_changes');
"""
UNDONE = """
DROP TRIGGER ticket_price_parts_frozen ON reservations_ticket;
DROP TRIGGER exchanged_ticket_price_parts_frozen ON reservations_exchangedticket;
"""
LIST_PRICE = models.DecimalField(
    decimal_places=2,
    max_digits=10,
    null=True,
    help_text="Before price rules and discount; empty where nobody wrote it down.",
)
PRICE_CHANGES = models.JSONField(db_default=[], default=list, editable=False)


class Migration(migrations.Migration):
    """What each price rule did to a price is kept with the ticket.

    Empty: sold before this, or by the release before, which writes neither column.
    """

    dependencies = [("reservations", "0033_shared_blocks_ended_by_staff")]

    operations = [
        migrations.AddField(model_name="ticket", name="list_price", field=LIST_PRICE),
        migrations.AddField(model_name="ticket", name="price_changes", field=PRICE_CHANGES),
        migrations.AddField(model_name="exchangedticket", name="list_price", field=LIST_PRICE.clone()),
        migrations.AddField(model_name="exchangedticket", name="price_changes", field=PRICE_CHANGES.clone()),
        migrations.RunSQL(FROZEN, UNDONE),
    ]

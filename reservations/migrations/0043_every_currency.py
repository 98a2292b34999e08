"""Other currencies, and tax to the third decimal: the columns lose their scale, without writing the tables anew."""

from django.db import migrations, models

# A trigger that names a column has to go while the type of the column changes.
TICKET = """
CREATE TRIGGER ticket_frozen BEFORE UPDATE OF id, booking_id, showtime_id, ticket_type_id, type_name, price, tax,
        tax_rate, currency
    ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'booking_id', 'showtime_id', 'ticket_type_id',
        'type_name', 'price', 'tax', 'tax_rate', 'currency');
"""
EXCHANGED = """
CREATE TRIGGER exchanged_ticket_frozen BEFORE UPDATE OF id, exchange_id, old_ticket_id, seat_id, ticket_type_id, price, discount,
        tax, fee, tax_rate, new_ticket_id
    ON reservations_exchangedticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'exchange_id', 'old_ticket_id', 'seat_id', 'ticket_type_id',
        'price', 'discount', 'tax', 'fee', 'tax_rate', 'new_ticket_id?');
"""
AWAY = """
DROP TRIGGER ticket_frozen ON reservations_ticket;
DROP TRIGGER exchanged_ticket_frozen ON reservations_exchangedticket;
"""
CODE = models.CharField(blank=True, max_length=3)


class Migration(migrations.Migration):
    dependencies = [("reservations", "0042_waiting_for_aisles_and_exits")]
    operations = [
        migrations.RunSQL(AWAY, TICKET + EXCHANGED),
        migrations.AlterField(model_name="canceledticket", name="refunded_tax", field=models.DecimalField()),
        migrations.AlterField(model_name="exchangedticket", name="tax", field=models.DecimalField()),
        migrations.AlterField(model_name="ticket", name="tax", field=models.DecimalField()),
        migrations.RunSQL(TICKET + EXCHANGED, AWAY),
        migrations.AlterField(model_name="promocode", name="currency", field=CODE),
    ]

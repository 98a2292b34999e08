import django.db.models.deletion
from django.db import migrations, models

FROZEN = """
CREATE FUNCTION marquee_ticket_fee_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a ticket keeps what it was sold as' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ticket_fee_frozen BEFORE UPDATE ON reservations_ticket
    FOR EACH ROW WHEN (NEW.fee IS DISTINCT FROM OLD.fee) EXECUTE FUNCTION marquee_ticket_fee_frozen();
"""

UNFROZEN = """
DROP TRIGGER ticket_fee_frozen ON reservations_ticket;
DROP FUNCTION marquee_ticket_fee_frozen();
"""


class Migration(migrations.Migration):
    """A hold keeps the prices it began with; a ticket says what part of its price is the booking fee."""

    dependencies = [
        ('reservations', '0008_log_is_never_emptied'),
        ('theaters', '0007_prices_that_stay'),
    ]

    operations = [
        migrations.AddField(
            model_name='hold',
            name='price_version',
            field=models.ForeignKey(db_index=False, help_text="The showtime's when the hold began: what was shown stays true.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theaters.priceversion'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='fee',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='The booking fee inside the price, tax included.', max_digits=10),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('fee__gte', 0), ('fee__lte', models.F('price'))), name='ticket_fee_inside_price'),
        ),
        migrations.RunSQL(FROZEN, UNFROZEN),
    ]

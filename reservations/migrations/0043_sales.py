"""A booking becomes a part of a sale: what is paid together, with a contact of its own. The sale gets the booking's number."""

import django.db.models.deletion
from django.db import migrations, models

COPY = """
INSERT INTO sales_contact (id, email, customer, payer_name, payer_search)
SELECT id, email, customer, '', '' FROM reservations_booking;
INSERT INTO sales_sale (id, reference, theater_id, contact_id, user_id, channel, operator_id, currency, total, language, terms,
                        cancel_tiers, created_at, payable_until, held_until, refund_due, fees_kept, goodwill, frozen_at,
                        checking_since, link_version, link_nonce, link_renewed_at, comp_reason, override_reason, paid_with,
                        paid_out, changed_at)
SELECT booking.id, booking.reference, auditorium.theater_id, booking.id, booking.user_id,
       CASE WHEN booking.comp_reason <> '' THEN 'COMP' WHEN booking.operator_id IS NOT NULL THEN 'COUNTER' ELSE 'ONLINE' END,
       booking.operator_id, booking.currency, booking.total, booking.language, booking.terms, booking.cancel_tiers,
       booking.created_at, booking.till_closes_at, booking.held_until, booking.refund_due, booking.fees_kept, booking.goodwill,
       booking.frozen_at, booking.checking_since, booking.link_version, booking.link_nonce, booking.link_renewed_at,
       booking.comp_reason, booking.override_reason, booking.paid_with, booking.paid_out, booking.changed_at
  FROM reservations_booking booking
  JOIN theaters_showtime showtime ON showtime.id = booking.showtime_id
  JOIN theaters_auditorium auditorium ON auditorium.id = showtime.auditorium_id;
SELECT setval(pg_get_serial_sequence('sales_contact', 'id'), coalesce(max(id), 0) + 1, false) FROM sales_contact;
SELECT setval(pg_get_serial_sequence('sales_sale', 'id'), coalesce(max(id), 0) + 1, false) FROM sales_sale;
UPDATE reservations_booking SET sale_id = id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0042_dashboard_refunds_of_any_provider'),
        ('sales', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='booking',
            name='sale',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='sales.sale'),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
    ]

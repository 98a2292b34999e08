"""A payment is of a sale, and the payer's name stands with its contact."""

import django.db.models.deletion
from django.db import migrations, models

COPY = """
ALTER TABLE payments_payment DISABLE TRIGGER USER;
UPDATE payments_payment SET sale_id = booking_id;
ALTER TABLE payments_payment ENABLE TRIGGER USER;
UPDATE sales_contact contact SET payer_name = payment.payer_name, payer_search = payment.payer_search
  FROM payments_payment payment WHERE payment.sale_id = contact.id AND payment.payer_name <> '';
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0024_statuses_have_their_columns'),
        ('reservations', '0043_sales'),
    ]

    operations = [
        migrations.AddField(
            model_name='payment',
            name='sale',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='sales.sale'),
        ),
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
    ]

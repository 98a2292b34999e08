"""What stands on the sale now."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0043_sales'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='booking',
            options={'base_manager_name': 'objects', 'ordering': ['-pk'], 'permissions': [('give_comp', 'Can give tickets away, with a reason'), ('sell_at_counter', 'Can sell at the counter'), ('see_takings', 'Can see what every operator took at the counter'), ('override_house_seat', 'Can sell a house seat at the counter, with a reason'), ('override_price', 'Can sell below the list price at the counter, with a reason'), ('override_sales_close', 'Can sell at the counter after its close, with a reason'), ('resend_mail', 'Can send the confirmation again'), ('change_email', 'Can correct the e-mail of a booking'), ('swap_seats', 'Can give tickets other seats'), ('write_to_holders', 'Can write to all holders of a showtime')]},
        ),
        migrations.RemoveConstraint(
            model_name='booking',
            name='booking_amounts_not_negative',
        ),
        migrations.RemoveConstraint(
            model_name='booking',
            name='booking_held_until_till_closes',
        ),
        migrations.RemoveConstraint(
            model_name='booking',
            name='booking_comp_costs_nothing',
        ),
        migrations.RemoveConstraint(
            model_name='booking',
            name='booking_fees_kept_not_negative',
        ),
        migrations.RemoveConstraint(
            model_name='booking',
            name='booking_email_unless_at_the_counter',
        ),
        migrations.RemoveConstraint(
            model_name='booking',
            name='booking_overrides_have_an_operator',
        ),
        migrations.RemoveConstraint(
            model_name='booking',
            name='booking_paid_at_the_counter',
        ),
        migrations.RemoveConstraint(
            model_name='booking',
            name='booking_paid_out_was_owed',
        ),
        migrations.RemoveIndex(
            model_name='booking',
            name='booking_pending_till',
        ),
        migrations.RemoveIndex(
            model_name='booking',
            name='booking_guest_email',
        ),
        migrations.RemoveIndex(
            model_name='booking',
            name='booking_email_search',
        ),
        migrations.AlterField(
            model_name='booking',
            name='sale',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='sales.sale'),
        ),
        migrations.AlterField(
            model_name='booking',
            name='total',
            field=models.DecimalField(decimal_places=2, help_text='The price of its tickets; the sale has the total of all its bookings.', max_digits=10),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('status', 'PENDING')), fields=['sale'], name='booking_pending_sale'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('total__gte', 0)), name='booking_total_not_negative', violation_error_message='Amounts are 0 or more.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.UniqueConstraint(fields=('sale', 'showtime'), name='booking_one_per_sale_and_showtime', violation_error_message='This sale has a booking for this showtime already.'),
        ),
        migrations.RemoveField(
            model_name='booking',
            name='cancel_tiers',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='checking_since',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='comp_reason',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='currency',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='customer',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='email',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='fees_kept',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='frozen_at',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='goodwill',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='held_until',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='language',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='link_nonce',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='link_renewed_at',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='link_version',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='operator',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='override_reason',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='paid_out',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='paid_with',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='reference',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='refund_due',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='terms',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='till_closes_at',
        ),
        migrations.RemoveField(
            model_name='booking',
            name='user',
        ),
    ]

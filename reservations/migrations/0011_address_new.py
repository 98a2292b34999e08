from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0010_promo_codes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='outgoingmail',
            name='kind',
            field=models.CharField(choices=[('CONFIRMATION', 'Confirmation'), ('CANCELLATION', 'Tickets were canceled'), ('REFUND', 'Money was sent back'), ('APOLOGY', 'Apology: the payment is refunded'), ('RESENT', 'Confirmation, sent again by staff'), ('ADDRESS_LEFT', 'The e-mail was changed: told to the old one'), ('CALLED_OFF', 'The showtime was canceled'), ('MOVED', 'The showtime was changed'), ('ADDRESS_NEW', 'The e-mail was changed: told to the new one'), ('REFUND_ALERT', 'A refund failed: told to staff')], max_length=12),
        ),
    ]

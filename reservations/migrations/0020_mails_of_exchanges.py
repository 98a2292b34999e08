from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0019_holds_end_with_a_move'),
    ]

    operations = [
        migrations.AlterField(
            model_name='outgoingmail',
            name='kind',
            field=models.CharField(choices=[('CONFIRMATION', 'Confirmation'), ('CANCELLATION', 'Tickets were canceled'), ('REFUND', 'Money was sent back'), ('CODE', 'The code asked for before canceling by a link'), ('APOLOGY', 'Apology: the payment is refunded'), ('RESENT', 'Confirmation, sent again by staff'), ('ADDRESS_LEFT', 'The e-mail was changed: told to the old one'), ('CALLED_OFF', 'The showtime was canceled'), ('MOVED', 'The showtime was changed'), ('ADDRESS_NEW', 'The e-mail was changed: told to the new one'), ('REFUND_ALERT', 'A refund failed: told to staff'), ('MONEY_ALERT', 'Money needs a person: told to staff'), ('SWAPPED', 'Seats were changed by staff'), ('EXCHANGED', 'Tickets were exchanged by the customer'), ('NO_EXCHANGE', 'Money came for an exchange that could not be done'), ('GIVEN', 'A ticket was taken by a friend: told to the payer'), ('LINK', 'A new link, asked for by the customer'), ('FOUND', 'The link, asked for by reference or e-mail'), ('MESSAGE', 'Written by staff to all holders of the showtime'), ('RECEIPT', 'The receipt, sent from the counter')], max_length=12),
        ),
    ]

import core.clock
import core.columns
import django.db.models.deletion
import sales.models
import reservations.models.outgoing_mail
from django.db import migrations, models


class Migration(migrations.Migration):
    """What identifies a link or a mail outside is random; wrong codes are counted by booking."""

    dependencies = [
        ('reservations', '0027_tickets_of_a_person'),
    ]

    operations = [
        # The column stays for the running release; the next one drops it.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name='bookingaccess', name='code_tries')]
        ),
        migrations.AddField(
            model_name='booking',
            name='link_nonce',
            field=models.CharField(db_default=core.columns.RandomHex(), default=sales.models.new_link_nonce, help_text='New with every version of the link.', max_length=32),
        ),
        migrations.AddField(
            model_name='booking',
            name='link_renewed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='message_key',
            field=models.CharField(db_default=core.columns.RandomHex(), default=reservations.models.outgoing_mail.new_message_key, help_text='In the Message-ID of every try.', max_length=32),
        ),
        migrations.AlterField(
            model_name='outgoingmail',
            name='kind',
            field=models.CharField(choices=[('CONFIRMATION', 'Confirmation'), ('CANCELLATION', 'Tickets were canceled'), ('REFUND', 'Money was sent back'), ('CODE', 'The code asked for before canceling by a link'), ('APOLOGY', 'Apology: the payment is refunded'), ('RESENT', 'Confirmation, sent again by staff'), ('ADDRESS_LEFT', 'The e-mail was changed: told to the old one'), ('CALLED_OFF', 'The showtime was canceled'), ('MOVED', 'The showtime was changed'), ('ADDRESS_NEW', 'The e-mail was changed: told to the new one'), ('REFUND_ALERT', 'A refund failed: told to staff'), ('MONEY_ALERT', 'Money needs a person: told to staff'), ('SWAPPED', 'Seats were changed by staff'), ('LINK', 'A new link, asked for by the customer')], max_length=12),
        ),
        migrations.CreateModel(
            name='WrongCodeTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=core.clock.ClockTimestamp())),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wrong_code_tries', to='reservations.booking')),
            ],
            options={
                'default_permissions': (),
            },
        ),
    ]

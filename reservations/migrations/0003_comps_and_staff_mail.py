from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0002_log_is_append_only'),
        ('theaters', '0003_refund_limit'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='booking',
            options={'ordering': ['-pk'], 'permissions': [('give_comp', 'Can give tickets away, with a reason'), ('resend_mail', 'Can send the confirmation again'), ('change_email', 'Can correct the e-mail of a booking')]},
        ),
        migrations.AddField(
            model_name='booking',
            name='comp_reason',
            field=models.CharField(blank=True, db_default='', help_text='Why staff gave these tickets away; empty for sold ones.', max_length=200),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='facts',
            field=models.JSONField(db_default={}, default=dict, help_text='What it tells beyond its booking, as written.'),
        ),
        migrations.AlterField(
            model_name='outgoingmail',
            name='kind',
            field=models.CharField(choices=[('CONFIRMATION', 'Confirmation'), ('APOLOGY', 'Apology: the payment is refunded'), ('RESENT', 'Confirmation, sent again by staff'), ('ADDRESS_LEFT', 'The e-mail was changed: told to the old one'), ('REFUND_ALERT', 'A refund failed: told to staff')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('comp_reason', ''), ('total', 0), _connector='OR'), name='booking_comp_costs_nothing'),
        ),
    ]

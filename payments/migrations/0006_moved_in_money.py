from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tickets that another system sold are moved in: a way of paying of their own."""

    dependencies = [
        ('payments', '0005_retention_runs'),
        ('sales', '0004_moved_in_sales'),
        ('staff', '0005_devices_and_pins'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='payment',
            name='payment_status_captured',
        ),
        migrations.RemoveConstraint(
            model_name='payment',
            name='payment_online_or_of_the_counter',
        ),
        migrations.RemoveConstraint(
            model_name='refund',
            name='refund_status_succeeded',
        ),
        migrations.RemoveConstraint(
            model_name='refund',
            name='refund_online_or_of_the_counter',
        ),
        migrations.AlterField(
            model_name='payment',
            name='method',
            field=models.CharField(choices=[('ONLINE', 'Card online'), ('CASH', 'Cash'), ('TERMINAL', 'Card at the counter'), ('MOVED_IN', 'Moved in')], db_default='ONLINE', default='ONLINE', max_length=8),
        ),
        migrations.AlterField(
            model_name='refund',
            name='method',
            field=models.CharField(choices=[('ONLINE', 'Card online'), ('CASH', 'Cash'), ('TERMINAL', 'Card at the counter'), ('MOVED_IN', 'Moved in')], db_default='ONLINE', default='ONLINE', help_text='How it goes back. At the counter cash may become a card, and the other way round, until it is paid out.', max_length=8),
        ),
        AddConstraintNotValid(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('SUCCEEDED', 'DISPUTED')), _negated=True), models.Q(('captured__isnull', False), ('captured_currency__isnull', False), ('ended_at__isnull', False), models.Q(('method__in', ('CASH', 'TERMINAL', 'MOVED_IN')), models.Q(('provider_id__isnull', False), ('session_id__isnull', False)), _connector='OR')), _connector='OR'), name='payment_status_captured', violation_error_message='A payment that succeeded says when, how much came in which currency and, online, by which payment session.'),
        ),
        AddConstraintNotValid(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('method', 'ONLINE'), ('operator', None), models.Q(('provider__in', ['', 'counter', 'moved in']), _negated=True)), models.Q(models.Q(models.Q(('method__in', ('CASH', 'TERMINAL')), ('operator__isnull', False), ('provider', 'counter')), models.Q(('method', 'MOVED_IN'), ('operator', None), ('provider', 'moved in')), _connector='OR'), ('captured', models.F('amount')), ('captured__isnull', False), ('captured_currency', models.F('currency')), ('captured_currency__isnull', False), ('ended_at__isnull', False), ('provider_id', None), ('session_id', None), ('session_url', ''), ('status', 'SUCCEEDED')), _connector='OR'), name='payment_online_or_of_the_counter', violation_error_message='A payment is online and without an operator, taken whole at the counter by one, or taken whole by another system before.'),
        ),
        AddConstraintNotValid(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('SUCCEEDED',)), _negated=True), models.Q(('ended_at__isnull', False), models.Q(('method__in', ('CASH', 'TERMINAL', 'MOVED_IN')), ('provider_id__isnull', False), _connector='OR')), _connector='OR'), name='refund_status_succeeded', violation_error_message='A refund that succeeded says when and, online, has its id at the provider.'),
        ),
        AddConstraintNotValid(
            model_name='refund',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('method', 'ONLINE'), ('operator', None), models.Q(('provider__in', ['', 'counter', 'moved in']), _negated=True)), models.Q(('method__in', ('CASH', 'TERMINAL', 'MOVED_IN')), ('provider', 'counter'), ('provider_id', None), ('status__in', ['REQUESTED', 'FAILED'])), models.Q(('ended_at__isnull', False), ('method__in', ('CASH', 'TERMINAL', 'MOVED_IN')), ('operator__isnull', False), ('provider', 'counter'), ('provider_id', None), ('status', 'SUCCEEDED')), _connector='OR'), name='refund_online_or_of_the_counter', violation_error_message='A refund goes back online without an operator, or is given back by one by hand.'),
        ),
    ]

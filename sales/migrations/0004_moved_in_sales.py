from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tickets that another system sold are moved in: a way of paying of their own."""

    dependencies = [
        ('houses', '0004_texts_are_frozen'),
        ('sales', '0003_accepted_terms'),
        ('staff', '0005_devices_and_pins'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='sale',
            name='sale_channel',
        ),
        migrations.AlterField(
            model_name='sale',
            name='channel',
            field=models.CharField(choices=[('ONLINE', 'Online'), ('COUNTER', 'Counter'), ('COMP', 'Given away'), ('MOVED_IN', 'Moved in')], default='ONLINE', max_length=8),
        ),
        AddConstraintNotValid(
            model_name='sale',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'ONLINE'), ('comp_reason', ''), ('operator', None)), models.Q(('channel', 'COUNTER'), ('comp_reason', ''), ('operator__isnull', False)), models.Q(('channel', 'COMP'), models.Q(('comp_reason', ''), _negated=True)), models.Q(('channel', 'MOVED_IN'), ('comp_reason', ''), ('operator', None)), _connector='OR'), name='sale_channel', violation_error_message='What is sold at the counter has an operator, what is given away has a reason.'),
        ),
    ]

import django.contrib.postgres.fields
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """The release before writes none: its contacts tell nothing, and what it empties says nothing."""

    dependencies = [
        ('sales', '0007_every_currency'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='told_needs',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), db_default=[], default=list, help_text='What they need, as they agreed to tell the staff with this sale.'),
        ),
        AddConstraintNotValid(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('emptied_at', None), ('told_needs', []), _connector='OR'), name='contact_emptied_needs_nothing', violation_error_message="A contact that was erased says nothing about anybody's needs."),
        ),
    ]

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """The release before writes none: people who take a ticket there tell nothing."""

    dependencies = [
        ('reservations', '0043_every_currency'),
    ]

    operations = [
        migrations.AddField(
            model_name='transfer',
            name='told_needs',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), db_default=[], default=list, help_text='What the person who took it needs, as they agreed to tell the staff.'),
        ),
    ]

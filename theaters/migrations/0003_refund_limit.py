import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('theaters', '0002_catalogue'),
    ]

    operations = [
        migrations.AddField(
            model_name='theater',
            name='refund_limit',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='What one person may give back of one booking; above it a second person decides. 0: always.', max_digits=10, validators=[django.core.validators.MinValueValidator(0)]),
        ),
    ]

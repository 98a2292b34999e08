from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0044_facts_of_the_sale_leave_the_booking'),
    ]

    operations = [
        migrations.AlterField(
            model_name='hold',
            name='cap_at',
            field=models.DateTimeField(help_text='No hold or payment session of this browser lives past it.'),
        ),
    ]

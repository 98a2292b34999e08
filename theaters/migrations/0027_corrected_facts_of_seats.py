
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('theaters', '0026_facts_of_seats'),
    ]

    operations = [
        migrations.AlterField(
            model_name='showtimechange',
            name='kind',
            field=models.CharField(choices=[('CANCEL', 'Cancel'), ('TIME', 'Move the time'), ('MOVIE', 'Show another film'), ('VERSION', 'Other version'), ('PRICES', 'Other price list'), ('PLAN', 'Other seating plan'), ('RATING', 'Other age rating'), ('MOVE', 'Move to another auditorium'), ('OUTAGE', 'Something for access is out of order'), ('FACTS', 'Corrected facts of seats')], max_length=8),
        ),
    ]

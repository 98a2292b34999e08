from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("houses", "0013_refund_limit_of_a_sale")]

    operations = [
        migrations.AddField(
            model_name="house",
            name="seat_notes",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
    ]

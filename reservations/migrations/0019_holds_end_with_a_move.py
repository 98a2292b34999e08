from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0018_transfers")]

    operations = [
        migrations.AlterField(
            model_name="hold",
            name="end",
            field=models.CharField(
                blank=True,
                choices=[
                    ("RELEASED", "Given back"),
                    ("LAPSED", "Ran out"),
                    ("PAID", "Went to Pay"),
                    ("MOVED", "The showtime moved to another auditorium"),
                ],
                max_length=8,
            ),
        ),
    ]

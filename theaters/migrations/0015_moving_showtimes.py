from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("theaters", "0014_public_holidays")]

    operations = [
        migrations.AddField(
            model_name="showtime",
            name="sales_paused_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="showtimechange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("CANCEL", "Cancel"),
                    ("TIME", "Move the time"),
                    ("MOVIE", "Show another film"),
                    ("VERSION", "Other version"),
                    ("PRICES", "Other price list"),
                    ("PLAN", "Other seating plan"),
                    ("RATING", "Other age rating"),
                    ("MOVE", "Move to another auditorium"),
                ],
                max_length=8,
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reservations", "0026_empty_places")]

    operations = [
        migrations.AddField(
            model_name="showtimeseat",
            name="kept_from_hold",
            field=models.BigIntegerField(
                help_text="Somebody had the seat when it was kept back: the number of that hold, or of the first of its "
                "holds. It is a house seat as soon as they leave it.",
                null=True,
            ),
        ),
    ]

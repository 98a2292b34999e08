from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("theaters", "0019_seat_categories")]

    operations = [
        migrations.AddField(
            model_name="tickettype",
            name="is_empty_place",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="What one person on a sofa for two pays for the other place. Without such a type nobody can "
                "leave one empty. It stays as it is once it is saved.",
                verbose_name="for a place that stays empty",
            ),
        ),
    ]

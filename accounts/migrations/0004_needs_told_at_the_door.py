from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_saved_needs")]

    operations = [
        migrations.AddField(
            model_name="savedneeds",
            name="tells_staff",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Agreed that the door sees it with the bookings of the account.",
            ),
        ),
    ]

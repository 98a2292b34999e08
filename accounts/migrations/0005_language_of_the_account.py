from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_needs_told_at_the_door")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="Of the switch. Empty: not chosen yet.", max_length=10
            ),
        ),
    ]

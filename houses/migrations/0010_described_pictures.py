from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("houses", "0009_public_holidays")]

    operations = [
        migrations.AddField(
            model_name="theaterphoto",
            name="translations",
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
    ]

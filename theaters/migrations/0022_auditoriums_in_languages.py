from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("theaters", "0021_relaxed_series_and_outages")]

    operations = [
        migrations.AddField(
            model_name="auditorium",
            name="translations",
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False),
        ),
    ]

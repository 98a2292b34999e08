from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("houses", "0010_described_pictures")]

    operations = [
        migrations.AddField(
            model_name=model,
            name=name,
            field=models.JSONField(blank=True, db_default={}, default=dict),
        )
        for model, name in (("house", "translations"), ("house", "section_names"), ("post", "translations"))
    ]

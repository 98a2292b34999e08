from django.db import migrations, models


class Migration(migrations.Migration):
    """When staff got the mail about a pause after a restore."""

    dependencies = [("core", "0004_pauses_of_sales")]

    operations = [
        migrations.AddField(
            model_name="salespause",
            name="told_at",
            field=models.DateTimeField(help_text="When staff got the mail about a pause after a restore.", null=True),
        ),
    ]

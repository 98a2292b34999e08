from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reservations", "0034_price_parts_as_sold")]

    operations = [
        migrations.AlterModelOptions(
            name="sharedblock",
            options={
                "default_permissions": ("view",),
                "ordering": ["pk"],
                "verbose_name": "block of friends",
                "verbose_name_plural": "blocks of friends",
            },
        ),
    ]

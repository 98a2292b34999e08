from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0005_moved_in_sales_are_checked")]

    operations = [
        migrations.AddField(
            model_name="sale",
            name="exchange_minutes",
            field=models.PositiveIntegerField(
                help_text="Until so many minutes before the start its tickets are exchanged online; 0: never. Empty for "
                "sales that are older than this column: then what the theater says now.",
                null=True,
            ),
        ),
    ]

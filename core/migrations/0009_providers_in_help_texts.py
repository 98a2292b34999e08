from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0008_statuses_have_their_columns'),
    ]

    operations = [
        migrations.AlterField(
            model_name='salespause',
            name='agreed_at',
            field=models.DateTimeField(help_text='After a restore: when the payment provider and the database agreed; empty while they differ.', null=True),
        ),
        migrations.AlterField(
            model_name='salespause',
            name='lost',
            field=models.JSONField(db_default={}, default=dict, help_text='After a restore: sales without a provider that the file beside the database knows of, and it does not.'),
        ),
    ]

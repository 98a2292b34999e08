from django.db import migrations, models


def rename(old: str, new: str) -> str:
    """Cancellations only grow, so their trigger is off meanwhile."""
    return f"""
    ALTER TABLE reservations_cancellation DISABLE TRIGGER cancellation_append_only;
    UPDATE reservations_cancellation SET cause = '{new}' WHERE cause = '{old}';
    ALTER TABLE reservations_cancellation ENABLE TRIGGER cancellation_append_only;
    """


class Migration(migrations.Migration):

    dependencies = [
        ('reservations', '0041_statuses_have_their_columns'),
    ]

    operations = [
        migrations.RunSQL(rename("STRIPE", "PROVIDER"), rename("PROVIDER", "STRIPE")),
        migrations.AlterField(
            model_name='booking',
            name='checking_since',
            field=models.DateTimeField(help_text='Whether its money came is not known yet: the provider did not tell, or the bank has not decided.', null=True),
        ),
        migrations.AlterField(
            model_name='cancellation',
            name='cause',
            field=models.CharField(choices=[('CUSTOMER', 'By the customer'), ('STAFF', 'By staff'), ('SHOWTIME', 'The showtime was canceled'), ('CHANGED', 'The showtime was changed'), ('DISPUTE', 'The bank took the money back'), ('PROVIDER', "Refunded in the payment provider's dashboard"), ('GOODWILL', 'Money given back, the tickets stay')], max_length=8),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0013_events_set_aside")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="address",
            field=models.CharField(blank=True, db_default="", default="", help_text="Where Pay was pressed: an IPv4 address or an IPv6 /56; empty at the counter.", max_length=64),
        ),
        migrations.AddField(
            model_name="payment",
            name="declines",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text="How often a card was declined in its payment session."),
        ),
        migrations.AddField(
            model_name="payment",
            name="declined_at",
            field=models.DateTimeField(help_text="When the last of these declines was seen.", null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="card",
            field=models.CharField(blank=True, db_default="", default="", help_text="Stripe's fingerprint of the card that paid.", max_length=64),
        ),
        migrations.AddField(
            model_name="payment",
            name="card_noted_at",
            field=models.DateTimeField(help_text="When Stripe was asked which card paid.", null=True),
        ),
    ]

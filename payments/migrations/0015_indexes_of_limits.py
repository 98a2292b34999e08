from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0014_cards_and_addresses")]

    operations = [
        AddIndexConcurrently(
            model_name="payment",
            index=models.Index(condition=~models.Q(address=""), fields=["address", "created_at"], name="payment_by_address"),
        ),
        AddIndexConcurrently(
            model_name="payment",
            index=models.Index(condition=models.Q(card_noted_at=None, method="STRIPE", status="SUCCEEDED"), fields=["ended_at"], name="payment_card_unknown"),
        ),
        AddIndexConcurrently(
            model_name="payment",
            index=models.Index(condition=~models.Q(card=""), fields=["card"], name="payment_by_card"),
        ),
    ]

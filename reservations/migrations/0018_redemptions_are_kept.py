from django.db import migrations

from core.frozen_rows import freeze

FREEZE = freeze(
    "reservations_promoredemption",
    "redemption_frozen",
    kept=["id", "promo_code_id", "booking_id", "customer", "discount", "currency", "created_at"],
)
THAW = "DROP TRIGGER redemption_frozen ON reservations_promoredemption;"


class Migration(migrations.Migration):
    """Who used a promo code for what, and what it took off, stays; a use may be given back, and count again."""

    dependencies = [("reservations", "0017_mailbox_codes"), ("core", "0002_kept_columns")]

    operations = [migrations.RunSQL(FREEZE, THAW)]

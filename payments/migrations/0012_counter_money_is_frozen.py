from django.db import migrations

from core.frozen_rows import freeze

FORWARDS = (
    freeze("payments_payment", "payment_counter_frozen", kept=["method", "operator_id", "tendered"])
    + freeze("payments_refund", "refund_operator_frozen", kept=[], once=["operator_id"])
    + """
CREATE FUNCTION marquee_refund_method_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.method = 'STRIPE' OR NEW.method = 'STRIPE' OR OLD.status <> 'REQUESTED' THEN
        RAISE EXCEPTION 'method of % % is frozen', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refund_method_frozen BEFORE UPDATE OF method ON payments_refund
    FOR EACH ROW WHEN (NEW.method IS DISTINCT FROM OLD.method) EXECUTE FUNCTION marquee_refund_method_frozen();
"""
)
BACKWARDS = """
DROP TRIGGER refund_method_frozen ON payments_refund;
DROP FUNCTION marquee_refund_method_frozen();
DROP TRIGGER refund_operator_frozen ON payments_refund;
DROP TRIGGER payment_counter_frozen ON payments_payment;
"""


class Migration(migrations.Migration):
    """Who took or paid out money at the counter, and how, stays. A refund may change between cash and card until it is paid."""

    dependencies = [("payments", "0011_money_of_the_counter")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

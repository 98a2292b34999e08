from django.db import migrations

FORWARDS = """
CREATE FUNCTION marquee_payment_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.booking_id, NEW.key, NEW.request, NEW.amount, NEW.currency)
       IS DISTINCT FROM (OLD.booking_id, OLD.key, OLD.request, OLD.amount, OLD.currency)
       OR (OLD.session_id IS NOT NULL AND NEW.session_id IS DISTINCT FROM OLD.session_id)
       OR (OLD.intent_id IS NOT NULL AND NEW.intent_id IS DISTINCT FROM OLD.intent_id) THEN
        RAISE EXCEPTION 'a payment keeps its amount, ids and key' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_frozen BEFORE UPDATE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION marquee_payment_frozen();

CREATE FUNCTION marquee_refund_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.payment_id, NEW.key, NEW.amount, NEW.currency)
       IS DISTINCT FROM (OLD.payment_id, OLD.key, OLD.amount, OLD.currency)
       OR (OLD.stripe_id IS NOT NULL AND NEW.stripe_id IS DISTINCT FROM OLD.stripe_id) THEN
        RAISE EXCEPTION 'a refund keeps its amount, ids and key' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refund_frozen BEFORE UPDATE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION marquee_refund_frozen();
"""

BACKWARDS = """
DROP TRIGGER refund_frozen ON payments_refund;
DROP FUNCTION marquee_refund_frozen();
DROP TRIGGER payment_frozen ON payments_payment;
DROP FUNCTION marquee_payment_frozen();
"""


class Migration(migrations.Migration):
    """Amount, currency, ids and key of a payment and a refund never change; the status may move."""

    dependencies = [("payments", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

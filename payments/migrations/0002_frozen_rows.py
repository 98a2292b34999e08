from django.db import migrations

PAYMENTS = """
CREATE FUNCTION marquee_payment_request_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.request <> '{}'::jsonb OR OLD.ended_at IS NULL OR OLD.ended_at > clock_timestamp() - interval '2 days' THEN
        RAISE EXCEPTION 'request of % % is frozen', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER payment_frozen BEFORE UPDATE OF id, sale_id, key, amount, currency, provider, session_id, provider_id
    ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'sale_id', 'key', 'amount', 'currency', 'provider',
        'session_id?', 'provider_id?');
CREATE TRIGGER payment_captured_frozen BEFORE UPDATE OF id, captured, captured_currency ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'captured?', 'captured_currency?');
CREATE TRIGGER payment_counter_frozen BEFORE UPDATE OF method, operator_id, tendered ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('method', 'operator_id', 'tendered');
CREATE TRIGGER payment_request_frozen BEFORE UPDATE OF request ON payments_payment
    FOR EACH ROW WHEN (NEW.request IS DISTINCT FROM OLD.request) EXECUTE FUNCTION marquee_payment_request_frozen();
"""
PAYMENTS_UNDONE = """
DROP TRIGGER payment_frozen ON payments_payment;
DROP TRIGGER payment_captured_frozen ON payments_payment;
DROP TRIGGER payment_counter_frozen ON payments_payment;
DROP TRIGGER payment_request_frozen ON payments_payment;
DROP FUNCTION marquee_payment_request_frozen();
"""
REFUNDS = """
CREATE FUNCTION marquee_refund_method_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.method = 'ONLINE' OR NEW.method = 'ONLINE' OR OLD.status <> 'REQUESTED' THEN
        RAISE EXCEPTION 'method of % % is frozen', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER refund_frozen BEFORE UPDATE OF id, payment_id, key, amount, currency, reason, provider, provider_id
    ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'payment_id', 'key', 'amount', 'currency', 'reason',
        'provider', 'provider_id?');
CREATE TRIGGER refund_operator_frozen BEFORE UPDATE OF operator_id ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('operator_id?');
CREATE TRIGGER refund_method_frozen BEFORE UPDATE OF method ON payments_refund
    FOR EACH ROW WHEN (NEW.method IS DISTINCT FROM OLD.method) EXECUTE FUNCTION marquee_refund_method_frozen();
"""
REFUNDS_UNDONE = """
DROP TRIGGER refund_frozen ON payments_refund;
DROP TRIGGER refund_operator_frozen ON payments_refund;
DROP TRIGGER refund_method_frozen ON payments_refund;
DROP FUNCTION marquee_refund_method_frozen();
"""
DISPUTES = """
CREATE TRIGGER dispute_frozen BEFORE UPDATE OF id, payment_id, provider_id, amount, currency, provider
    ON payments_dispute
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'payment_id', 'provider_id', 'amount', 'currency',
        'provider');
"""
DISPUTES_UNDONE = """
DROP TRIGGER dispute_frozen ON payments_dispute;
"""
CHECKS = """
CREATE FUNCTION marquee_keep_findings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.finished_at IS NOT NULL THEN
        RAISE EXCEPTION 'check % has ended', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER check_frozen BEFORE UPDATE OF id, asked_at, actor ON payments_invariantrun
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'asked_at', 'actor');
CREATE TRIGGER findings_frozen BEFORE UPDATE OF finished_at, milliseconds, checked, broken, findings
    ON payments_invariantrun
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_findings();
"""
CHECKS_UNDONE = """
DROP TRIGGER check_frozen ON payments_invariantrun;
DROP TRIGGER findings_frozen ON payments_invariantrun;
DROP FUNCTION marquee_keep_findings();
"""


class Migration(migrations.Migration):
    """Amounts, keys and ids of payments, refunds and disputes are written once; so is what a check found."""

    dependencies = [("payments", "0001_initial"), ("core", "0002_frozen_rows")]

    operations = [
        migrations.RunSQL(PAYMENTS, PAYMENTS_UNDONE),
        migrations.RunSQL(REFUNDS, REFUNDS_UNDONE),
        migrations.RunSQL(DISPUTES, DISPUTES_UNDONE),
        migrations.RunSQL(CHECKS, CHECKS_UNDONE),
    ]

from django.db import migrations

PLANS = """
CREATE FUNCTION marquee_published_plan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'PUBLISHED' THEN
        RAISE EXCEPTION 'a published plan never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION marquee_published_seat_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM theaters_seatingplan WHERE id = OLD.plan_id AND status = 'PUBLISHED') THEN
        RAISE EXCEPTION 'a seat of a published plan never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION marquee_published_plan_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A plan and its seats may be written in one transaction, the plan first.
    IF EXISTS (
        SELECT 1 FROM added JOIN theaters_seatingplan AS plan ON plan.id = added.plan_id
         WHERE plan.status = 'PUBLISHED' AND plan.xmin <> pg_current_xact_id()::xid
    ) THEN
        RAISE EXCEPTION 'a published plan gets no more seats' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER published_plan_frozen BEFORE DELETE OR UPDATE ON theaters_seatingplan
    FOR EACH ROW EXECUTE FUNCTION marquee_published_plan_stays();
CREATE TRIGGER published_seat_frozen BEFORE DELETE OR UPDATE ON theaters_seat
    FOR EACH ROW EXECUTE FUNCTION marquee_published_seat_stays();
CREATE TRIGGER published_plan_full AFTER INSERT ON theaters_seat REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_published_plan_is_full();
"""
PLANS_UNDONE = """
DROP TRIGGER published_plan_frozen ON theaters_seatingplan;
DROP TRIGGER published_seat_frozen ON theaters_seat;
DROP TRIGGER published_plan_full ON theaters_seat;
DROP FUNCTION marquee_published_plan_is_full();
DROP FUNCTION marquee_published_seat_stays();
DROP FUNCTION marquee_published_plan_stays();
"""
PRICES = """
CREATE FUNCTION marquee_prices_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the prices of a version never change' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER pinned_price_frozen BEFORE DELETE OR UPDATE ON theaters_pinnedprice
    FOR EACH ROW EXECUTE FUNCTION marquee_prices_stay();
CREATE TRIGGER price_version_frozen BEFORE DELETE OR UPDATE ON theaters_priceversion
    FOR EACH ROW EXECUTE FUNCTION marquee_prices_stay();
"""
PRICES_UNDONE = """
DROP TRIGGER pinned_price_frozen ON theaters_pinnedprice;
DROP TRIGGER price_version_frozen ON theaters_priceversion;
DROP FUNCTION marquee_prices_stay();
"""
CHANGES = """
CREATE FUNCTION marquee_change_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'APPLIED' THEN
        RAISE EXCEPTION 'a change that was applied is an entry of the audit' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;

CREATE TRIGGER change_frozen BEFORE DELETE OR UPDATE ON theaters_showtimechange
    FOR EACH ROW EXECUTE FUNCTION marquee_change_frozen();
"""
CHANGES_UNDONE = """
DROP TRIGGER change_frozen ON theaters_showtimechange;
DROP FUNCTION marquee_change_frozen();
"""


class Migration(migrations.Migration):
    """Published seating plans, prices that were sold at, and changes that were applied stay as they are."""

    dependencies = [("theaters", "0001_initial")]

    operations = [
        migrations.RunSQL(PLANS, PLANS_UNDONE),
        migrations.RunSQL(PRICES, PRICES_UNDONE),
        migrations.RunSQL(CHANGES, CHANGES_UNDONE),
    ]

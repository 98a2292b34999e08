from django.db import migrations

FROZEN = """
CREATE FUNCTION marquee_published_plan_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'PUBLISHED' THEN
        RAISE EXCEPTION 'a published plan never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER published_plan_frozen BEFORE UPDATE OR DELETE ON theaters_seatingplan
    FOR EACH ROW EXECUTE FUNCTION marquee_published_plan_stays();

CREATE FUNCTION marquee_published_seat_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM theaters_seatingplan WHERE id = OLD.plan_id AND status = 'PUBLISHED') THEN
        RAISE EXCEPTION 'a seat of a published plan never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER published_seat_frozen BEFORE UPDATE OR DELETE ON theaters_seat
    FOR EACH ROW EXECUTE FUNCTION marquee_published_seat_stays();

CREATE FUNCTION marquee_published_plan_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The release before this one writes the plan first, then its seats, in one transaction: while both run, that goes on.
    IF EXISTS (
        SELECT 1 FROM added JOIN theaters_seatingplan AS plan ON plan.id = added.plan_id
         WHERE plan.status = 'PUBLISHED' AND plan.xmin <> pg_current_xact_id()::xid
    ) THEN
        RAISE EXCEPTION 'a published plan gets no more seats' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER published_plan_full AFTER INSERT ON theaters_seat REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_published_plan_is_full();
"""

UNFROZEN = """
DROP TRIGGER published_plan_full ON theaters_seat;
DROP FUNCTION marquee_published_plan_is_full();
DROP TRIGGER published_seat_frozen ON theaters_seat;
DROP FUNCTION marquee_published_seat_stays();
DROP TRIGGER published_plan_frozen ON theaters_seatingplan;
DROP FUNCTION marquee_published_plan_stays();
"""


class Migration(migrations.Migration):
    """A published plan and its seats never change, not even by SQL."""

    dependencies = [("theaters", "0014_plan_drafts")]

    operations = [migrations.RunSQL(FROZEN, UNFROZEN)]

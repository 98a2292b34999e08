from django.db import migrations

TICKETS = """
CREATE FUNCTION marquee_ticket_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'VALID' OR NEW.status <> 'VALID' OR NOT EXISTS (
        SELECT 1 FROM reservations_swappedticket swapped
         WHERE swapped.old_code = OLD.code AND swapped.new_code = NEW.code AND swapped.ticket_id = OLD.id
           AND swapped.old_seat_id = OLD.seat_id AND swapped.new_seat_id = NEW.seat_id) THEN
        RAISE EXCEPTION 'code of % % is frozen', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ticket_frozen BEFORE UPDATE OF id, booking_id, showtime_id, ticket_type_id, type_name, price, tax,
        tax_rate, currency
    ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'booking_id', 'showtime_id', 'ticket_type_id',
        'type_name', 'price', 'tax', 'tax_rate', 'currency');
CREATE TRIGGER ticket_code_frozen BEFORE UPDATE OF code ON reservations_ticket
    FOR EACH ROW WHEN (NEW.code IS DISTINCT FROM OLD.code) EXECUTE FUNCTION marquee_ticket_code();
CREATE TRIGGER ticket_discount_frozen BEFORE UPDATE OF discount ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('discount');
CREATE TRIGGER ticket_fee_frozen BEFORE UPDATE OF fee ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('fee');
"""
TICKETS_UNDONE = """
DROP TRIGGER ticket_frozen ON reservations_ticket;
DROP TRIGGER ticket_code_frozen ON reservations_ticket;
DROP TRIGGER ticket_discount_frozen ON reservations_ticket;
DROP TRIGGER ticket_fee_frozen ON reservations_ticket;
DROP FUNCTION marquee_ticket_code();
"""
ONLY_GROW = """
CREATE TRIGGER canceled_ticket_append_only BEFORE DELETE OR UPDATE ON reservations_canceledticket
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER canceled_ticket_never_emptied BEFORE TRUNCATE ON reservations_canceledticket
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER cancellation_append_only BEFORE DELETE OR UPDATE ON reservations_cancellation
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER cancellation_never_emptied BEFORE TRUNCATE ON reservations_cancellation
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER move_append_only BEFORE DELETE OR UPDATE ON reservations_move
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER move_never_emptied BEFORE TRUNCATE ON reservations_move
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER paper_append_only BEFORE DELETE OR UPDATE ON reservations_paper
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER paper_never_emptied BEFORE TRUNCATE ON reservations_paper
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER scan_append_only BEFORE DELETE OR UPDATE ON reservations_scan
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER scan_never_emptied BEFORE TRUNCATE ON reservations_scan
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER seat_swap_append_only BEFORE DELETE OR UPDATE ON reservations_seatswap
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER seat_swap_never_emptied BEFORE TRUNCATE ON reservations_seatswap
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER swapped_ticket_append_only BEFORE DELETE OR UPDATE ON reservations_swappedticket
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER swapped_ticket_never_emptied BEFORE TRUNCATE ON reservations_swappedticket
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
"""
ONLY_GROW_UNDONE = """
DROP TRIGGER canceled_ticket_append_only ON reservations_canceledticket;
DROP TRIGGER canceled_ticket_never_emptied ON reservations_canceledticket;
DROP TRIGGER cancellation_append_only ON reservations_cancellation;
DROP TRIGGER cancellation_never_emptied ON reservations_cancellation;
DROP TRIGGER move_append_only ON reservations_move;
DROP TRIGGER move_never_emptied ON reservations_move;
DROP TRIGGER paper_append_only ON reservations_paper;
DROP TRIGGER paper_never_emptied ON reservations_paper;
DROP TRIGGER scan_append_only ON reservations_scan;
DROP TRIGGER scan_never_emptied ON reservations_scan;
DROP TRIGGER seat_swap_append_only ON reservations_seatswap;
DROP TRIGGER seat_swap_never_emptied ON reservations_seatswap;
DROP TRIGGER swapped_ticket_append_only ON reservations_swappedticket;
DROP TRIGGER swapped_ticket_never_emptied ON reservations_swappedticket;
"""
KEPT = """
CREATE TRIGGER notice_frozen BEFORE UPDATE OF id, change_id, booking_id, done_at ON reservations_changenotice
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'change_id', 'booking_id', 'done_at?');
CREATE TRIGGER redemption_frozen BEFORE UPDATE OF id, promo_code_id, booking_id, customer, discount, currency,
        created_at
    ON reservations_promoredemption
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'promo_code_id', 'booking_id', 'customer',
        'discount', 'currency', 'created_at');
"""
KEPT_UNDONE = """
DROP TRIGGER notice_frozen ON reservations_changenotice;
DROP TRIGGER redemption_frozen ON reservations_promoredemption;
"""


class Migration(migrations.Migration):
    """Tickets keep what they were sold as; logs and papers only grow."""

    dependencies = [("reservations", "0002_state_of_a_seat"), ("core", "0002_frozen_rows")]

    operations = [
        migrations.RunSQL(TICKETS, TICKETS_UNDONE),
        migrations.RunSQL(ONLY_GROW, ONLY_GROW_UNDONE),
        migrations.RunSQL(KEPT, KEPT_UNDONE),
    ]

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

SEAT_STATE = """
CREATE FUNCTION seat_state_v1(
    hold_id bigint, booking_id bigint, held_until timestamptz, house_reason text, at timestamptz
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN booking_id IS NOT NULL AND held_until IS NULL THEN 'sold'
            WHEN coalesce(held_until > at, hold_id IS NOT NULL)
            THEN CASE WHEN booking_id IS NULL THEN 'held' ELSE 'pending' END
            WHEN house_reason <> '' THEN 'house'
            ELSE 'free' END
$$;
"""
SEAT_STATE_UNDONE = """
DROP FUNCTION seat_state_v1(bigint, bigint, timestamptz, text, timestamptz);
"""
TICKETS = """
CREATE FUNCTION marquee_ticket_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'VALID' OR NEW.status <> 'VALID' OR NOT (EXISTS (
        SELECT 1 FROM reservations_swappedticket swapped
         WHERE swapped.old_code = OLD.code AND swapped.new_code = NEW.code AND swapped.ticket_id = OLD.id
           AND swapped.old_seat_id = OLD.seat_id AND swapped.new_seat_id = NEW.seat_id) OR EXISTS (
        SELECT 1 FROM reservations_transfer transfer
         WHERE transfer.old_code = OLD.code AND transfer.new_code = NEW.code AND transfer.ticket_id = OLD.id
           AND OLD.seat_id = NEW.seat_id)) THEN
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
CREATE TRIGGER redemption_frozen BEFORE UPDATE OF id, promo_code_id, booking_id, discount, currency, created_at
    ON reservations_promoredemption
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'promo_code_id', 'booking_id', 'discount',
        'currency', 'created_at');
"""
KEPT_UNDONE = """
DROP TRIGGER notice_frozen ON reservations_changenotice;
DROP TRIGGER redemption_frozen ON reservations_promoredemption;
"""
NOTES_KEPT = """
CREATE FUNCTION marquee_keep_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.emptied_at IS NULL OR OLD.emptied_at IS NOT NULL OR NEW.text <> ''
       OR (NEW.id, NEW.booking_id, NEW.author_id, NEW.at) IS DISTINCT FROM (OLD.id, OLD.booking_id, OLD.author_id, OLD.at) THEN
        RAISE EXCEPTION 'note % is kept as it was written', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER booking_note_kept BEFORE UPDATE OR DELETE ON reservations_bookingnote
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_note();
CREATE TRIGGER booking_note_never_emptied BEFORE TRUNCATE ON reservations_bookingnote
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
CREATE FUNCTION marquee_empty_notes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reservations_bookingnote SET text = '', emptied_at = NEW.emptied_at
     WHERE emptied_at IS NULL AND booking_id IN (
        SELECT booking.id FROM reservations_booking booking JOIN sales_sale sale ON sale.id = booking.sale_id
         WHERE sale.contact_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER contact_empties_notes AFTER UPDATE OF emptied_at ON sales_contact
    FOR EACH ROW WHEN (NEW.emptied_at IS NOT NULL AND OLD.emptied_at IS NULL) EXECUTE FUNCTION marquee_empty_notes();
"""
NOTES_UNDONE = """
DROP TRIGGER contact_empties_notes ON sales_contact;
DROP FUNCTION marquee_empty_notes();
DROP TRIGGER booking_note_never_emptied ON reservations_bookingnote;
DROP TRIGGER booking_note_kept ON reservations_bookingnote;
DROP FUNCTION marquee_keep_note();
"""
UNIT_IS_WHOLE = """
CREATE FUNCTION marquee_unit_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(DISTINCT (coalesce(seat.hold_id, 0), coalesce(seat.booking_id, 0)))
          FROM reservations_showtimeseat seat
         WHERE seat.showtime_id = NEW.showtime_id AND seat.unit = NEW.unit AND seat.unit <> '') > 1 THEN
        RAISE EXCEPTION 'unit % of showtime % is cut', NEW.unit, NEW.showtime_id
              USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_is_whole', TABLE = 'reservations_showtimeseat';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER unit_is_whole AFTER UPDATE OF hold_id, booking_id ON reservations_showtimeseat
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.unit <> '') EXECUTE FUNCTION marquee_unit_is_whole();
"""
UNIT_UNDONE = """
DROP TRIGGER unit_is_whole ON reservations_showtimeseat;
DROP FUNCTION marquee_unit_is_whole();
"""
MOVED_IN_ONLY_GROWS = """
CREATE TRIGGER moved_in_append_only BEFORE DELETE OR UPDATE ON reservations_movedinticket
    FOR EACH ROW EXECUTE FUNCTION marquee_refuse_change();
CREATE TRIGGER moved_in_never_emptied BEFORE TRUNCATE ON reservations_movedinticket
    FOR EACH STATEMENT EXECUTE FUNCTION marquee_refuse_change();
"""
MOVED_IN_UNDONE = """
DROP TRIGGER moved_in_never_emptied ON reservations_movedinticket;
DROP TRIGGER moved_in_append_only ON reservations_movedinticket;
"""
EXCHANGES_FROZEN = """
CREATE TRIGGER exchange_frozen BEFORE UPDATE OF id, booking_id, holder, showtime_id, started_at, cancellation_id, made_booking_id
    ON reservations_exchange
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'booking_id', 'holder', 'showtime_id', 'started_at',
        'cancellation_id?', 'made_booking_id?');
CREATE TRIGGER exchanged_ticket_frozen BEFORE UPDATE OF id, exchange_id, old_ticket_id, seat_id, ticket_type_id, price, discount,
        tax, fee, tax_rate, new_ticket_id
    ON reservations_exchangedticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'exchange_id', 'old_ticket_id', 'seat_id', 'ticket_type_id',
        'price', 'discount', 'tax', 'fee', 'tax_rate', 'new_ticket_id?');
"""
EXCHANGES_UNDONE = """
DROP TRIGGER exchange_frozen ON reservations_exchange;
DROP TRIGGER exchanged_ticket_frozen ON reservations_exchangedticket;
"""
TRANSFERS_FROZEN = """
CREATE TRIGGER transfer_frozen BEFORE UPDATE OF id, ticket_id, code, made_at, withdrawn_at, accepted_at, old_code, new_code
    ON reservations_transfer
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('id', 'ticket_id', 'code', 'made_at', 'withdrawn_at?', 'accepted_at?',
        'old_code?', 'new_code?');
"""
TRANSFERS_UNDONE = """
DROP TRIGGER transfer_frozen ON reservations_transfer;
"""
CATEGORY_NAMES = """
CREATE FUNCTION marquee_ticket_category_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT category.name INTO NEW.category_name
      FROM theaters_seat AS seat
      JOIN theaters_seatingplan AS plan ON plan.id = seat.plan_id
      JOIN theaters_auditorium AS auditorium ON auditorium.id = plan.auditorium_id
      JOIN theaters_seatcategory AS category
        ON category.theater_id = auditorium.theater_id AND category.code = seat.category
     WHERE seat.id = NEW.seat_id;
    NEW.category_name := coalesce(NEW.category_name, '');
    RETURN NEW;
END $$;

CREATE TRIGGER ticket_category_name_sold BEFORE INSERT ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_ticket_category_name();
CREATE TRIGGER ticket_category_name_moved BEFORE UPDATE OF seat_id ON reservations_ticket
    FOR EACH ROW WHEN (NEW.seat_id IS DISTINCT FROM OLD.seat_id) EXECUTE FUNCTION marquee_ticket_category_name();
"""
CATEGORY_NAMES_UNDONE = """
DROP TRIGGER ticket_category_name_sold ON reservations_ticket;
DROP TRIGGER ticket_category_name_moved ON reservations_ticket;
DROP FUNCTION marquee_ticket_category_name();
"""
EMPTY_PLACES_FROZEN = """
CREATE TRIGGER ticket_empty_place_frozen BEFORE UPDATE OF is_empty_place ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('is_empty_place');
"""
EMPTY_PLACES_UNDONE = "DROP TRIGGER ticket_empty_place_frozen ON reservations_ticket;"
CATEGORY_NAME_FROZEN = """
CREATE TRIGGER ticket_category_name_frozen BEFORE UPDATE OF category_name ON reservations_ticket
    FOR EACH ROW WHEN (NEW.seat_id IS NOT DISTINCT FROM OLD.seat_id) EXECUTE FUNCTION marquee_keep_columns('category_name');
"""
CATEGORY_NAME_UNDONE = "DROP TRIGGER ticket_category_name_frozen ON reservations_ticket"
PRICE_PARTS_FROZEN = """
CREATE TRIGGER ticket_price_parts_frozen BEFORE UPDATE OF list_price, price_changes ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('list_price', 'price_changes');
CREATE TRIGGER exchanged_ticket_price_parts_frozen BEFORE UPDATE OF list_price, price_changes
    ON reservations_exchangedticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('list_price', 'price_changes');
"""
PRICE_PARTS_UNDONE = """
DROP TRIGGER ticket_price_parts_frozen ON reservations_ticket;
DROP TRIGGER exchanged_ticket_price_parts_frozen ON reservations_exchangedticket;
"""
MOST_PERCENT_FROZEN = """
CREATE TRIGGER ticket_most_percent_frozen BEFORE UPDATE OF most_percent ON reservations_ticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('most_percent');
CREATE TRIGGER exchanged_ticket_most_percent_frozen BEFORE UPDATE OF most_percent ON reservations_exchangedticket
    FOR EACH ROW EXECUTE FUNCTION marquee_keep_columns('most_percent');
"""
MOST_PERCENT_UNDONE = """
DROP TRIGGER ticket_most_percent_frozen ON reservations_ticket;
DROP TRIGGER exchanged_ticket_most_percent_frozen ON reservations_exchangedticket;
"""


class Migration(migrations.Migration):
    """All tables of this app, and what its later migrations made of them, for an empty database."""

    initial = True

    replaces = [
        ("reservations", "0001_initial"),
        ("reservations", "0002_state_of_a_seat"),
        ("reservations", "0003_frozen_rows"),
        ("reservations", "0004_voids_and_notes"),
        ("reservations", "0005_addresses_stand_in_contacts"),
        ("reservations", "0006_right_to_leave_single_seats"),
        ("reservations", "0007_scans_at_devices"),
        ("reservations", "0008_units_are_whole"),
        ("reservations", "0009_index_of_units"),
        ("reservations", "0010_waiting_lists"),
        ("reservations", "0011_areas"),
        ("reservations", "0012_index_of_places"),
        ("reservations", "0013_moved_in_tickets"),
        ("reservations", "0014_codes_that_open_types"),
        ("reservations", "0015_codes_that_open_types_checked"),
        ("reservations", "0016_exchanges"),
        ("reservations", "0017_favorites"),
        ("reservations", "0018_transfers"),
        ("reservations", "0019_holds_end_with_a_move"),
        ("reservations", "0020_mails_of_exchanges"),
        ("reservations", "0021_group_blocks"),
        ("reservations", "0022_index_of_group_seats"),
        ("reservations", "0023_ticket_category_name"),
        ("reservations", "0024_shared_blocks"),
        ("reservations", "0025_index_of_shared_blocks"),
        ("reservations", "0026_empty_places"),
        ("reservations", "0027_kept_from_hold"),
        ("reservations", "0028_party_codes"),
        ("reservations", "0029_index_of_party_codes"),
        ("reservations", "0030_group_mails"),
        ("reservations", "0031_ticket_category_name_frozen"),
        ("reservations", "0032_waiting_for_places"),
        ("reservations", "0033_shared_blocks_ended_by_staff"),
        ("reservations", "0034_price_parts_as_sold"),
        ("reservations", "0035_shared_blocks_in_the_office"),
        ("reservations", "0036_most_percent_of_exchanged_tickets"),
        ("reservations", "0037_where_waiting_entries_were_made"),
        ("reservations", "0038_mail_to_organizers"),
        ("reservations", "0039_waiting_for_facts_of_seats"),
        ("reservations", "0040_waiting_for_an_armrest"),
        ("reservations", "0041_holds_say_their_group"),
        ("reservations", "0042_waiting_for_aisles_and_exits"),
        ("reservations", "0043_every_currency"),
        ("reservations", "0044_needs_of_who_took_a_ticket"),
        ("reservations", "0045_counter_exchanges"),
        ("reservations", "0046_counter_exchanges_are_checked"),
        ("reservations", "0047_coins_of_voids"),
        ("reservations", "0048_coins_of_voids_checked"),
    ]

    dependencies = [
        ("core", "0004_extensions"),
        ("houses", "0001_squashed_0017_theaters_that_close"),
        ("sales", "0001_squashed_0011_cash_rounding_is_checked"),
        ("staff", "0001_squashed_0006_roles_by_invitation"),
        ("theaters", "0001_squashed_0032_events_without_a_year_checked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_for', models.CharField(help_text="A booking's reference or an e-mail address, as typed.", max_length=254)),
                ('created_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
            ],
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.CharField(db_index=True, max_length=64)),
                ('status', models.CharField(choices=[('PENDING', 'Pending'), ('CONFIRMED', 'Confirmed'), ('EXPIRED', 'Expired'), ('CANCELED', 'Canceled'), ('REFUNDED', 'Refunded')], default='PENDING', max_length=10)),
                ('total', models.DecimalField(decimal_places=2, help_text='The price of its tickets; the sale has the total of all its bookings.', max_digits=10)),
                ('party_code', models.CharField(help_text='Lets in all of its people at the door, where the customer chose one code for all.', max_length=32, null=True)),
                ('created_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(help_text='Expired, canceled or refunded.', null=True)),
                ('is_late', models.BooleanField(default=False, help_text='Confirmed by money that came after its time.')),
                ('changed_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'), db_index=True)),
                ('sale', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='sales.sale')),
                ('showtime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='theaters.showtime')),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('give_comp', 'Can give tickets away, with a reason'), ('sell_at_counter', 'Can sell at the counter'), ('see_takings', 'Can see what every operator took at the counter'), ('override_house_seat', 'Can sell a house seat at the counter, with a reason'), ('override_price', 'Can sell below the list price at the counter, with a reason'), ('override_sales_close', 'Can sell at the counter after its close, with a reason'), ('override_single_seat', 'Can leave a single seat over at the counter and in swaps, with a reason'), ('resend_mail', 'Can send the confirmation again'), ('change_email', 'Can correct the e-mail of a booking'), ('swap_seats', 'Can give tickets other seats'), ('write_to_holders', 'Can write to all holders of a showtime')],
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Cancellation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('CUSTOMER', 'By the customer'), ('STAFF', 'By staff'), ('SHOWTIME', 'The showtime was canceled'), ('CHANGED', 'The showtime was changed'), ('DISPUTE', 'The bank took the money back'), ('PROVIDER', "Refunded in the payment provider's dashboard"), ('GOODWILL', 'Money given back, the tickets stay'), ('VOID', 'Voided at the counter'), ('EXCHANGE', 'Exchanged for other tickets')], max_length=8)),
                ('actor', models.CharField(max_length=60)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('refunded', models.DecimalField(decimal_places=2, max_digits=10)),
                ('kept', models.DecimalField(decimal_places=2, max_digits=10)),
                ('currency', models.CharField(max_length=3)),
                ('cash_rounding', models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='What coins made more of the money of a void, or less, in cash.', max_digits=10)),
                ('at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cancellations', to='reservations.booking')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['at'], name='cancellation_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('refunded__gte', 0), ('kept__gte', 0)), name='cancellation_amounts_not_negative', violation_error_message='Amounts are 0 or more.'), models.CheckConstraint(condition=models.Q(models.Q(('cause', 'VOID'), _negated=True), models.Q(('kept', 0), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='cancellation_void_is_whole_and_has_a_reason', violation_error_message='A sale that is voided gives everything back, and says why.'), models.CheckConstraint(condition=models.Q(('cash_rounding', 0), ('cause', 'VOID'), _connector='OR'), name='cancellation_rounding_is_of_a_void', violation_error_message='Only a void hands out coins at once.')],
            },
        ),
        migrations.CreateModel(
            name='ChangeNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('WAITING', 'Waiting'), ('DONE', 'Done')], default='WAITING', max_length=8)),
                ('try_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('done_at', models.DateTimeField(null=True)),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('answer', models.CharField(blank=True, choices=[('KEPT', 'Keeps the tickets'), ('REFUNDED', 'Took the money back')], default='', max_length=8)),
                ('answered_at', models.DateTimeField(null=True)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='reservations.booking')),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='theaters.showtimechange')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('status', 'WAITING')), fields=['try_at'], name='notice_due')],
                'constraints': [models.UniqueConstraint(fields=('change', 'booking'), name='notice_once_per_change_and_booking'), models.CheckConstraint(condition=models.Q(('status', 'WAITING'), ('done_at__isnull', False), _connector='XOR'), name='notice_done_has_a_moment', violation_error_message='A notice that is done says when, and one that waits does not.'), models.CheckConstraint(condition=models.Q(('answer', ''), ('answered_at__isnull', False), _connector='XOR'), name='notice_answered_has_a_moment', violation_error_message='An answer has its moment, and no answer has none.'), models.CheckConstraint(condition=models.Q(('status__in', ['WAITING', 'DONE'])), name='notice_status_known', violation_error_message='There is no such status.')],
            },
        ),
        migrations.CreateModel(
            name='Favorite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=43, unique=True)),
                ('language', models.CharField(max_length=10)),
                ('on_sale_before', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, help_text='Showtimes that were on sale when they asked.')),
                ('created_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('confirmed_at', models.DateTimeField(help_text='When the address was proven.', null=True)),
                ('told_at', models.DateTimeField(help_text='When the one mail was written.', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='favorite', to='sales.contact')),
                ('house', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='favorites', to='houses.house')),
                ('movie', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='favorites', to='theaters.movie')),
                ('series', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='favorites', to='theaters.series')),
                ('theater', models.ForeignKey(help_text='Empty: any of the house.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='favorites', to='houses.theater')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='favorites', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['movie', 'series'], name='favorite_live')],
                'constraints': [models.CheckConstraint(condition=models.Q(('movie', None), ('series', None), _connector='XOR'), name='favorite_of_a_movie_or_a_series', violation_error_message='A favorite is a movie or a series.'), models.CheckConstraint(condition=models.Q(('told_at', None), models.Q(('confirmed_at__isnull', False), ('ended_at__isnull', False)), _connector='OR'), name='favorite_told_once_and_over', violation_error_message='Only a proven address is told, and then the favorite is over.')],
            },
        ),
        migrations.CreateModel(
            name='FavoriteMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_key', models.CharField(db_default=models.Func(output_field=models.CharField(), template='md5(gen_random_uuid()::text || gen_random_uuid()::text)'), help_text='In the Message-ID of every try.', max_length=32)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('try_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'), help_text='Due from this moment; a lease moves it on.')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('gave_up_at', models.DateTimeField(null=True)),
                ('is_refused', models.BooleanField(db_default=False, default=False, help_text='Given up because the receiving server refused it for good.')),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('purpose', models.CharField(max_length=80, unique=True)),
                ('kind', models.CharField(choices=[('CONFIRM', 'Please confirm your address'), ('ON_SALE', 'Tickets are on sale')], max_length=8)),
                ('favorite', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='reservations.favorite')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('gave_up_at__isnull', True), ('sent_at__isnull', True)), fields=['try_at'], name='favoritemail_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_at', None), ('gave_up_at', None), _connector='OR'), name='favoritemail_sent_or_given_up', violation_error_message='A mail was sent or was given up, not both.'), models.CheckConstraint(condition=models.Q(('is_refused', False), ('gave_up_at__isnull', False), _connector='OR'), name='favoritemail_refused_is_given_up', violation_error_message='A mail that was refused for good is given up.')],
            },
        ),
        migrations.CreateModel(
            name='GroupBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('contact', models.CharField(blank=True, db_default='', default='', max_length=120)),
                ('language', models.CharField(blank=True, db_default='', default='', help_text='Of the mail with its link.', max_length=10)),
                ('until', models.DateTimeField(db_index=True, help_text='From this moment its seats are on sale again.')),
                ('code', models.CharField(help_text='The secret of the link by which the group pays.', max_length=43, unique=True)),
                ('made_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('showtime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='group_blocks', to='theaters.showtime')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='GroupMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_key', models.CharField(db_default=models.Func(output_field=models.CharField(), template='md5(gen_random_uuid()::text || gen_random_uuid()::text)'), help_text='In the Message-ID of every try.', max_length=32)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('try_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'), help_text='Due from this moment; a lease moves it on.')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('gave_up_at', models.DateTimeField(null=True)),
                ('is_refused', models.BooleanField(db_default=False, default=False, help_text='Given up because the receiving server refused it for good.')),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('purpose', models.CharField(max_length=80, unique=True)),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='reservations.groupblock')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('gave_up_at__isnull', True), ('sent_at__isnull', True)), fields=['try_at'], name='groupmail_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_at', None), ('gave_up_at', None), _connector='OR'), name='groupmail_sent_or_given_up', violation_error_message='A mail was sent or was given up, not both.'), models.CheckConstraint(condition=models.Q(('is_refused', False), ('gave_up_at__isnull', False), _connector='OR'), name='groupmail_refused_is_given_up', violation_error_message='A mail that was refused for good is given up.')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.CharField(help_text="SHA-256 of the browser's cookie.", max_length=64)),
                ('address', models.CharField(blank=True, help_text='Where it began: an IPv4 address or an IPv6 /56. Empty: held by staff, or forgotten.', max_length=64)),
                ('network', models.CharField(blank=True, db_default='', default='', help_text='The IPv6 /48 around the address, or the IPv4 address again. Empty: not limited by address, or forgotten.', max_length=64)),
                ('has_paid', models.BooleanField(db_default=False, default=False, help_text='Whether this browser had a paid booking when the hold began.')),
                ('started_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('expires_at', models.DateTimeField()),
                ('cap_at', models.DateTimeField(help_text='No hold or payment session of this browser lives past it.')),
                ('extended_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end', models.CharField(blank=True, choices=[('RELEASED', 'Given back'), ('LAPSED', 'Ran out'), ('PAID', 'Went to Pay'), ('MOVED', 'The showtime moved to another auditorium')], max_length=8)),
                ('labels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=49), default=list, help_text='What it held when it ran out.')),
                ('changed_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'), db_index=True)),
                ('group_block', models.ForeignKey(db_constraint=False, db_index=False, help_text='By whose link its seats were taken. The group may be gone: then it leads nowhere.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='reservations.groupblock')),
                ('operator', models.ForeignKey(db_index=False, help_text='Who of the staff holds these seats at the counter; empty for customers.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('price_version', models.ForeignKey(db_index=False, help_text="The showtime's when the hold began: what was shown stays true.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theaters.priceversion')),
                ('root', models.ForeignKey(db_index=False, help_text='The first of the holds that followed each other by changing seats; empty: this one.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='reservations.hold')),
                ('showtime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='theaters.showtime')),
            ],
        ),
        migrations.CreateModel(
            name='Exchange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.CharField(db_index=True, help_text='The browser in which the seats are chosen.', max_length=64)),
                ('ticket_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                ('status', models.CharField(choices=[('CHOOSING', 'Choosing other seats'), ('PAYING', 'The difference is being paid'), ('DONE', 'Done'), ('ENDED', 'Ended without an exchange')], default='CHOOSING', max_length=8)),
                ('started_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('agreed_at', models.DateTimeField(null=True)),
                ('payable_until', models.DateTimeField(help_text='Then its payment session closes.', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('paid_with', models.CharField(blank=True, choices=[('CASH', 'Cash'), ('TERMINAL', 'Card at the counter')], db_default='', default='', help_text='How the counter took the difference; empty: online, or nothing was to be paid.', max_length=8)),
                ('cash_rounding', models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='What coins made more of the difference, or less, in cash.', max_digits=10)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exchanges', to='reservations.booking')),
                ('cancellation', models.OneToOneField(help_text='Of the old tickets.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exchange', to='reservations.cancellation')),
                ('made_booking', models.OneToOneField(help_text='Where the sale had no booking for the new showtime.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='made_by', to='reservations.booking')),
                ('showtime', models.ForeignKey(help_text='The new one.', on_delete=django.db.models.deletion.PROTECT, related_name='exchanges', to='theaters.showtime')),
                ('hold', models.ForeignKey(db_index=False, help_text='Has the new seats from when the customer agreed.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exchanges', to='reservations.hold')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('status', 'PAYING')), fields=['payable_until'], name='exchange_being_paid')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('CHOOSING',)), _negated=True), models.Q(('agreed_at__isnull', True), ('cancellation__isnull', True), ('hold__isnull', True), ('made_booking__isnull', True), ('payable_until__isnull', True), ('ended_at__isnull', True)), _connector='OR'), name='exchange_status_choosing', violation_error_message='While seats are chosen nothing is agreed.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('PAYING',)), _negated=True), models.Q(('agreed_at__isnull', False), ('hold__isnull', False), ('payable_until__isnull', False), ('cancellation__isnull', True), ('ended_at__isnull', True), ('made_booking__isnull', True)), _connector='OR'), name='exchange_status_paying', violation_error_message='While the difference is paid a hold has the new seats.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('DONE',)), _negated=True), models.Q(('agreed_at__isnull', False), ('cancellation__isnull', False), ('ended_at__isnull', False), ('hold__isnull', False)), _connector='OR'), name='exchange_status_done', violation_error_message='An exchange that is done has a cancellation of the old tickets.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('ENDED',)), _negated=True), models.Q(('ended_at__isnull', False), ('cancellation__isnull', True), ('made_booking__isnull', True)), _connector='OR'), name='exchange_status_ended', violation_error_message='An exchange that ended changed nothing, and says when.'), models.CheckConstraint(condition=models.Q(('status__in', ['CHOOSING', 'PAYING', 'DONE', 'ENDED'])), name='exchange_status_known', violation_error_message='There is no such status.'), models.CheckConstraint(condition=models.Q(('cash_rounding', 0), ('paid_with', 'CASH'), _connector='OR'), name='exchange_rounding_is_of_cash', violation_error_message='Only cash is rounded to coins.'), models.UniqueConstraint(condition=models.Q(('status', 'PAYING')), fields=('booking',), name='exchange_one_paying_per_booking', violation_error_message='An exchange of this booking is being paid for already.'), models.UniqueConstraint(condition=models.Q(('status', 'CHOOSING')), fields=('booking', 'holder'), name='exchange_one_choice_per_browser', violation_error_message='This browser is choosing other seats for this booking already.')],
            },
        ),
        migrations.AddField(
            model_name='booking',
            name='hold',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='reservations.hold'),
        ),
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=12)),
                ('what_id', models.BigIntegerField()),
                ('from_status', models.CharField(blank=True, max_length=12)),
                ('to_status', models.CharField(max_length=12)),
                ('actor', models.CharField(max_length=60)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['what', 'what_id'], name='reservation_what_166433_idx'), django.contrib.postgres.indexes.BrinIndex(fields=['at'], name='move_at')],
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_key', models.CharField(db_default=models.Func(output_field=models.CharField(), template='md5(gen_random_uuid()::text || gen_random_uuid()::text)'), help_text='In the Message-ID of every try.', max_length=32)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('try_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'), help_text='Due from this moment; a lease moves it on.')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('gave_up_at', models.DateTimeField(null=True)),
                ('is_refused', models.BooleanField(db_default=False, default=False, help_text='Given up because the receiving server refused it for good.')),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('purpose', models.CharField(max_length=80, unique=True)),
                ('kind', models.CharField(choices=[('CONFIRMATION', 'Confirmation'), ('CANCELLATION', 'Tickets were canceled'), ('REFUND', 'Money was sent back'), ('CODE', 'The code asked for before canceling by a link'), ('APOLOGY', 'Apology: the payment is refunded'), ('RESENT', 'Confirmation, sent again by staff'), ('ADDRESS_LEFT', 'The e-mail was changed: told to the old one'), ('CALLED_OFF', 'The showtime was canceled'), ('MOVED', 'The showtime was changed'), ('ADDRESS_NEW', 'The e-mail was changed: told to the new one'), ('REFUND_ALERT', 'A refund failed: told to staff'), ('MONEY_ALERT', 'Money needs a person: told to staff'), ('SWAPPED', 'Seats were changed by staff'), ('EXCHANGED', 'Tickets were exchanged by the customer'), ('NO_EXCHANGE', 'Money came for an exchange that could not be done'), ('GIVEN', 'A ticket was taken by a friend: told to the payer'), ('LINK', 'A new link, asked for by the customer'), ('FOUND', 'The link, asked for by reference or e-mail'), ('MESSAGE', 'Written by staff to all holders of the showtime'), ('RECEIPT', 'The receipt, sent from the counter')], max_length=12)),
                ('to', models.EmailField(blank=True, db_default='', default='', help_text='The address of staff; empty for customers.', max_length=254)),
                ('facts', models.JSONField(db_default={}, default=dict, help_text='What it tells beyond its booking, as written.')),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='reservations.booking')),
                ('contact', models.ForeignKey(help_text='The customer it goes to.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='sales.contact')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('gave_up_at__isnull', True), ('sent_at__isnull', True)), fields=['try_at'], name='mail_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_at', None), ('gave_up_at', None), _connector='OR'), name='outgoingmail_sent_or_given_up', violation_error_message='A mail was sent or was given up, not both.'), models.CheckConstraint(condition=models.Q(('is_refused', False), ('gave_up_at__isnull', False), _connector='OR'), name='outgoingmail_refused_is_given_up', violation_error_message='A mail that was refused for good is given up.'), models.CheckConstraint(condition=models.Q(models.Q(('contact__isnull', False), ('to', '')), models.Q(('contact', None), models.Q(('to', ''), _negated=True)), _connector='OR'), name='outgoingmail_to_a_contact_or_staff', violation_error_message="A mail goes to a customer's contact, or to an address of staff.")],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('RECEIPT', 'Receipt'), ('CREDIT', 'Credit note')], max_length=8)),
                ('series', models.CharField(blank=True, db_default='', default='', help_text='When the database was last restored (UTC: year, month, day, hour, minute); empty if never.', max_length=10)),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField(help_text="All that is printed but the buyer's address, as it was then.")),
                ('issued_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('cancellation', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paper', to='reservations.cancellation')),
                ('exchange', models.OneToOneField(help_text='Of a receipt for its new tickets.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='paper', to='reservations.exchange')),
                ('sale', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='sales.sale')),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='houses.theater')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': ('view',),
                'constraints': [models.UniqueConstraint(fields=('theater', 'kind', 'series', 'number'), name='paper_number_once'), models.UniqueConstraint(condition=models.Q(('exchange', None), ('kind', 'RECEIPT')), fields=('sale',), name='paper_one_receipt_per_sale', violation_error_message='This sale has a receipt already.'), models.CheckConstraint(condition=models.Q(('kind', 'RECEIPT'), ('cancellation__isnull', False), _connector='XOR'), name='paper_is_one_of_two_kinds', violation_error_message='A credit note belongs to a cancellation, and a receipt does not.')],
            },
        ),
        migrations.CreateModel(
            name='PaperCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('RECEIPT', 'Receipt'), ('CREDIT', 'Credit note')], max_length=8)),
                ('series', models.CharField(blank=True, db_default='', default='', help_text='When the database was last restored (UTC: year, month, day, hour, minute); empty if never.', max_length=10)),
                ('last', models.PositiveIntegerField(default=0)),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.theater')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('theater', 'kind', 'series'), name='paper_counter_once')],
            },
        ),
        migrations.CreateModel(
            name='PromoCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='What customers type; capital or small letters are the same to us.', max_length=24, unique=True, validators=[django.core.validators.RegexValidator('\\A[A-Z0-9][A-Z0-9-]{2,23}\\Z', 'Three to 24 letters A–Z, digits and hyphens.')])),
                ('note', models.CharField(blank=True, help_text='What it is for; customers never see it.', max_length=120)),
                ('kind', models.CharField(choices=[('PERCENT', 'Percentage'), ('AMOUNT', 'Amount off the booking'), ('FIXED', 'Fixed price per ticket')], max_length=8)),
                ('percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01')), django.core.validators.MaxValueValidator(100)])),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(0)])),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('from_on', models.DateField(blank=True, null=True, verbose_name='valid from')),
                ('until_on', models.DateField(blank=True, help_text='The last business day it can be used.', null=True, verbose_name='valid until')),
                ('ticket_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list)),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(choices=[(1, 'Monday'), (2, 'Tuesday'), (3, 'Wednesday'), (4, 'Thursday'), (5, 'Friday'), (6, 'Saturday'), (7, 'Sunday')]), blank=True, default=list)),
                ('most_uses', models.PositiveIntegerField(blank=True, help_text='Bookings; empty: no limit.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='uses in all')),
                ('most_uses_each', models.PositiveSmallIntegerField(blank=True, help_text='Bookings; empty: no limit.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='uses per customer')),
                ('is_withdrawn', models.BooleanField(default=False, help_text='Nobody can use it any more.', verbose_name='withdrawn')),
                ('created_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('movies', models.ManyToManyField(blank=True, help_text='None chosen: all of them.', related_name='promo_codes', to='theaters.movie')),
                ('theater', models.ForeignKey(blank=True, help_text='Empty: all of them.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promo_codes', to='houses.theater')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('amount', None), ('currency', ''), ('kind', 'PERCENT'), ('percent__gt', 0), ('percent__isnull', False), ('percent__lte', 100)), models.Q(('amount__gte', 0), ('amount__isnull', False), ('kind__in', ['AMOUNT', 'FIXED']), ('percent', None), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='promo_has_what_its_kind_needs', violation_error_message='A percentage is from 1 to 100; other kinds have an amount and its currency.'), models.CheckConstraint(condition=models.Q(('from_on', None), ('until_on', None), ('until_on__gte', models.F('from_on')), _connector='OR'), name='promo_ends_after_it_begins', violation_error_message='The last day is the first one or later.')],
            },
        ),
        migrations.AddField(
            model_name='booking',
            name='promo_code',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='reservations.promocode'),
        ),
        migrations.CreateModel(
            name='PromoRedemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('discount', models.DecimalField(decimal_places=2, max_digits=10)),
                ('currency', models.CharField(max_length=3)),
                ('created_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('given_back_at', models.DateTimeField(null=True)),
                ('booking', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='redemption', to='reservations.booking')),
                ('promo_code', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redemptions', to='reservations.promocode')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('given_back_at', None)), fields=['promo_code'], name='redemption_counting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('discount__gte', 0)), name='redemption_takes_nothing_away', violation_error_message='A discount is 0 or more; 0 is that of a code that opens ticket types.')],
            },
        ),
        migrations.CreateModel(
            name='SeatSwap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor', models.CharField(max_length=60)),
                ('reason', models.CharField(max_length=200)),
                ('at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='swaps', to='reservations.booking')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SharedBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='The secret of the link for the friends.', max_length=43, unique=True)),
                ('name', models.CharField(help_text="The organizer's first name: friends see it.", max_length=30)),
                ('holder', models.CharField(help_text="The organizer's browser: SHA-256 of its cookie.", max_length=64)),
                ('customer', models.CharField(help_text="The organizer's address, as limits compare it.", max_length=254)),
                ('email', models.EmailField(blank=True, db_default='', default='', help_text='Where the organizer is told of a change of the showtime.', max_length=254)),
                ('language', models.CharField(blank=True, db_default='', default='', help_text='Of mail to the organizer.', max_length=10)),
                ('labels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=49), help_text='All of its seats at the start, or since the showtime moved.')),
                ('ended_because', models.CharField(blank=True, db_default='', default='', help_text='Why staff ended it: friends read it.', max_length=120)),
                ('made_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('hold', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='kept_for_friends', to='reservations.hold')),
                ('showtime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shared_blocks', to='theaters.showtime')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='shared_blocks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'block of friends',
                'verbose_name_plural': 'blocks of friends',
                'ordering': ['pk'],
                'default_permissions': ('view',),
                'indexes': [models.Index(fields=['holder', 'showtime'], name='sharedblock_of_browser'), models.Index(fields=['customer'], name='sharedblock_of_customer')],
            },
        ),
        migrations.AddField(
            model_name='hold',
            name='shared_block',
            field=models.ForeignKey(db_index=False, help_text='A friend took its seats from this block, and it ends with it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='friends_holds', to='reservations.sharedblock'),
        ),
        migrations.CreateModel(
            name='Friend',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.CharField(help_text="SHA-256 of the browser's cookie.", max_length=64)),
                ('name', models.CharField(max_length=30)),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='friends', to='reservations.sharedblock')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('block', 'holder'), name='friend_once_per_block'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='friend_has_a_name', violation_error_message='Somebody who takes seats of a shared block says a first name.')],
            },
        ),
        migrations.CreateModel(
            name='SharedBlockMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_key', models.CharField(db_default=models.Func(output_field=models.CharField(), template='md5(gen_random_uuid()::text || gen_random_uuid()::text)'), help_text='In the Message-ID of every try.', max_length=32)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('try_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'), help_text='Due from this moment; a lease moves it on.')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('gave_up_at', models.DateTimeField(null=True)),
                ('is_refused', models.BooleanField(db_default=False, default=False, help_text='Given up because the receiving server refused it for good.')),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('purpose', models.CharField(max_length=80, unique=True)),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='reservations.sharedblock')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('gave_up_at__isnull', True), ('sent_at__isnull', True)), fields=['try_at'], name='sharedblockmail_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_at', None), ('gave_up_at', None), _connector='OR'), name='sharedblockmail_sent_or_given_up', violation_error_message='A mail was sent or was given up, not both.'), models.CheckConstraint(condition=models.Q(('is_refused', False), ('gave_up_at__isnull', False), _connector='OR'), name='sharedblockmail_refused_is_given_up', violation_error_message='A mail that was refused for good is given up.')],
            },
        ),
        migrations.CreateModel(
            name='ShowtimeArea',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40)),
                ('showtime', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='areas', to='theaters.showtime')),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('showtime', 'name'), name='area_once_per_showtime')],
            },
        ),
        migrations.CreateModel(
            name='ShowtimeSeat',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('label', models.CharField(max_length=49)),
                ('unit', models.CharField(blank=True, db_default='', help_text='Shared by the seats of one sofa, which is sold whole.', max_length=8)),
                ('held_until', models.DateTimeField(null=True)),
                ('house_reason', models.CharField(blank=True, db_default='', max_length=60)),
                ('house_release_minutes', models.PositiveSmallIntegerField(help_text='A house seat goes on sale by itself so many minutes before the start; empty: never.', null=True)),
                ('kept_from_hold', models.BigIntegerField(help_text='Somebody had the seat when it was kept back: the number of that hold, or of the first of its holds. It is a house seat as soon as they leave it.', null=True)),
                ('area', models.ForeignKey(db_index=False, help_text='It is a place of this area: unnumbered, and sold by number.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='places', to='reservations.showtimearea')),
                ('booking', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='reservations.booking')),
                ('broken_seat', models.ForeignKey(db_index=False, help_text='The chair is kept back because it is broken; once it is mended it is on sale again.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theaters.brokenseat')),
                ('group_block', models.ForeignKey(db_index=False, help_text='The house seat is kept for this group.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='seats', to='reservations.groupblock')),
                ('hold', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='reservations.hold')),
                ('seat', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theaters.seat')),
                ('showtime', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='theaters.showtime')),
            ],
            options={
                'permissions': [('keep_seats_back', 'Can keep seats back from sale and release them')],
                'indexes': [models.Index(condition=models.Q(('house_release_minutes__isnull', False)), fields=['showtime'], name='house_seat_released_later'), models.Index(condition=models.Q(('area__isnull', False)), fields=['area'], name='place_of_area'), models.Index(condition=models.Q(('unit', ''), _negated=True), fields=['showtime', 'unit'], name='seat_of_unit'), models.Index(condition=models.Q(('held_until__isnull', False)), fields=['held_until'], name='seat_lapses'), models.Index(condition=models.Q(('hold__isnull', False)), fields=['hold'], name='seat_of_hold'), models.Index(condition=models.Q(('booking__isnull', False)), fields=['booking'], name='seat_of_booking'), models.Index(condition=models.Q(('broken_seat__isnull', False)), fields=['broken_seat'], name='seat_kept_as_broken'), models.Index(condition=models.Q(('group_block__isnull', False)), fields=['group_block'], name='seat_of_group')],
                'constraints': [models.UniqueConstraint(fields=('showtime', 'label'), name='seat_once_per_showtime'), models.CheckConstraint(condition=models.Q(models.Q(('booking', None), ('held_until', None), ('hold', None)), models.Q(('booking', None), ('held_until__isnull', False), ('hold__isnull', False)), models.Q(('booking__isnull', False), ('hold', None)), _connector='OR'), name='seat_is_in_one_state', violation_error_message='A seat is free, held or booked, and only one of them.'), models.CheckConstraint(condition=models.Q(models.Q(('house_reason', ''), _negated=True), models.Q(('broken_seat', None), ('house_release_minutes', None)), _connector='OR'), name='only_house_seats_are_released_or_mended', violation_error_message='A seat goes back on sale only where it was kept back, with a reason.')],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type_name', models.CharField(max_length=40)),
                ('category_name', models.CharField(blank=True, db_default='', default='', editable=False, max_length=40)),
                ('price', models.DecimalField(decimal_places=2, max_digits=10)),
                ('discount', models.DecimalField(db_default=0, decimal_places=2, help_text='What a promo code or staff took off its full price.', max_digits=10)),
                ('list_price', models.DecimalField(decimal_places=2, help_text='Before price rules and discount; empty where nobody wrote it down.', max_digits=10, null=True)),
                ('price_changes', models.JSONField(db_default=[], default=list, editable=False)),
                ('tax', models.DecimalField()),
                ('fee', models.DecimalField(db_default=0, decimal_places=2, default=0, help_text='The booking fee inside the price, tax included.', max_digits=10)),
                ('tax_rate', models.DecimalField(decimal_places=5, max_digits=6)),
                ('currency', models.CharField(max_length=3)),
                ('status', models.CharField(choices=[('RESERVED', 'Reserved'), ('VALID', 'Valid'), ('USED', 'Used'), ('VOID', 'Void')], default='RESERVED', max_length=8)),
                ('code', models.CharField(max_length=32, unique=True)),
                ('is_empty_place', models.BooleanField(db_default=False, default=False, help_text='Of a sofa, and paid for: nobody sits there, and its code opens nothing.')),
                ('most_percent', models.PositiveSmallIntegerField(help_text='It came by an exchange: its customer gets back no larger part of the price. Empty: the terms alone.', null=True)),
                ('given_at', models.DateTimeField(help_text='When somebody else took it by a link: its code is theirs alone.', null=True)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='reservations.booking')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='theaters.seat')),
                ('showtime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='theaters.showtime')),
                ('ticket_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='theaters.tickettype')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ('VALID', 'USED'))), fields=('showtime', 'seat'), name='ticket_one_live_per_seat', violation_error_message='There is a ticket for this seat already.'), models.UniqueConstraint(condition=models.Q(('status', 'VOID'), _negated=True), fields=('booking', 'seat'), name='ticket_once_per_booking_and_seat', violation_error_message='This booking has a ticket for this seat already.'), models.CheckConstraint(condition=models.Q(('price__gte', 0), ('tax__gte', 0), ('tax__lte', models.F('price'))), name='ticket_tax_inside_price', violation_error_message='The tax is a part of the price.'), models.CheckConstraint(condition=models.Q(('fee__gte', 0), ('fee__lte', models.F('price'))), name='ticket_fee_inside_price', violation_error_message='The booking fee is a part of the price.'), models.CheckConstraint(condition=models.Q(('discount__gte', 0)), name='ticket_discount_not_negative', violation_error_message='A discount is 0 or more.'), models.CheckConstraint(condition=models.Q(('status__in', ['RESERVED', 'VALID', 'USED', 'VOID'])), name='ticket_status_known', violation_error_message='There is no such status.')],
            },
        ),
        migrations.CreateModel(
            name='SwappedTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_code', models.CharField(max_length=32, unique=True)),
                ('new_code', models.CharField(max_length=32, unique=True)),
                ('new_seat', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theaters.seat')),
                ('old_seat', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theaters.seat')),
                ('swap', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='reservations.seatswap')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='swaps', to='reservations.ticket')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('swap', 'ticket'), name='swapped_once_per_swap'), models.CheckConstraint(condition=models.Q(models.Q(('old_seat', models.F('new_seat')), _negated=True), models.Q(('old_code', models.F('new_code')), _negated=True)), name='swap_changes_seat_and_code', violation_error_message='A swap changes the seat and the code.')],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('ADMITTED', 'Let in'), ('REFUSED', 'Refused'), ('UNDONE', 'Taken back')], max_length=10)),
                ('sentence', models.CharField(help_text='What the usher was told.', max_length=200)),
                ('door', models.CharField(max_length=40)),
                ('can_be_overruled', models.BooleanField(db_default=False, default=False)),
                ('reason', models.CharField(db_default='', default='', help_text='Why a rule of the door was overruled.', max_length=200)),
                ('key', models.CharField(help_text='Chosen by the device: asked again, the same answer is given.', max_length=32, null=True, unique=True)),
                ('at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('auditorium', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theaters.auditorium')),
                ('device', models.ForeignKey(db_index=False, help_text='Empty for people who signed in with their account.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.device')),
                ('operator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('overrules', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='overruled_by', to='reservations.scan')),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.theater')),
                ('undoes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='reservations.scan')),
                ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='reservations.ticket')),
            ],
            options={
                'ordering': ['-pk'],
                'permissions': [('admit_ticket', 'Can let people in at the door'), ('overrule_door', 'Can let people in at the door against its rules')],
                'indexes': [models.Index(fields=['theater', '-at'], name='scan_of_theater')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['ADMITTED', 'REFUSED', 'UNDONE'])), name='scan_outcome_known', violation_error_message='There is no such outcome of a scan.'), models.CheckConstraint(condition=models.Q(('can_be_overruled', False), models.Q(('outcome', 'REFUSED'), ('ticket__isnull', False)), _connector='OR'), name='scan_overruled_later_was_refused', violation_error_message='Only the refusal of a ticket can be overruled.'), models.CheckConstraint(condition=models.Q(('outcome', 'REFUSED'), ('ticket__isnull', False), _connector='OR'), name='scan_admits_a_ticket', violation_error_message='Only a refusal is about no ticket.'), models.CheckConstraint(condition=models.Q(('outcome', 'UNDONE'), ('undoes__isnull', True), _connector='XOR'), name='scan_undoes_another', violation_error_message='An entry that is taken back names the scan that let in.'), models.CheckConstraint(condition=models.Q(('overrules__isnull', True), models.Q(('outcome', 'ADMITTED'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='scan_overruled_for_a_reason', violation_error_message='A refusal is overruled with a reason, and somebody is let in.')],
            },
        ),
        migrations.CreateModel(
            name='MovedInTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('barcode', models.CharField(max_length=120)),
                ('code', models.CharField(max_length=32)),
                ('order_number', models.CharField(blank=True, db_default='', default='', help_text="The other system's number of the order.", max_length=60)),
                ('at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('theater', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='houses.theater')),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='moved_in', to='reservations.ticket')),
            ],
            options={
                'ordering': ['pk'],
                'permissions': [('move_tickets_in', 'Can move tickets in that another system sold')],
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('order_number', ''), _negated=True), fields=['theater', 'order_number'], name='moved_in_order_number')],
                'constraints': [models.UniqueConstraint(fields=('theater', 'barcode'), name='moved_in_barcode_once', violation_error_message='A ticket with this barcode was moved in already.'), models.CheckConstraint(condition=models.Q(('barcode', ''), _negated=True), name='moved_in_has_a_barcode', violation_error_message='A ticket that is moved in has a barcode.')],
            },
        ),
        migrations.CreateModel(
            name='ExchangedTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('price', models.DecimalField(decimal_places=2, max_digits=10)),
                ('discount', models.DecimalField(db_default=0, decimal_places=2, default=Decimal('0'), max_digits=10)),
                ('list_price', models.DecimalField(decimal_places=2, help_text='Before price rules and discount; empty where nobody wrote it down.', max_digits=10, null=True)),
                ('price_changes', models.JSONField(db_default=[], default=list, editable=False)),
                ('tax', models.DecimalField()),
                ('fee', models.DecimalField(decimal_places=2, max_digits=10)),
                ('tax_rate', models.DecimalField(decimal_places=5, max_digits=6)),
                ('most_percent', models.PositiveSmallIntegerField(help_text='What the old tickets gave back when it was agreed to; empty: all of their price.', null=True)),
                ('exchange', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='reservations.exchange')),
                ('seat', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theaters.seat')),
                ('ticket_type', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='theaters.tickettype')),
                ('new_ticket', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='came_by', to='reservations.ticket')),
                ('old_ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exchanges', to='reservations.ticket')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('exchange', 'old_ticket'), name='exchanged_once_per_exchange'), models.UniqueConstraint(fields=('exchange', 'seat'), name='exchanged_for_different_seats')],
            },
        ),
        migrations.CreateModel(
            name='CanceledTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('refunded', models.DecimalField(decimal_places=2, max_digits=10)),
                ('refunded_tax', models.DecimalField()),
                ('kept', models.DecimalField(decimal_places=2, max_digits=10)),
                ('cancellation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='reservations.cancellation')),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='canceled', to='reservations.ticket')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kept__gte', 0), ('refunded__gte', 0), ('refunded_tax__gte', 0), ('refunded_tax__lte', models.F('refunded'))), name='canceled_ticket_amounts_make_sense', violation_error_message='Amounts are 0 or more, and tax is a part of what goes back.')],
            },
        ),
        migrations.CreateModel(
            name='TicketAllowance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(help_text='The address the person books with.', max_length=254, verbose_name='e-mail')),
                ('customer', models.CharField(help_text='The e-mail address without case and alias.', max_length=254)),
                ('most', models.PositiveSmallIntegerField(help_text='All tickets of this person for the showtime, with those bought already.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='tickets in all')),
                ('reason', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('showtime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ticket_allowances', to='theaters.showtime')),
            ],
            options={
                'verbose_name': 'ticket allowance',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('showtime', 'customer'), name='ticket_allowance_once_per_person')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=43, unique=True)),
                ('made_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('holder', models.CharField(blank=True, db_default='', default='', help_text='The browser in which it was taken up.', max_length=64)),
                ('old_code', models.CharField(max_length=32, null=True, unique=True)),
                ('new_code', models.CharField(max_length=32, null=True, unique=True)),
                ('told_needs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), db_default=[], default=list, help_text='What the person who took it needs, as they agreed to tell the staff.')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='reservations.ticket')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('withdrawn_at', None)), fields=('ticket',), name='transfer_one_open_per_ticket', violation_error_message='There is a link for this ticket already.'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('holder', ''), ('new_code', None), ('old_code', None)), models.Q(('accepted_at__isnull', False), ('new_code__isnull', False), ('old_code__isnull', False), ('withdrawn_at', None), models.Q(('holder', ''), _negated=True), models.Q(('old_code', models.F('new_code')), _negated=True)), _connector='OR'), name='transfer_taken_up_has_a_new_code', violation_error_message='A ticket that was taken up has a new code, and says in which browser.')],
            },
        ),
        migrations.CreateModel(
            name='WaitingEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=43, unique=True)),
                ('language', models.CharField(max_length=10)),
                ('address', models.CharField(blank=True, db_default='', default='', help_text='Where it was made, as a hold keeps it: what is offered counts in the share of this address. Empty: forgotten.', max_length=64)),
                ('network', models.CharField(blank=True, db_default='', default='', help_text='The network around the address. Empty: not limited by address, or forgotten.', max_length=64)),
                ('count', models.PositiveSmallIntegerField(help_text='How many people.')),
                ('wheelchairs', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='How many of them sit in a wheelchair space.')),
                ('is_together', models.BooleanField(db_default=True, default=True, help_text='Only seats side by side.')),
                ('section', models.CharField(blank=True, db_default='', default='', help_text='Or an area of unreserved places. Empty: anywhere.', max_length=40)),
                ('is_numbered', models.BooleanField(db_default=False, default=False, help_text='No unreserved places.')),
                ('is_step_free', models.BooleanField(db_default=False, default=False, help_text='Only seats that are known to have no steps on the way.')),
                ('has_hearing_loop', models.BooleanField(db_default=False, default=False, help_text='Only seats that are known to have a hearing loop.')),
                ('has_lifting_armrest', models.BooleanField(db_default=False, default=False, help_text='Only seats of which one is known to have an armrest that lifts.')),
                ('is_near_exit', models.BooleanField(db_default=False, default=False, help_text='Only seats in rows near an exit.')),
                ('is_beside_aisle', models.BooleanField(db_default=False, default=False, help_text='Only seats of which one is beside an aisle.')),
                ('has_transfer', models.BooleanField(db_default=False, default=False, help_text='Somebody changes from a wheelchair to a seat: one beside an aisle, whose armrest lifts where any is known to.')),
                ('has_dog', models.BooleanField(db_default=False, default=False, help_text='An assistance dog comes with them: one seat is beside an aisle.')),
                ('until', models.DateTimeField(help_text='From this moment they want no seats any more.')),
                ('status', models.CharField(choices=[('ASKED', 'Address not confirmed'), ('WAITING', 'Waiting'), ('OFFERED', 'Tickets are held for them'), ('TOOK', 'Took them'), ('MISSED', 'Did not take them in time'), ('LEFT', 'Left the list'), ('OVER', 'The list is over')], default='ASKED', max_length=8)),
                ('created_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('joined_at', models.DateTimeField(help_text='Their place in the line: when the address was confirmed.', null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='waiting_entry', to='sales.contact')),
                ('showtime', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waiting_entries', to='theaters.showtime')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='waiting_entries', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'waiting list entry',
                'verbose_name_plural': 'waiting list',
                'default_permissions': ('view',),
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['showtime', 'joined_at'], name='waitingentry_in_line')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('ASKED',)), _negated=True), models.Q(('ended_at__isnull', True), ('joined_at__isnull', True)), _connector='OR'), name='waitingentry_status_asked', violation_error_message='Somebody who has not confirmed the address has no place in the line.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('WAITING', 'OFFERED')), _negated=True), models.Q(('joined_at__isnull', False), ('ended_at__isnull', True)), _connector='OR'), name='waitingentry_status_in_line', violation_error_message='Somebody who waits has a place in the line.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('TOOK', 'MISSED')), _negated=True), models.Q(('ended_at__isnull', False), ('joined_at__isnull', False)), _connector='OR'), name='waitingentry_status_had_seats', violation_error_message='Only somebody who waited was offered seats.'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('LEFT', 'OVER')), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='waitingentry_status_over', violation_error_message='An entry that ended says when.'), models.CheckConstraint(condition=models.Q(('status__in', ['ASKED', 'WAITING', 'OFFERED', 'TOOK', 'MISSED', 'LEFT', 'OVER'])), name='waitingentry_status_known', violation_error_message='There is no such status.'), models.CheckConstraint(condition=models.Q(('count__gte', 1), ('wheelchairs__lte', models.F('count'))), name='waitingentry_people', violation_error_message='A party has at least one person, and no more wheelchairs than people.')],
            },
        ),
        migrations.CreateModel(
            name='SeatOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('labels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=49))),
                ('made_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('end', models.CharField(blank=True, choices=[('TAKEN', 'Took them'), ('PASSED', 'Passed on'), ('RAN_OUT', 'Ran out')], db_default='', default='', max_length=8)),
                ('hold', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seat_offer', to='reservations.hold')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='reservations.waitingentry')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('entry',), name='seatoffer_one_open_per_entry', violation_error_message='These people have an open offer already.'), models.CheckConstraint(condition=models.Q(('ended_at', None), models.Q(('end', ''), _negated=True), _connector='XOR'), name='seatoffer_ended_with_a_reason', violation_error_message='An offer that ended says how, and an open one does not.')],
            },
        ),
        migrations.CreateModel(
            name='WaitingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_key', models.CharField(db_default=models.Func(output_field=models.CharField(), template='md5(gen_random_uuid()::text || gen_random_uuid()::text)'), help_text='In the Message-ID of every try.', max_length=32)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('try_at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'), help_text='Due from this moment; a lease moves it on.')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('gave_up_at', models.DateTimeField(null=True)),
                ('is_refused', models.BooleanField(db_default=False, default=False, help_text='Given up because the receiving server refused it for good.')),
                ('last_error', models.CharField(blank=True, max_length=200)),
                ('purpose', models.CharField(max_length=80, unique=True)),
                ('kind', models.CharField(choices=[('CONFIRM', 'Confirm the address'), ('OFFER', 'Seats are held'), ('OVER', 'The showtime was canceled')], max_length=8)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='reservations.waitingentry')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('gave_up_at__isnull', True), ('sent_at__isnull', True)), fields=['try_at'], name='waitingmail_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_at', None), ('gave_up_at', None), _connector='OR'), name='waitingmail_sent_or_given_up', violation_error_message='A mail was sent or was given up, not both.'), models.CheckConstraint(condition=models.Q(('is_refused', False), ('gave_up_at__isnull', False), _connector='OR'), name='waitingmail_refused_is_given_up', violation_error_message='A mail that was refused for good is given up.')],
            },
        ),
        migrations.CreateModel(
            name='WaitingSkip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('reason', models.CharField(choices=[('TOO_FEW', 'too few seats were free'), ('APART', 'the free seats were not side by side'), ('PASSED', 'the free seats were those they had passed on'), ('SHARE', 'their internet connection had its share of the seats'), ('STEPS', 'the free seats had steps on the way'), ('LOOP', 'the free seats had no hearing loop'), ('TRANSFER', 'at none of the free seats could they change from a wheelchair'), ('DOG', 'the free seats had no room for a dog'), ('AISLE', 'none of the free seats was beside an aisle'), ('ARMREST', 'no armrest of the free seats lifted'), ('EXIT', 'the free seats were not near an exit'), ('NEEDS', 'the free seats lacked several things that they need')], max_length=12)),
                ('free', models.PositiveSmallIntegerField(help_text='How many seats were free.')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skips', to='reservations.waitingentry')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='WrongCodeTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wrong_code_tries', to='reservations.booking')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='BookingAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.CharField(db_index=True, max_length=64)),
                ('link_version', models.PositiveSmallIntegerField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('codes_sent', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('code_sent_at', models.DateTimeField(null=True)),
                ('proven_at', models.DateTimeField(help_text="When the code from the booking's mailbox was given here.", null=True)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accesses', to='reservations.booking')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('booking', 'holder', 'link_version'), name='access_once_per_browser'), models.CheckConstraint(condition=models.Q(models.Q(('code_sent_at', None), ('codes_sent', 0)), models.Q(('code_sent_at__isnull', False), ('codes_sent__gt', 0)), _connector='OR'), name='access_code_sent_has_a_moment', violation_error_message='A code that was sent says when.'), models.CheckConstraint(condition=models.Q(('proven_at', None), ('code_sent_at__isnull', False), _connector='OR'), name='access_proven_by_a_code', violation_error_message='A mailbox is proven by a code that was sent.')],
            },
        ),
        migrations.CreateModel(
            name='BookingNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField(db_default=models.Func(output_field=models.DateTimeField(), template='clock_timestamp()'))),
                ('emptied_at', models.DateTimeField(help_text="When it was erased together with the sale's contact.", null=True)),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='reservations.booking')),
            ],
            options={
                'ordering': ['pk'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('emptied_at', None), models.Q(('text', ''), _negated=True)), models.Q(('emptied_at__isnull', False), ('text', '')), _connector='OR'), name='booking_note_says_something_until_it_is_emptied', violation_error_message='A note says something until it is erased.')],
            },
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('status', 'PENDING')), fields=['sale'], name='booking_pending_sale'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('party_code__isnull', False)), fields=['party_code'], name='booking_of_party_code'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('status', 'CONFIRMED')), fields=['showtime'], name='booking_confirmed_showtime'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(condition=models.Q(('confirmed_at__isnull', False)), fields=['confirmed_at'], name='booking_confirmed_at'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('total__gte', 0)), name='booking_total_not_negative', violation_error_message='Amounts are 0 or more.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('PENDING',)), _negated=True), models.Q(('confirmed_at__isnull', True), ('ended_at__isnull', True)), _connector='OR'), name='booking_status_pending', violation_error_message='A pending booking is neither confirmed nor ended.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('CONFIRMED',)), _negated=True), models.Q(('confirmed_at__isnull', False), ('ended_at__isnull', True)), _connector='OR'), name='booking_status_confirmed', violation_error_message='A confirmed booking says when it was confirmed, and has no end.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('CANCELED',)), _negated=True), models.Q(('confirmed_at__isnull', False), ('ended_at__isnull', False)), _connector='OR'), name='booking_status_canceled', violation_error_message='A canceled booking says when it was confirmed and when it ended.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('EXPIRED', 'REFUNDED')), _negated=True), models.Q(('ended_at__isnull', False), ('confirmed_at__isnull', True)), _connector='OR'), name='booking_status_not_paid', violation_error_message='A booking that expired or was refunded says when, and was never confirmed.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['PENDING', 'CONFIRMED', 'EXPIRED', 'CANCELED', 'REFUNDED'])), name='booking_status_known', violation_error_message='There is no such status.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.UniqueConstraint(fields=('sale', 'showtime'), name='booking_one_per_sale_and_showtime', violation_error_message='This sale has a booking for this showtime already.'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'PENDING')), fields=('hold',), name='booking_one_pending_per_hold', violation_error_message='These seats are being paid for already.'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['expires_at'], name='hold_live_expires'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(fields=['holder', '-started_at'], name='hold_by_holder'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['address'], name='hold_live_address'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('network', ''), _negated=True), fields=['address', '-started_at'], name='hold_by_address'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('shared_block__isnull', False)), fields=['shared_block'], name='hold_of_shared_block'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('root__isnull', False)), fields=['root'], name='hold_by_root'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('showtime', 'holder'), name='hold_one_live_per_browser', violation_error_message='This browser holds seats of this showtime already.'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__lte', models.F('cap_at'))), name='hold_not_past_its_cap', violation_error_message='A hold ends at the latest moment it can be extended to, or before.'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), models.Q(('end', ''), _negated=True), _connector='XOR'), name='hold_ended_with_a_reason', violation_error_message='A hold that ended says how, and a live one does not.'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('labels', []), ('end', 'LAPSED'), _connector='OR'), name='hold_keeps_labels_when_it_lapsed', violation_error_message='Only a hold that ran out remembers its seats.'),
        ),
        migrations.RunSQL(SEAT_STATE, SEAT_STATE_UNDONE),
        migrations.RunSQL(TICKETS, TICKETS_UNDONE),
        migrations.RunSQL(ONLY_GROW, ONLY_GROW_UNDONE),
        migrations.RunSQL(KEPT, KEPT_UNDONE),
        migrations.RunSQL(NOTES_KEPT, NOTES_UNDONE),
        migrations.RunSQL(UNIT_IS_WHOLE, UNIT_UNDONE),
        migrations.RunSQL(MOVED_IN_ONLY_GROWS, MOVED_IN_UNDONE),
        migrations.RunSQL(EXCHANGES_FROZEN, EXCHANGES_UNDONE),
        migrations.RunSQL(TRANSFERS_FROZEN, TRANSFERS_UNDONE),
        migrations.RunSQL(CATEGORY_NAMES, CATEGORY_NAMES_UNDONE),
        migrations.RunSQL(EMPTY_PLACES_FROZEN, EMPTY_PLACES_UNDONE),
        migrations.RunSQL(CATEGORY_NAME_FROZEN, CATEGORY_NAME_UNDONE),
        migrations.RunSQL(PRICE_PARTS_FROZEN, PRICE_PARTS_UNDONE),
        migrations.RunSQL(MOST_PERCENT_FROZEN, MOST_PERCENT_UNDONE),
    ]

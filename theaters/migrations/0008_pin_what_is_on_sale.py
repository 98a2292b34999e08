from django.db import migrations

PIN = """
INSERT INTO theaters_priceversion (price_list_id, number, tax_rate, booking_fee)
SELECT list.id, 1, theater.tax_rate, 0
  FROM theaters_pricelist AS list JOIN theaters_theater AS theater ON theater.id = list.theater_id
 WHERE EXISTS (SELECT 1 FROM theaters_showtime AS showtime WHERE showtime.price_list_id = list.id AND status <> 'DRAFT');
INSERT INTO theaters_pinnedprice (version_id, ticket_type_id, category, amount)
SELECT version.id, price.ticket_type_id, price.category, price.amount
  FROM theaters_price AS price JOIN theaters_priceversion AS version ON version.price_list_id = price.price_list_id;
UPDATE theaters_showtime AS showtime SET price_version_id = version.id
  FROM theaters_priceversion AS version
 WHERE version.price_list_id = showtime.price_list_id AND showtime.status <> 'DRAFT';
"""

FROZEN = """
CREATE FUNCTION marquee_prices_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the prices of a version never change' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER price_version_frozen BEFORE UPDATE OR DELETE ON theaters_priceversion
    FOR EACH ROW EXECUTE FUNCTION marquee_prices_stay();
CREATE TRIGGER pinned_price_frozen BEFORE UPDATE OR DELETE ON theaters_pinnedprice
    FOR EACH ROW EXECUTE FUNCTION marquee_prices_stay();
"""

UNFROZEN = """
DROP TRIGGER pinned_price_frozen ON theaters_pinnedprice;
DROP TRIGGER price_version_frozen ON theaters_priceversion;
DROP FUNCTION marquee_prices_stay();
"""

# Until somebody says when a list is for, a theater with several of them goes on choosing by hand.
BY_HAND = """
UPDATE theaters_pricelist SET is_by_hand = true
 WHERE theater_id IN (SELECT theater_id FROM theaters_pricelist GROUP BY theater_id HAVING count(*) > 1)
"""

GROWN_UP = "UPDATE theaters_tickettype SET is_adult = true WHERE code IN ('ADULT', 'SENIOR')"

# As the boards mean them: BBFC, MPA, Eirin.
RATINGS = """
UPDATE theaters_movierating AS rating SET min_age = known.min_age, accompanied_below = known.accompanied_below
  FROM (VALUES ('GB', '12A', NULL::int, 12), ('GB', '12', 12, NULL), ('GB', '15', 15, NULL), ('GB', '18', 18, NULL),
               ('US', 'R', NULL, 17), ('US', 'NC-17', 18, NULL), ('JP', 'R15+', 15, NULL), ('JP', 'R18+', 18, NULL))
       AS known (country, label, min_age, accompanied_below)
 WHERE rating.country = known.country AND upper(rating.label) = known.label
"""


class Migration(migrations.Migration):
    """What is on sale keeps the prices it has; from now on a version never changes."""

    dependencies = [("theaters", "0007_prices_that_stay")]

    operations = [
        migrations.RunSQL(PIN, migrations.RunSQL.noop),
        migrations.RunSQL(FROZEN, UNFROZEN),
        migrations.RunSQL(BY_HAND, migrations.RunSQL.noop),
        migrations.RunSQL(GROWN_UP, migrations.RunSQL.noop),
        migrations.RunSQL(RATINGS, migrations.RunSQL.noop),
    ]

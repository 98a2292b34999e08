"""SQL that finds the price version for people who choose seats at a moment; its twin in Python is
theaters/prices/early_prices.py.
"""

# Whole days by local time, the rest as hours (theaters/early_ends.py).
ENDS_AT = """coalesce(early.ends_at, (SELECT
    (showtime.starts_at AT TIME ZONE theater.timezone - early.hours_before / 24 * interval '1 day') AT TIME ZONE theater.timezone
    - mod(early.hours_before, 24) * interval '1 hour'
    FROM theaters_auditorium AS auditorium JOIN houses_theater AS theater ON theater.id = auditorium.theater_id
   WHERE auditorium.id = showtime.auditorium_id))"""


def version_sql(at: str) -> str:
    """SQL for the price version of `showtime`: the first early version that is not over, else the standard one."""
    return f"""coalesce((SELECT early.id FROM theaters_priceversion AS early
                 WHERE early.standard_id = showtime.price_version_id
                   AND {at} <= {ENDS_AT}
                 ORDER BY early.number LIMIT 1), showtime.price_version_id)"""

"""Which price version counts for who chooses seats at a moment; its twin in Python is theaters/services/early_prices.py."""


def version_sql(at: str) -> str:
    """Of `showtime`: the earliest early version whose time is not over, else the standard one."""
    return f"""coalesce((SELECT early.id FROM theaters_priceversion AS early
                 WHERE early.standard_id = showtime.price_version_id
                   AND early.hours_before * 3600 <= extract(epoch FROM showtime.starts_at - {at})
                 ORDER BY early.hours_before DESC LIMIT 1), showtime.price_version_id)"""

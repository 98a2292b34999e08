"""The only row locks of theaters. Lock order of every transaction: Showtime first (docs/money-and-seats.md)."""

from django.db import connection

from theaters.models import PriceList, Showtime


def showtime_to_sell(showtime_id: int) -> Showtime:
    """FOR SHARE: it cannot be canceled or changed while seats are sold. Raises Showtime.DoesNotExist."""
    # Django has no FOR SHARE. Locked by key first, read in a statement of its own: that snapshot is never older.
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM theaters_showtime WHERE id = %s FOR SHARE", [showtime_id])
    return Showtime.objects.with_names().get(pk=showtime_id)


def showtime_to_change(showtime_id: int) -> Showtime:
    """FOR NO KEY UPDATE: waits for sales under way. Raises Showtime.DoesNotExist."""
    Showtime.objects.select_for_update(no_key=True).values_list("pk").get(pk=showtime_id)
    return Showtime.objects.with_names().get(pk=showtime_id)


def price_list_to_change(price_list_id: int) -> None:
    """Two managers at one list: one table of prices or the other, never a mixture. Raises PriceList.DoesNotExist."""
    PriceList.objects.select_for_update(no_key=True).values_list("pk").get(pk=price_list_id)

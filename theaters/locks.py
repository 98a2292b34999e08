"""The only row locks of theaters. Lock order of every transaction: Showtime first (docs/money-and-seats.md)."""

from collections.abc import Iterable

from django.db import connection

from core.database.lock_waits import locks_showtime
from houses.models import TextPage, Theater
from theaters.models import Auditorium, Movie, PriceList, Showtime

SHARE_THEATER = """
SELECT theater.id FROM houses_theater AS theater
  JOIN theaters_auditorium AS auditorium ON auditorium.theater_id = theater.id
  JOIN theaters_seatingplan AS plan ON plan.auditorium_id = auditorium.id
 WHERE plan.id = %s FOR SHARE OF theater
"""
SHARE_THEATERS = "SELECT id FROM houses_theater WHERE id = ANY(%s) ORDER BY id FOR SHARE"


@locks_showtime
def showtime_to_change(showtime_id: int) -> Showtime:
    """FOR UPDATE: waits for sales under way, which hold FOR KEY SHARE. Raises Showtime.DoesNotExist."""
    Showtime.objects.select_for_update().values_list("pk").get(pk=showtime_id)
    return Showtime.objects.with_names().get(pk=showtime_id)


def auditorium_to_lay_out(auditorium_id: int) -> None:
    """Lock an auditorium, so that plans are numbered one by one. Raises Auditorium.DoesNotExist."""
    Auditorium.objects.select_for_update(no_key=True).values_list("pk").get(pk=auditorium_id)


def price_list_to_change(price_list_id: int) -> PriceList:
    """Lock a price list, after any showtimes, so that two managers' changes never mix. Raises PriceList.DoesNotExist."""
    PriceList.objects.select_for_update(no_key=True).values_list("pk").get(pk=price_list_id)
    return PriceList.objects.select_related("theater").get(pk=price_list_id)


def theater_to_change(theater_id: int) -> None:
    """Lock a theater to close it or to name its seat categories: nobody plans a showtime in it meanwhile, and of two people
    the second waits and sees what the first did.
    """
    Theater.objects.select_for_update(no_key=True).values_list("pk").get(pk=theater_id)


def theaters_to_plan_in(theater_ids: Iterable[int]) -> list[Theater]:
    """Lock theaters, shared, so that none closes while showtimes are planned in it."""
    with connection.cursor() as cursor:
        cursor.execute(SHARE_THEATERS, [sorted(set(theater_ids))])
    return list(Theater.objects.filter(pk__in=theater_ids))


def theater_to_sell_in(plan_id: int) -> None:
    """Lock a theater, after its showtime, to sell seats of a plan: shared by showtimes, not with changes of categories."""
    with connection.cursor() as cursor:
        cursor.execute(SHARE_THEATER, [plan_id])


def movies_to_change(movie_ids: Iterable[int]) -> None:
    """Lock movies by id, after showtimes, so that imports, archiving and planning wait for each other."""
    list(Movie.objects.filter(pk__in=list(movie_ids)).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def text_page(page_id: int) -> None:
    """Lock a page, so that nobody else publishes a text of it until the transaction ends."""
    TextPage.objects.select_for_update().values_list("pk").get(pk=page_id)

"""Locks of papers, persons, requests for links and promo codes."""

from django.db import connection

from reservations.models import LinkRequest, PaperCounter, PromoCode


def paper_counter(*, theater_id: int, kind: str, series: str) -> PaperCounter:
    """Lock the counter of paper numbers, and nothing else: the next paper waits for its number."""
    which = {"theater_id": theater_id, "kind": kind, "series": series}
    PaperCounter.objects.bulk_create([PaperCounter(**which)], ignore_conflicts=True)
    return PaperCounter.objects.select_for_update(no_key=True).get(**which)


def persons(keys: list[str]) -> None:
    """Let one person, known by any of these keys, buy one booking at a time: others wait until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM (SELECT hashtextextended('person ' || key, 0) AS key"
            " FROM unnest(%s::text[]) AS key ORDER BY 1) AS sorted",
            [keys],
        )


def turn_to_move_in(theater_id: int) -> None:
    """Move tickets of another system in by one transaction at a time, because two files may have the same barcode."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('move in ' || %s, 0))", [theater_id])


def next_link_request() -> LinkRequest | None:
    """Lock the oldest request that no other worker has, before any booking."""
    return LinkRequest.objects.select_for_update(skip_locked=True).order_by("pk").first()


def promo_code(promo_code_id: int) -> PromoCode:
    """Lock a promo code, as the last lock of the transaction. Raises PromoCode.DoesNotExist."""
    return PromoCode.objects.select_for_update(no_key=True).get(pk=promo_code_id)

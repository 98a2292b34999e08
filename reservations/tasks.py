"""Entry points of the workers, each with one call of a service. Hints and the schedule call tasks by name."""

from celery import shared_task
from django.utils import timezone

from reservations.groups import group_blocks, group_mails, shared_block_mails
from reservations.letters import outbox
from reservations.links import link_requests
from reservations.opening import house_seats
from reservations.seats import fullness, hold_sweep
from reservations.waiting import favorite_mails, favorites, waiting_list, waiting_mails, waiting_offers


@shared_task(name="reservations.sweep_holds", goes_on_after_restore=True)
def sweep_holds(**_: object) -> None:
    hold_sweep.end_lapsed_holds()


@shared_task(name="reservations.refresh_fullness", goes_on_after_restore=True)
def refresh_fullness(**_: object) -> None:
    fullness.refresh_fullness()


@shared_task(name="reservations.send_due_mail")
def send_due_mail(**_: object) -> None:
    link_requests.answer_link_requests()
    outbox.send_due_mail(now=timezone.now())
    waiting_mails.send_due_waiting_mail(now=timezone.now())
    favorite_mails.send_due_favorite_mail(now=timezone.now())
    group_mails.send_due_group_mail(now=timezone.now())
    shared_block_mails.send_due_shared_block_mail(now=timezone.now())


@shared_task(name="reservations.release_house_seats")
def release_house_seats(**_: object) -> None:
    house_seats.release_due_seats()
    group_blocks.end_due_blocks()


@shared_task(name="reservations.serve_waiting_lists")
def serve_waiting_lists(**_: object) -> None:
    waiting_list.serve_waiting_lists()


@shared_task(name="reservations.offer_waiting_seats")
def offer_waiting_seats(showtime_id: int, **_: object) -> None:
    waiting_offers.offer_seats(showtime_id=showtime_id)


@shared_task(name="reservations.tell_of_sales")
def tell_of_sales(**_: object) -> None:
    favorites.tell_of_sales()

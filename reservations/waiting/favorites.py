"""The life of a favorite: asked for, confirmed, notified once, ended."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts.selectors import is_proven_address
from core.clock import ClockTimestamp, from_now
from core.limits.limiter import seconds_until_fewer
from core.pauses import current_pause
from core.refusals import Refusal, TooFast, WayOn
from core.rows.sweeps import next_row_on_error
from core.texts.lazy_text import gettext_lazy as _
from houses.models import House, Theater
from reservations import locks
from reservations.models import Favorite, FavoriteMail, FavoriteQuerySet
from reservations.states import FavoriteMailKind
from reservations.waiting.favorite_mails import write_favorite_mail
from sales.models import Contact
from sales.services.opening import Customer
from theaters.models import Movie, Series, Showtime

HOUR, DAY = 3600, 24 * 3600
CONFIRMATIONS_PER_HOUR = 3
# A form that is sent twice, because its answer was lost, causes one mail.
PAUSE_SECONDS = 60
MOST_OF_A_PERSON = 50
TOLD_AT_ONCE = 500
# How long we keep: an address that nobody confirmed; a favorite without a showtime; an address after the mail.
UNPROVEN_DAYS, WISH_DAYS, ADDRESS_KEPT_DAYS = 3, 365, 30


class OnSaleAlready(Refusal):
    tone = "info"
    sentence = _("Good news: tickets are on sale already.")
    way_on = WayOn(_("See what’s on"), to="whats_on")


class FavoriteEnded(Refusal):
    sentence = _("This has ended, and we have forgotten your address. You can ask again on its page.")


class TooManyFavorites(Refusal):
    sentence = _("You have many favorites already. Please remove some of them first, on the page “My bookings”.")


class AskedForFavoritesOften(TooFast):
    sentence = _("There were many requests like this from here. Please wait a little, then try again.")


@dataclass(frozen=True)
class FavoriteSubject:
    """A movie or a series, in one theater or in any of the house."""

    house_id: int
    movie: Movie | None = None
    series: Series | None = None
    theater: Theater | None = None


def ask_to_hear(*, subject: FavoriteSubject, customer: Customer, language: str) -> Favorite | None:
    """Begin a favorite. With a proven address it counts at once, else when the link of a mail is followed: then None is
    returned, whether or not a mail was sent.

    A second time with the same address only changes the theater. Raises OnSaleAlready, TooManyFavorites.
    """
    with transaction.atomic():
        locks.persons([f"favorite {customer.key}"])
        on_sale = list(_on_sale(subject))
        here = {theater for _pk, theater in on_sale}
        if subject.movie and (subject.theater.pk in here if subject.theater else on_sale):
            raise OnSaleAlready
        is_own = is_proven_address(customer.user_id, customer.email)
        favorite = _live_one(subject, customer) or _new_one(
            subject, customer, language, [pk for pk, _theater in on_sale]
        )
        if is_own or favorite.confirmed_at is None:
            Favorite.objects.filter(pk=favorite.pk).update(theater=subject.theater)
        if not is_own:
            _send_link(favorite)
            return None
        Favorite.objects.filter(pk=favorite.pk).update(user=customer.user_id)
        _begin(favorite)
    return favorite


def _on_sale(subject: FavoriteSubject) -> Iterable[tuple[int, int]]:
    """The showtimes already on sale, with their theaters, about which the favorite sends no mail."""
    shows = Showtime.objects.listed().filter(
        auditorium__theater__house=subject.house_id, sales_close_at__gt=ClockTimestamp()
    )
    shows = shows.showing(subject.movie) if subject.movie else shows.filter(series=subject.series)
    return shows.order_by("pk").values_list("pk", "auditorium__theater_id")


def _live_one(subject: FavoriteSubject, customer: Customer) -> Favorite | None:
    live = Favorite.objects.live().filter(contact__customer=customer.key, house=subject.house_id)
    number = live.filter(movie=subject.movie, series=subject.series).values_list("pk", flat=True).first()
    return None if number is None else locks.favorite(number)


def _new_one(subject: FavoriteSubject, customer: Customer, language: str, on_sale: list[int]) -> Favorite:
    return Favorite.objects.create(
        house=House.objects.get(pk=subject.house_id),
        theater=subject.theater,
        movie=subject.movie,
        series=subject.series,
        contact=Contact.objects.create(email=customer.email, customer=customer.key),
        code=secrets.token_urlsafe(24),
        language=language,
        on_sale_before=on_sale,
    )


def _send_link(favorite: Favorite) -> None:
    """Mail the link that confirms a favorite, unless one has just gone out, or too many to this address in an hour."""
    mails = FavoriteMail.objects.filter(
        favorite__contact__customer=favorite.contact.customer, kind=FavoriteMailKind.CONFIRM
    )
    if mails.filter(favorite=favorite, created_at__gt=from_now(-PAUSE_SECONDS)).exists():
        return
    if favorite.confirmed_at is None and (
        seconds_until_fewer(mails, "created_at", most=CONFIRMATIONS_PER_HOUR, within_seconds=HOUR) is None
    ):
        write_favorite_mail(favorite, FavoriteMailKind.CONFIRM, about=mails.filter(favorite=favorite).count())


def _begin(favorite: Favorite) -> None:
    """Confirm a favorite. Raises TooManyFavorites."""
    if favorite.confirmed_at is not None:
        return
    others = Favorite.objects.confirmed().filter(contact__customer=favorite.contact.customer)
    if others.count() >= MOST_OF_A_PERSON:
        raise TooManyFavorites
    Favorite.objects.filter(pk=favorite.pk).update(confirmed_at=ClockTimestamp())


def confirm_favorite(*, code: str) -> None:
    """Confirm a favorite by the link of a mail; a second time changes nothing.

    Raises FavoriteEnded, TooManyFavorites, Favorite.DoesNotExist.
    """
    with transaction.atomic():
        favorite = locks.favorite_by_code(code)
        if favorite.ended_at is not None:
            raise FavoriteEnded
        _begin(favorite)


def leave_favorite(*, code: str) -> None:
    """End a favorite by the link of a mail; its address is deleted at once. A second time changes nothing. Raises
    Favorite.DoesNotExist.
    """
    with transaction.atomic():
        favorite = locks.favorite_by_code(code)
        mine = Favorite.objects.filter(pk=favorite.pk)
        mine.live().update(ended_at=ClockTimestamp())
        _forget(mine)


def tell_of_sales() -> None:
    """Mail the favorites that are due. Nothing is sent while sales are paused, as nobody could buy."""
    _end_old_ones()
    if current_pause() is not None:
        return
    for number in Favorite.objects.due().order_by("pk").values_list("pk", flat=True)[:TOLD_AT_ONCE]:
        with next_row_on_error("favorite_not_told", favorite=number), transaction.atomic():
            _write_mail_if_due(locks.favorite(number))


def _write_mail_if_due(favorite: Favorite) -> None:
    """Queue the mail about a favorite unless it was sent or the favorite was ended meanwhile."""
    if Favorite.objects.due().filter(pk=favorite.pk).exists():
        write_favorite_mail(favorite, FavoriteMailKind.ON_SALE)
        Favorite.objects.filter(pk=favorite.pk).update(told_at=ClockTimestamp(), ended_at=ClockTimestamp())


def _end_old_ones() -> None:
    live = Favorite.objects.live()
    live.filter(confirmed_at=None, created_at__lt=from_now(-UNPROVEN_DAYS * DAY)).update(ended_at=ClockTimestamp())
    live.filter(confirmed_at__lt=from_now(-WISH_DAYS * DAY)).update(ended_at=ClockTimestamp())
    over = Favorite.objects.filter(ended_at__isnull=False)
    _forget(over.filter(Q(confirmed_at=None) | Q(ended_at__lt=from_now(-ADDRESS_KEPT_DAYS * DAY))))


def erase_favorites(*, user_id: int, emails: Iterable[str]) -> None:
    """End the favorites of somebody who erases their account."""
    customers = [Customer(email=email).key for email in emails]
    mine = Favorite.objects.filter(Q(user_id=user_id) | Q(contact__customer__in=customers))
    numbers = list(mine.values_list("pk", flat=True))
    for code in mine.order_by("pk").values_list("code", flat=True):
        leave_favorite(code=code)
    Favorite.objects.filter(pk__in=numbers).update(user=None)


def _forget(favorites: FavoriteQuerySet) -> None:
    contacts = Contact.objects.filter(favorite__in=favorites, emptied_at=None)
    mails = FavoriteMail.objects.filter(favorite__contact__in=contacts)
    mails.exclude(last_error="").update(last_error="")
    mails.filter(sent_at=None, gave_up_at=None).update(gave_up_at=ClockTimestamp())
    contacts.update(email="", customer="", payer_name="", payer_search="", emptied_at=ClockTimestamp())

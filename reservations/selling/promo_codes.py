"""Promo codes: checks whether one may be used here and now, and records uses within its limits."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, ngettext

from core.limits.limiter import Limit, check, check_address
from core.monitoring.security_log import SecurityEvent, write_security_event
from core.texts.local_formats import and_list, format_day
from houses.business_days import business_day
from reservations import locks
from reservations.models import Booking, PromoCode, PromoRedemption
from reservations.models.promo_codes import CODE_SHAPE, same_customer
from reservations.refusals.promo_codes import PromoRefused, PromoUnknown, TooManyPromoCodes
from reservations.seats.taking import Browser
from reservations.selling.discounts import Promotion
from reservations.states import PromoKind
from sales.services.opening import Customer
from theaters.models import Showtime

SHAPE = re.compile(CODE_SHAPE)


def clean_code(typed: str) -> str:
    """Return a code as it is stored: capitals, no spaces, at most 40 characters."""
    return "".join(typed.split()).upper()[:40]


def find_promotion(*, code: str, showtime: Showtime, customer: Customer, now: datetime) -> Promotion:
    """A code that this customer may use for this showtime now. One query. Raises PromoRefused, which says why not."""
    theater = showtime.auditorium.theater
    promo = _code_for(code, showtime, customer)
    if promo is None:
        raise PromoUnknown(
            gettext("We do not know the code %(code)s. Please check how it is spelled.") % {"code": code}
        )
    today = business_day(theater, now)
    if promo.is_withdrawn:
        raise PromoRefused(gettext("The code %(code)s is not valid any more.") % {"code": code})
    if promo.from_on and today < promo.from_on:
        raise PromoRefused(
            gettext("You can use the code %(code)s from %(day)s on.") % {"code": code, "day": _day(promo.from_on)}
        )
    if promo.until_on and today > promo.until_on:
        raise PromoRefused(
            gettext("The code %(code)s has expired: its last day was %(day)s.")
            % {"code": code, "day": _day(promo.until_on)}
        )
    _require_place_and_day(promo, showtime)
    _require_uses_left(promo, promo.uses, promo.uses_of_customer)
    return Promotion(
        promo_code_id=promo.pk,
        code=promo.code,
        kind=PromoKind(promo.kind),
        value=promo.percent if promo.kind == PromoKind.PERCENT else promo.amount,
        currency=theater.currency,
        types=frozenset(promo.ticket_types),
        has_limits=promo.has_limits,
    )


def try_promotion(*, code: str, showtime: Showtime, customer: Customer, browser: Browser, now: datetime) -> Promotion:
    """Like `find_promotion` for a typed code, counting guesses. Not inside a transaction. Raises PromoRefused."""
    require_patience(browser)
    try:
        return find_promotion(code=code, showtime=showtime, customer=customer, now=now)
    except PromoUnknown:
        write_security_event(SecurityEvent.WRONG_PROMO_CODE, showtime=showtime.pk)
        count_miss(browser)
        raise


def _code_for(code: str, showtime: Showtime, customer: Customer) -> Any:
    if not SHAPE.fullmatch(code):
        return None
    movies = PromoCode.movies.through.objects.filter(promocode=OuterRef("pk"))
    shown = {showtime.movie_id, *(item.movie_id for item in showtime.program if item.movie_id)}
    counted = PromoRedemption.objects.counted().filter(promo_code=OuterRef("pk"))
    return (
        PromoCode.objects.filter(code=code)
        .annotate(
            is_for_movie=~Exists(movies) | Exists(movies.filter(movie__in=shown)),
            uses=_number(counted),
            uses_of_customer=_number(counted.filter(_of_customer(customer))),
        )
        .first()
    )


def _number(rows: Any) -> Any:
    count = rows.order_by().values("promo_code").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(count), 0)


def _require_place_and_day(promo: Any, showtime: Showtime) -> None:
    theater = showtime.auditorium.theater
    if promo.theater_id not in (None, theater.pk) or promo.currency not in ("", theater.currency):
        raise PromoRefused(
            gettext("You cannot use the code %(code)s at %(theater)s.")
            % {"code": promo.code, "theater": theater.shown_name}
        )
    if not promo.is_for_movie:
        raise PromoRefused(
            gettext("You cannot use the code %(code)s for %(movie)s.")
            % {"code": promo.code, "movie": showtime.shown_title}
        )
    on = business_day(theater, showtime.starts_at).isoweekday()
    if promo.weekdays and on not in promo.weekdays:
        days = and_list(_weekday(day) for day in sorted(promo.weekdays))
        raise PromoRefused(
            gettext("You can use the code %(code)s on these days: %(days)s. This show is on a %(day)s.")
            % {"code": promo.code, "days": days, "day": _weekday(on)}
        )


def _require_uses_left(promo: PromoCode, uses: int, uses_of_customer: int) -> None:
    each = promo.most_uses_each
    if each is not None and uses_of_customer >= each:
        sentence = ngettext(
            "You can use the code %(code)s only once, and you have already done so.",
            "You can use the code %(code)s only %(times)s times, and you have already done so.",
            each,
        )
        raise PromoRefused(sentence % {"code": promo.code, "times": each})
    if promo.most_uses is not None and uses >= promo.most_uses:
        raise PromoRefused(gettext("The code %(code)s has been used as often as it can be.") % {"code": promo.code})


def redeem(booking: Booking, promotion: Promotion, *, discount: Decimal, customer: Customer) -> None:
    """Write down that a new booking used a code. Raises PromoRefused when others were a moment faster.

    A code with limits is locked first: another sale with it waits here, and then counts this use.
    """
    if promotion.has_limits:
        promo = locks.promo_code(promotion.promo_code_id)
        found = (
            PromoRedemption.objects.counted()
            .filter(promo_code=promo)
            .aggregate(uses=Count("pk"), mine=Count("pk", filter=_of_customer(customer)))
        )
        _require_uses_left(promo, found["uses"], found["mine"])
    PromoRedemption.objects.create(
        promo_code_id=promotion.promo_code_id,
        booking=booking,
        user_id=customer.user_id,
        discount=discount,
        currency=booking.currency,
    )


def require_patience(browser: Browser) -> None:
    """Stop guessing: after some unknown codes a browser or an address has to wait. Raises TooManyPromoCodes."""
    _count(browser, 0)


def count_miss(browser: Browser) -> None:
    """Count a try with an unknown code. Raises TooManyPromoCodes."""
    _count(browser, 1)


def _count(browser: Browser, misses: int) -> None:
    per_holder = Limit("promo-holder", settings.PROMO_MISSES_PER_HOUR_PER_HOLDER, 3600, TooManyPromoCodes)
    per_address = Limit("promo-address", settings.PROMO_MISSES_PER_HOUR_PER_ADDRESS, 3600, TooManyPromoCodes)
    check(per_holder, browser.holder, misses)
    check_address(per_address, browser.address, misses)


def _of_customer(customer: Customer) -> Q:
    return same_customer(customer=customer.key, user_id=customer.user_id)


def _day(day: date) -> str:
    return format_day(day, "date")


def _weekday(number: int) -> str:
    """1 is Monday."""
    return format_day(date(2024, 1, number), "weekday")

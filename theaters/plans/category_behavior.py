"""Changes how the seats of a category are sold: a new code replaces the old one in prices and in plans to come.

The old code stays with the plans and tickets that have it (docs/adr/0061); it is archived.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from core.clock import ClockTimestamp
from core.refusals import Refusal
from core.texts.local_formats import format_moment
from staff.services.audit import record
from theaters import locks
from theaters.models import Auditorium, Price, Seat, SeatCategory, Showtime, TicketType
from theaters.plans.category_names import forget_categories
from theaters.plans.plan_drafts import begin_draft, drawing_of_draft, save_draft
from theaters.plans.plan_json import as_rows
from theaters.plans.plans import current_plans
from theaters.seat_categories import LONGEST_NAME, code_for, is_for_some
from theaters.states import SeatBehavior


@dataclass(frozen=True)
class ChangedBehavior:
    """The category with its new code, and the auditoriums whose draft plan uses it."""

    category: SeatCategory
    drawn: tuple[Auditorium, ...]


class BehaviorStays(Refusal):
    staff_can = "Wait for the last showtime with such seats, or draw the next plan with another category."


def why_behavior_stays(category: SeatCategory) -> str:
    """Say why the behavior cannot change, as showtimes on sale have such seats; '' when it can."""
    on_sale = Showtime.objects.published().filter(
        auditorium__theater=category.theater_id, ends_at__gt=ClockTimestamp(), plan__seats__category=category.code
    )
    last = on_sale.order_by("-starts_at").select_related("movie", "auditorium__theater").first()
    if last is None:
        return ""
    count = on_sale.distinct().count()
    when = format_moment(last.starts_at.astimezone(last.auditorium.theater.zone), "day")
    return (
        f"Such seats are on sale for {count} showtime{'s' if count > 1 else ''}, the last is {last.movie.title} on {when}. "
        "How they are sold can be changed after it. To do it now, give this category another name, archive it, add one with "
        "the old name, and draw the next plan of the auditorium with it."
    )


def change_behavior(
    *, category: SeatCategory, behavior: SeatBehavior, user_id: int, actor: str, now: datetime
) -> ChangedBehavior:
    """`category` is as it is stored. Raises BehaviorStays, also where such seats went on sale since the form was checked."""
    theater, old_code, name = category.theater, category.code, str(category)
    with transaction.atomic():
        # The locks make showtimes that open at this moment wait for this transaction, or the other way round.
        locks.theater_to_change(theater.pk)
        if why := why_behavior_stays(category):
            raise BehaviorStays(why)
        taken = set(theater.seat_categories.values_list("code", flat=True))
        new = SeatCategory(
            theater=theater, code=code_for(name, behavior, taken=taken), name=name, note=category.note,
            translations=category.translations, position=category.position, color_light=category.color_light,
            color_dark=category.color_dark,
        )  # fmt: skip
        new.sign = "" if is_for_some(new.code) else category.sign
        _set_aside(category, now)
        new.save()
        _sell_at_the_same_prices(theater.pk, old_code, new.code)
        drawn = tuple(_draw_next_plans(theater.pk, old_code, new.code, user_id))
        record(
            actor=actor, action="change behavior", thing=new, theater=theater,
            before={"sold as": category.behavior.value, "code": old_code}, after={"sold as": behavior.value, "code": new.code},
        )  # fmt: skip
    forget_categories()
    return ChangedBehavior(new, drawn)


def _set_aside(category: SeatCategory, now: datetime) -> None:
    """Archive the old category under a name that tells it apart from the new one."""
    ending = f" ({str(category.behavior.label).partition(':')[0].lower()} until {now:%d %b %Y})"
    category.name = f"{str(category)[: LONGEST_NAME - len(ending)]}{ending}"
    category.translations, category.archived_at = {}, now
    category.save(update_fields=["name", "translations", "archived_at"])


def _sell_at_the_same_prices(theater_id: int, old: str, new: str) -> None:
    """Copy the prices to the new category; the old ones stay for plans with the old seats."""
    prices = Price.objects.filter(price_list__theater=theater_id, category=old)
    Price.objects.bulk_create(
        Price(price_list_id=price.price_list_id, ticket_type_id=price.ticket_type_id, category=new, amount=price.amount)
        for price in prices
    )
    for kind in TicketType.objects.filter(theater=theater_id, categories__contains=[old]):
        kind.categories = [*kind.categories, new]
        kind.save(update_fields=["categories"])


def _draw_next_plans(theater_id: int, old: str, new: str, user_id: int) -> list[Auditorium]:
    """Write drafts for the auditoriums whose plan or draft has such seats, for somebody to check."""
    auditoriums = list(Auditorium.objects.filter(theater=theater_id).order_by("pk"))
    having = set(
        Seat.objects.filter(plan__in=current_plans(auditoriums).values(), category=old).values_list(
            "plan__auditorium", flat=True
        )
    )
    return [one for one in auditoriums if _draw_next_plan(one, old, new, user_id, is_begun=one.pk in having)]


def _draw_next_plan(auditorium: Auditorium, old: str, new: str, user_id: int, *, is_begun: bool) -> bool:
    if not is_begun and not hasattr(auditorium, "plan_draft"):
        return False
    draft = begin_draft(auditorium=auditorium, user_id=user_id)
    drawing = drawing_of_draft(draft)
    if old not in {seat.category for seat in drawing.seats} | {area.category for area in drawing.areas}:
        return False
    rows = as_rows(tuple(replace(seat, category=new) if seat.category == old else seat for seat in drawing.seats))
    areas = [replace(area, category=new) if area.category == old else area for area in drawing.areas]
    save_draft(auditorium=auditorium, revision=draft.revision, rows=rows, user_id=user_id, areas=areas)
    return True

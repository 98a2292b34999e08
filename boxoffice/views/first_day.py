"""The first day of a theater: short pages with usual values, one after the other. People can leave and come back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from boxoffice.forms.first_day import AuditoriumForm, BeginForm, FirstMovieForm, LawForm, PricesForm, WeekForm
from boxoffice.views.page_frame import page, theater_for
from core.letters.mail_trial import what_stops_mail
from core.refusals import Refusal
from core.web.refusal_pages import answers_refusals
from houses.models import Theater
from houses.selectors import house_facts
from payments.books.key_rights import takes_real_money, what_stops_payments
from reservations.opening.showtime_opening import open_all
from staff.access import forget_roles, may_somewhere, staff_actor, theater_ids_of
from staff.services.audit import record
from theaters.counter_law import why_no_money_at_counter
from theaters.opening import first_day
from theaters.opening.first_steps import BOTH_TRIED, steps_to_first_sale
from theaters.opening.new_theaters import houses_to_join

PAGE = "admin/first_day.html"
AGAIN = "_addanother"
BEGIN, AUDITORIUMS, PRICES, LAW, MOVIES, PLAN = (
    "houses.add_theater", "theaters.add_auditorium", "theaters.change_pricelist", "houses.change_house", "theaters.add_movie",
    "theaters.add_showtime",
)  # fmt: skip


def begin(request: HttpRequest) -> HttpResponse:
    if not may_somewhere(request.user, BEGIN):
        raise PermissionDenied
    houses = houses_to_join(theater_ids_of(request.user, BEGIN)) if Theater.objects.exists() else []
    form = BeginForm(request.POST or None, houses=houses)
    if form.is_bound and form.is_valid():
        data = dict(form.cleaned_data)
        house_name = data.pop("house_name", "")
        new = first_day.NewTheater(**data)
        theater = first_day.begin_theater(new, house_name=house_name, actor=staff_actor(request.user))
        forget_roles(request.user)
        return _next(theater)
    title = gettext("Another theater") if houses else gettext("Your house and its first theater")
    return _step_page(request, form, None, title, gettext("Go on"))


@answers_refusals()
def auditorium(request: HttpRequest, theater_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    theater = _theater(request, AUDITORIUMS, theater_id)
    form = AuditoriumForm(request.POST or None, theater=theater)

    def do() -> None:
        actor = staff_actor(request.user)
        first_day.add_auditorium(theater=theater, actor=actor, now=timezone.now(), **form.cleaned_data)

    words = {"title": gettext("An auditorium"), "button": gettext("Add it and publish its plan")}
    return _done(request, form, theater, do, refusal, **words, second_button=gettext("Add it, then another auditorium"))


@answers_refusals()
def prices(request: HttpRequest, theater_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    theater = _theater(request, PRICES, theater_id)
    form = PricesForm(request.POST or None, theater=theater)

    def do() -> None:
        premium = form.cleaned_data["premium"]
        first_day.set_usual_prices(
            theater=theater, amounts=form.amounts, premium=premium, actor=staff_actor(request.user)
        )

    title = gettext("Ticket types and prices in %(currency)s") % {"currency": theater.currency}
    return _done(request, form, theater, do, refusal, title=title, button=gettext("Take these prices"))


@answers_refusals()
def law(request: HttpRequest, theater_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    theater = _theater(request, LAW, theater_id)
    form = LawForm(request.POST or None, theater=theater)

    def do() -> None:
        written = first_day.Law(**form.law)
        user_id = request.user.pk
        assert user_id is not None
        actor = staff_actor(request.user)
        first_day.write_law(theater=theater, law=written, user_id=user_id, actor=actor, now=timezone.now())

    words = {"title": gettext("Who sells, and on which terms"), "button": gettext("Publish these texts")}
    return _done(request, form, theater, do, refusal, **words)


@answers_refusals()
def movie(request: HttpRequest, theater_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    theater = _theater(request, MOVIES, theater_id)
    form = FirstMovieForm(request.POST or None)

    def do() -> None:
        new = first_day.NewMovie(**form.cleaned_data)
        first_day.add_movie(theater=theater, new=new, actor=staff_actor(request.user))

    words = {"title": gettext("A first movie"), "button": gettext("Add it")}
    return _done(request, form, theater, do, refusal, **words)


@answers_refusals()
def week(request: HttpRequest, theater_id: int, *, refusal: Refusal | None = None) -> HttpResponse:
    """Plan drafts of a week and publish them at once."""
    theater = _theater(request, PLAN, theater_id)
    now = timezone.now()
    days = first_day.days_of_first_week(theater, now)
    form = WeekForm(
        request.POST or None, days=(days[0], days[-1]),
        auditoriums=[auditorium.name for auditorium in first_day.ready_auditoriums(theater)],
    )  # fmt: skip

    def do() -> None:
        actor = staff_actor(request.user)
        chosen = dict(form.cleaned_data)
        movie, version = chosen.pop("movie")
        times = first_day.WeekTimes(**chosen)
        planned = first_day.plan_week(theater=theater, movie=movie, version=version, times=times, now=now)
        open_all(showtime_ids=[showtime.pk for showtime in planned], actor=actor)
        messages.success(request, _what_comes_next())

    words = {"title": gettext("A first week"), "button": gettext("Plan it and put it on sale")}
    return _done(request, form, theater, do, refusal, **words)


def _what_comes_next() -> SafeString:
    return format_html(
        gettext("The week is on sale. {buy} as a customer would, and {invite}."),
        buy=format_html('<a href="{}">{}</a>', reverse("whats_on"), gettext("Buy a ticket")),
        invite=format_html(
            '<a href="{}">{}</a>', reverse("admin:staff_invitation_add"), gettext("invite the people who work with you")
        ),
    )


def tries(request: HttpRequest, theater_id: int) -> HttpResponse:
    """Try now whether payments and mail work; the audit log keeps that both did, so that the step is done."""
    theater = _theater(request, AUDITORIUMS, theater_id)
    found = [_payments_work(), _mail_works(request, theater)] if request.method == "POST" else []
    works = bool(found) and all(is_good for is_good, _ in found)
    if works:
        record(actor=staff_actor(request.user), action=BOTH_TRIED, thing=theater, theater=theater)
    lead = gettext(
        "The payment provider is asked whether our key may do all that we need, and a mail goes to %(address)s. No money moves."
    )
    words = {"title": gettext("Try payments and mail"), "button": gettext("Try both now")}
    lead = lead % {"address": _address(request)}
    return _step_page(request, None, theater, **words, found=found, works=works, lead=lead)


def _payments_work() -> tuple[bool, str]:
    if in_the_way := what_stops_payments():
        return False, gettext("Payments: %(error)s") % {"error": in_the_way}
    works = gettext("Payments: the key works, with all rights that are needed.")
    mode = (
        gettext("It is a live key: customers pay real money.")
        if takes_real_money()
        else gettext("It is a key for tests: nobody pays real money yet.")
    )
    return True, f"{works} {mode}"


def _mail_works(request: HttpRequest, theater: Theater) -> tuple[bool, str]:
    """Whether a mail leaves as the house's mails to customers do."""
    address = _address(request)
    if in_the_way := what_stops_mail(to=address, sender=house_facts(theater.house_id).from_email):
        return False, gettext("Mail: %(error)s") % {"error": in_the_way}
    return True, gettext("Mail: sent to %(address)s. Look whether it arrives.") % {"address": address}


def _address(request: HttpRequest) -> str:
    return getattr(request.user, "email", "")


def _theater(request: HttpRequest, permission: str, theater_id: int) -> Theater:
    theater = theater_for(request, permission, str(theater_id))
    if theater is None:
        raise Http404("There is no such theater.")
    return theater


def _done(
    request: HttpRequest,
    form: Any,
    theater: Theater,
    do: Callable[[], None],
    refusal: Refusal | None,
    *,
    title: str,
    button: str,
    second_button: str = "",
) -> HttpResponse:
    """Save a valid form and go to the next step, or with the second button to this page again; a refusal is shown above
    the form.
    """
    if refusal is not None:
        form.add_error(None, refusal.sentence)
    elif form.is_bound and form.is_valid():
        do()
        return redirect(request.path) if AGAIN in request.POST else _next(theater)
    return _step_page(request, form, theater, title, button, second_button=second_button, again=AGAIN)


def _next(theater: Theater) -> HttpResponse:
    """The first step that is not done; Today when all are."""
    steps = steps_to_first_sale(theater, now=timezone.now())
    return redirect(next((step.url for step in steps if step.is_needed and not step.is_done), reverse("admin:index")))


def _step_page(
    request: HttpRequest, form: Any, theater: Theater | None, title: str, button: str, **more: Any
) -> HttpResponse:
    steps = steps_to_first_sale(theater, now=timezone.now()) if theater else []
    law = why_no_money_at_counter(theater.country) if theater else ""
    context = {
        "title": title,
        "form": form,
        "button": button,
        "steps": steps,
        "first_theater": theater,
        "law": law,
        **more,
    }
    return page(request, PAGE, context, status=422 if form is not None and form.errors else 200)

"""Give tickets away: free seats of a showtime, an e-mail address and a reason."""

from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from boxoffice.admin.actions import ActionPreview, StaffAction
from boxoffice.forms.actions import CompForm
from boxoffice.selectors.booking_page import seats_text
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from reservations.models import Booking
from reservations.seats.free_seats import free_rows
from reservations.seats.plan_seats import has_numbers
from reservations.selling.comps import Comp, give_comp, require_open_for_comps
from theaters.models import Showtime
from theaters.seat_labels import only_places


class GiveComp(StaffAction):
    title = _("Give tickets away")
    permission = "reservations.give_comp"
    moves_money = True
    object: Showtime
    booking: Booking | None = None

    @property
    def lead(self) -> str:  # type: ignore[override]
        if has_numbers(self.object.plan_id):
            return gettext(
                "They cost nothing and are counted apart. The seats are taken as in a sale: nobody else gets them."
            )
        return gettext(
            "They cost nothing and are counted apart. The places are taken as in a sale: nobody else gets them."
        )

    def find(self) -> Any:
        """Find a showtime that this person may see on its own admin page."""
        showtimes = self.model_admin.admin_site.get_model_admin(Showtime)
        found = showtimes.get_object(self.request, str(self.ids["showtime_pk"]))
        if found is None:
            raise Http404
        return found

    @classmethod
    def theater_of(cls, found: Any) -> Theater:
        theater: Theater = found.auditorium.theater
        return theater

    def form(self, data: Any = None) -> forms.Form:
        return CompForm(data, rows=free_rows(self.object.pk))

    def plan(self, data: dict[str, Any]) -> ActionPreview:
        require_open_for_comps(self.object, now=timezone.now())
        number = len(data["labels"])
        taken = (
            gettext("%(object)s: places are taken, and nobody pays for them: %(seats)s.")
            if only_places(data["labels"])
            else gettext("%(object)s: seats %(seats)s are taken, and nobody pays for them.")
        )
        lines = (
            taken % {"object": self.object, "seats": seats_text(data["labels"])},
            gettext("The mail with the tickets goes to %(email)s.") % {"email": data["email"]},
        )
        return ActionPreview(lines, _button(number))

    def do(self, data: dict[str, Any], mark: str) -> str:
        comp = Comp(labels=data["labels"], email=data["email"], reason=data["reason"])
        self.booking = give_comp(showtime_id=self.object.pk, comp=comp, actor=self.actor, now=timezone.now())
        given = (
            gettext("Booking %(reference)s: given to %(email)s: %(seats)s.")
            if only_places(data["labels"])
            else gettext("Booking %(reference)s: seats %(seats)s are given to %(email)s.")
        )
        return given % {
            "reference": self.booking.reference,
            "seats": seats_text(data["labels"]),
            "email": data["email"],
        }

    def back(self) -> str:
        if self.booking is not None:
            return reverse("admin:reservations_booking_change", args=[self.booking.pk])
        return reverse("admin:theaters_showtime_change", args=[self.object.pk])


def _button(number: int) -> str:
    return ngettext("Give %(n)s ticket away", "Give %(n)s tickets away", number) % {"n": number}

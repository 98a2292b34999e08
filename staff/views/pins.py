"""The page on which staff set their PIN."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.refusals import BadChoice
from core.web.refusal_pages import answers_refusals
from staff.forms.pins import PinForm
from staff.selectors.operators import has_pin
from staff.services.pins import set_pin

PAGE = "staff/my_pin.html"


@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals(kinds=BadChoice)
def my_pin(request: HttpRequest, *, refusal: BadChoice | None = None) -> HttpResponse:
    """Set the PIN of the signed-in person; staff/urls.py demands the second factor first."""
    user: Any = request.user
    form = PinForm(request.POST or None)
    if form.is_valid() and refusal is None:
        set_pin(user=user, pin=form.cleaned_data["pin"])
        messages.success(request, gettext("Your PIN is set. Choose your name on a device and type it."))
        return redirect("staff_pin")
    if refusal is not None:
        form.add_error(refusal.field, refusal.sentence)
    return render(request, PAGE, {"form": form, "has_pin": has_pin(user.pk)}, status=422 if form.errors else 200)

"""Requests of enrolled devices: the person whose PIN was typed acts, with the rights of their role and the device's task.

No session is opened: outside the pages of its task a device is a browser like any other, and the office asks it to sign in.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from core.house_facts import speaking_for
from core.refusals import Refusal
from core.web.refusal_pages import with_retry_after
from core.web.web_addresses import split_address
from houses.selectors import house_facts
from staff.acting import Acting
from staff.device_cookies import device_cookie
from staff.device_rights import DEVICE_PAGES
from staff.models import Device
from staff.office import viewer
from staff.selectors.operators import name_of_person, rights_on
from staff.services.devices import DeviceRevoked, find_by_cookie, is_locked, note_activity, prove_operator
from staff.services.pins import PinLocked
from staff.states import DeviceTask

PIN = "operator_pin"  # the form field with the PIN, when a form is sent again with it
WORKPLACES = tuple(DEVICE_PAGES.values())
View = Callable[..., HttpResponseBase]


class PinRequired(Exception):
    """The request moves money or breaks a rule, so the operator must type the PIN first."""


def is_of_device(request: HttpRequest) -> bool:
    """Whether a page of the counter or the door is asked for by a browser with the cookie of a device."""
    match = request.resolver_match
    return match is not None and match.route.startswith(WORKPLACES) and bool(device_cookie(request))


def answer_to_device(request: HttpRequest, view: View, *, now: datetime) -> HttpResponseBase:
    """The answer of `view()` to the operator of this device; or the page that asks who works here."""
    try:
        device = find_by_cookie(device_cookie(request))
    except DeviceRevoked as refusal:
        return refused_page(request, refusal)
    with speaking_for(house_facts(device.theater.house_id)):
        return _answer_at(request, device, view, now=now)


def _answer_at(request: HttpRequest, device: Device, view: View, *, now: datetime) -> HttpResponseBase:
    """Answer a device's request as the house of its theater, whatever the domain."""
    if not _is_its_page(request, device):
        return other_task(request, device)
    rights = rights_on(device, device.operator_id) if device.operator_id else frozenset()
    if device.operator is None or not rights:
        return _to_the_names(request)
    return _answer_to_operator(request, Acting(user=device.operator, device=device, rights=rights), view, now=now)


def _answer_to_operator(request: HttpRequest, acting: Acting, view: View, *, now: datetime) -> HttpResponseBase:
    device = acting.device
    assert device is not None
    try:
        has_shown_pin = _check_typed_pin(request, device)
    except PinLocked as refusal:
        messages.error(request, refusal.sentence)
        return _to_the_names(request)
    except Refusal as refusal:
        return _ask_pin(request, device, refusal=refusal)
    if is_locked(device, now=now) and not has_shown_pin:
        return _ask_pin(request, device)
    note_activity(device, now=now)
    return _as_operator(request, replace(acting, has_shown_pin=has_shown_pin), view)


def _as_operator(request: HttpRequest, acting: Acting, view: View) -> HttpResponseBase:
    """Run the view with the operator's rights only; a person signed in to the browser is ignored."""
    request.user = AnonymousUser()
    request.acting = acting  # type: ignore[attr-defined]
    token = viewer.set(request.user)
    try:
        answer = view()
        return answer.render() if isinstance(answer, SimpleTemplateResponse) else answer
    except PinRequired:
        assert acting.device is not None
        return _ask_pin(request, acting.device)
    finally:
        viewer.reset(token)


def refused_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Tell a browser that is no longer a device what happened, and offer to delete its cookie."""
    if request.htmx:  # type: ignore[attr-defined]
        return _to_the_names(request)
    context = {"title": refusal.title, "sentence": refusal.sentence}
    return render(request, "staff/device_refused.html", context, status=refusal.status)


def page_to_return_to(request: HttpRequest, wanted: str) -> str:
    """The counter or door page to return to; '' for any other address."""
    path = split_address(wanted).path
    is_ours = url_has_allowed_host_and_scheme(wanted, None) and path.lstrip("/").startswith(WORKPLACES)
    return wanted if is_ours else ""


def _is_its_page(request: HttpRequest, device: Device) -> bool:
    page = DEVICE_PAGES.get(DeviceTask(device.task))
    match = request.resolver_match
    return page is not None and match is not None and match.route.startswith(page)


def other_task(request: HttpRequest, device: Device) -> HttpResponse:
    """Refuse a page that is not for devices of this task."""
    if request.htmx:  # type: ignore[attr-defined]
        return _to_the_names(request)
    return render(request, "staff/device_other_task.html", {"device": device}, status=403)


def _to_the_names(request: HttpRequest) -> HttpResponse:
    here = _page_of(request)
    return redirect(reverse("device", query={"next": here} if here else None))


def _page_of(request: HttpRequest) -> str:
    """The requested page, or the one whose form was sent."""
    if request.method in {"GET", "HEAD"} and not request.htmx:  # type: ignore[attr-defined]
        return request.get_full_path()
    page = split_address(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    return page_to_return_to(request, f"{page.path}?{page.query}" if page.query else page.path)


def _check_typed_pin(request: HttpRequest, device: Device) -> bool:
    """Check the PIN in the request; False when it has none. Raises what check_pin raises."""
    if request.method != "POST" or PIN not in request.POST:
        return False
    assert device.operator_id is not None
    prove_operator(device=device, user_id=device.operator_id, pin=request.POST[PIN])
    return True


def _ask_pin(request: HttpRequest, device: Device, *, refusal: Refusal | None = None) -> HttpResponse:
    """Ask for the operator's PIN, on a page that keeps the form that was sent."""
    if request.htmx or request.method != "POST":  # type: ignore[attr-defined]
        return _to_the_names(request)
    kept: list[tuple[str, Any]] = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not name.endswith("pin")  # CSRF tokens and PINs are not repeated
        for value in values
    ]
    assert device.operator is not None
    context = {
        "device": device, "operator": name_of_person(device.operator), "kept": kept, "refusal": refusal, "field": PIN,
        "back": _page_of(request),
    }  # fmt: skip
    status = refusal.status if refusal else 200
    answer = render(request, "staff/pin_again.html", context, status=status)
    return with_retry_after(answer, refusal.retry_after if refusal else None)

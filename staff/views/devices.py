"""The pages of an enrolled device itself: enrolling it, choosing who works on it, locking and unlocking."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from core.house_facts import speaking_for
from core.refusals import Refusal
from core.web.refusal_pages import answers_refusals
from houses.selectors import house_facts
from staff.device_cookies import device_cookie, forget_device_cookie, set_device_cookie
from staff.device_requests import page_to_return_to, refused_page
from staff.device_rights import DEVICE_HOME
from staff.models import Device
from staff.selectors.operators import operators_on, unlockers_on
from staff.services import devices
from staff.services.devices import DeviceRevoked, find_by_cookie, find_by_link
from staff.states import DeviceTask

CHOOSE_PAGE = "staff/device.html"
ENROLL_PAGE = "staff/enroll.html"


@require_http_methods(["GET", "HEAD", "POST"])
def enroll(request: HttpRequest, secret: str) -> HttpResponse:
    """The page behind the link and the QR code. Opening it enrolls nothing: programs that look at links open them too."""
    if request.method != "POST":
        found = find_by_link(secret)
        with speaking_for(house_facts(found.theater.house_id)):
            return render(request, ENROLL_PAGE, {"device": found, "is_device": bool(device_cookie(request))})
    enrolled, cookie = devices.enroll(secret=secret)
    answer = redirect("board" if enrolled.task == DeviceTask.BOARD else "device")
    set_device_cookie(answer, cookie)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@answers_refusals(refused_page, kinds=DeviceRevoked)
def device(request: HttpRequest) -> HttpResponseBase:
    """Ask who works here: a list of names, and a PIN. POST chooses the operator."""
    here = find_by_cookie(device_cookie(request))
    if here.task == DeviceTask.BOARD:
        return redirect("board")
    return _choose(request, here=here) if request.method == "POST" else _names(request, here)


@answers_refusals(lambda request, *, here, refusal: _names(request, here, refusal=refusal))
def _choose(request: HttpRequest, *, here: Device) -> HttpResponse:
    devices.choose_operator(
        device=here, user_id=_number(request.POST.get("person")), pin=request.POST.get("pin", ""), now=timezone.now()
    )  # fmt: skip
    answer = redirect(_return_to(request, here))
    set_device_cookie(answer, device_cookie(request))
    return answer


def _names(request: HttpRequest, here: Device, *, refusal: Refusal | None = None) -> HttpResponse:
    chosen = _number(request.POST.get("person")) or here.operator_id
    context: dict[str, Any] = {
        "device": here,
        "people": operators_on(here),
        "managers": unlockers_on(here),
        "chosen": chosen,
        "refusal": refusal,
        "next": page_to_return_to(request, request.POST.get("next") or request.GET.get("next", "")),
    }
    with speaking_for(house_facts(here.theater.house_id)):
        return render(request, CHOOSE_PAGE, context)


@require_POST
@answers_refusals(refused_page, kinds=DeviceRevoked)
def lock(request: HttpRequest) -> HttpResponse:
    """Lock the screen until a PIN is typed; the device's holds stay."""
    devices.lock(find_by_cookie(device_cookie(request)))
    wanted = page_to_return_to(request, request.POST.get("next", ""))
    return redirect(reverse("device", query={"next": wanted} if wanted else None))


@require_POST
@answers_refusals(refused_page, kinds=DeviceRevoked)
def unlock(request: HttpRequest) -> HttpResponseBase:
    """A manager unlocks another person's PIN by typing their own."""
    return _unlock(request, here=find_by_cookie(device_cookie(request)))


@answers_refusals(lambda request, *, here, refusal: _names(request, here, refusal=refusal))
def _unlock(request: HttpRequest, *, here: Device) -> HttpResponse:
    user_id, manager_id = _number(request.POST.get("person")), _number(request.POST.get("manager"))
    devices.unlock_by_manager(device=here, user_id=user_id, manager_id=manager_id, pin=request.POST.get("pin", ""))
    messages.success(request, gettext("Unlocked: they can try again."))
    wanted = page_to_return_to(request, request.POST.get("next", ""))
    return redirect(reverse("device", query={"next": wanted} if wanted else None))


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete the device cookie of this browser; people sign in with their account from then on."""
    answer = redirect("counter")
    forget_device_cookie(answer)
    return answer


def _return_to(request: HttpRequest, here: Device) -> str:
    wanted = page_to_return_to(request, request.POST.get("next", ""))
    return wanted or reverse(DEVICE_HOME[DeviceTask(here.task)])


def _number(text: str | None) -> int:
    """A posted id of a row; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 18 else 0

"""The devices of theaters: add, enroll by link, list, unlock and revoke them."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from boxoffice.admin.actions import action_view
from boxoffice.admin.actions.devices import Revoke, UnlockPin
from core.qr import qr_data_url
from core.texts.lazy_text import gettext_lazy as _
from staff.access import theater_ids_of
from staff.models import Device
from staff.office import NOTHING, OfficeAdmin, moment_text, state_chip, viewer
from staff.selectors.operators import locked_people, name_of_person
from staff.services.devices import DeviceRevoked, make_link

LINK_PAGE = "admin/staff/device/link.html"
CHANGE = "staff.change_device"


@admin.register(Device)
class DeviceAdmin(OfficeAdmin):
    """A device is added here and then changed by actions only."""

    theater_path = "theater"
    actions = None
    nothing_here = _("There is no device yet. People at the counter and the door sign in with their accounts.")
    list_display = ["name", "task", "theater", "state", "last_use"]
    list_filter = ["theater", "task"]
    list_select_related = ["theater", "operator"]
    search_fields = ["name"]
    search_help_text = "Name"
    ordering = ["revoked_at", "theater", "name"]

    def get_urls(self) -> list[Any]:
        site = self.admin_site
        return [
            path("<int:pk>/link/", site.admin_view(self.link_view), name="staff_device_link"),
            path("<int:pk>/revoke/", action_view(Revoke, self), name="staff_device_revoke"),
            path("<int:pk>/unlock/", action_view(UnlockPin, self), name="staff_device_unlock"),
            *super().get_urls(),
        ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        asked = ["name", "theater", "task"]
        return [*asked, "state", "last_use", "works_there", "locked", "what_to_do"] if obj else asked

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [str(name) for name in self.get_fields(request, obj)] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Device, form: Any, change: bool) -> None:  # noqa: FBT001
        person: Any = request.user
        obj.made_by = person
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Device, post_url_continue: str | None = None) -> HttpResponse:
        return redirect("admin:staff_device_link", obj.pk)

    def link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _link(request, page=self, pk=pk)

    @admin.display(description="state")
    def state(self, device: Device) -> SafeString:
        if device.revoked_at:
            return state_chip("closed", "Revoked")
        return state_chip("done", "Enrolled") if device.enrolled_at else state_chip("waiting", "Not enrolled yet")

    @admin.display(description=_("last used"), ordering="used_at")
    def last_use(self, device: Device) -> str:
        return moment_text(device.used_at, device.theater.zone)

    @admin.display(description=_("who works there"))
    def works_there(self, device: Device) -> str:
        return name_of_person(device.operator) if device.operator else NOTHING

    @admin.display(description=_("locked PINs"))
    def locked(self, device: Device) -> str:
        return ", ".join(name for _, name in locked_people(device)) or NOTHING

    @admin.display(description=_("what to do"))
    def what_to_do(self, device: Device) -> SafeString | str:
        if device.revoked_at or not _may_change(device):
            return NOTHING
        pages = [("link", "Enroll it by a link"), ("revoke", "Revoke it")]
        if locked_people(device):
            pages.append(("unlock", "Unlock a PIN"))
        addresses = [(reverse(f"admin:staff_device_{name}", args=[device.pk]), label) for name, label in pages]
        return format_html_join(" ", '<a class="button" href="{}">{}</a>', addresses)


def _may_change(device: Device) -> bool:
    """Whether the person may change the device; others see no links to what they may not open."""
    theater_ids = theater_ids_of(viewer.get(), CHANGE)
    return theater_ids is None or device.theater_id in theater_ids


@require_http_methods(["GET", "HEAD", "POST"])
def _link(request: HttpRequest, *, page: DeviceAdmin, pk: int) -> HttpResponse:
    """A button that makes a link and its QR code, which are shown once."""
    device = page.get_object(request, str(pk))
    if device is None or device.revoked_at is not None:
        raise Http404("There is no such device here.")
    if not page.permits(request, "change", device):
        raise Http404("There is no such device here.")
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "device": device,
        "title": f"Enroll {device}",
    }
    if request.method == "POST":
        address = _new_address(request, device)
        context |= {"address": address, "qr": qr_data_url(address)}
    return render(request, LINK_PAGE, context)


def _new_address(request: HttpRequest, device: Device) -> str:
    person: Any = request.user
    try:
        secret = make_link(device_id=device.pk, user_id=person.pk)
    except DeviceRevoked as refusal:
        raise Http404(refusal.sentence) from None
    return request.build_absolute_uri(reverse("enroll_device", args=[secret]))

from django.contrib import admin
from django.urls import path

from staff.reauth import fresh_sign_in_required
from staff.views import devices, invitations, pins

urlpatterns = [
    path("invitations/<str:secret>/", invitations.accept, name="accept_invitation"),
    path("accounts/pin/", admin.site.admin_view(fresh_sign_in_required(pins.my_pin)), name="staff_pin"),
    path("device/", devices.device, name="device"),
    path("device/enroll/<str:secret>/", devices.enroll, name="enroll_device"),
    path("device/lock/", devices.lock, name="lock_device"),
    path("device/unlock/", devices.unlock, name="unlock_pin"),
    path("device/forget/", devices.forget, name="forget_device"),
]

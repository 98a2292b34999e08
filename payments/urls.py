from django.urls import path

from payments import views

urlpatterns = [
    path("checkout/<int:showtime_id>/", views.checkout, name="checkout"),
    path("payments/stripe/webhook/", views.webhook, name="webhook"),
    path("payments/return/<reference:reference>/", views.payment_return, name="return"),
    path("payments/<reference:reference>/change-seats/", views.change_seats, name="change_seats"),
]

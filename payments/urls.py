from django.urls import path

from payments.views import account_data, booking_data, cancellation, change_answers, checkout, exchange

urlpatterns = [
    path("bookings/<reference:reference>/offer/", change_answers.offer, name="offer"),
    path("checkout/<int:showtime_id>/", checkout.checkout, name="checkout"),
    path("payments/return/<reference:reference>/", checkout.payment_return, name="return"),
    path("payments/<reference:reference>/change-seats/", checkout.change_seats, name="change_seats"),
    path("bookings/<reference:reference>/data/", booking_data.booking_data, name="booking_data"),
    path("accounts/data/", account_data.account_data, name="account_data"),
    path("accounts/data/erase/", account_data.erase_my_account, name="erase_my_account"),
    path("bookings/<reference:reference>/cancel/", cancellation.cancel, name="cancel_tickets"),
    path("bookings/<reference:reference>/exchange/", exchange.exchange, name="exchange"),
]

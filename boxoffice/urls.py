from django.urls import path

from boxoffice.guard import staff_page
from boxoffice.views import (
    counter,
    counter_bookings,
    counter_money,
    counter_sales,
    counter_seats,
    door,
    door_parties,
    ledger,
)

urlpatterns = [
    path("admin/ledger/", staff_page(ledger.PERMISSION)(ledger.export), name="ledger_export"),
    path("door/", door.door, name="door"),
    path("door/here/", door.choose_door, name="choose_door"),
    path("door/scan/", door.scan, name="scan"),
    path("door/undo/<int:scan_id>/", door.undo_scan, name="undo_scan"),
    path("door/overrule/<int:scan_id>/", door.overrule_scan, name="overrule_scan"),
    path("door/bookings/<str:reference>/", door_parties.door_booking, name="door_booking"),
    path("door/bookings/<str:reference>/admit/", door_parties.admit_booking, name="admit_booking"),
    path("door/find/", door_parties.door_find, name="door_find"),
    path("door/showtimes/<int:showtime_id>/", door_parties.door_showtime, name="door_showtime"),
    path("counter/", counter.counter, name="counter"),
    path("counter/here/", counter.choose_counter, name="choose_counter"),
    path("counter/showtimes/<int:showtime_id>/", counter_sales.counter_map, name="counter_map"),
    path("counter/showtimes/<int:showtime_id>/seats/", counter_seats.seats, name="counter_seats"),
    path("counter/showtimes/<int:showtime_id>/best/", counter_seats.best, name="counter_best"),
    path("counter/showtimes/<int:showtime_id>/release/", counter_seats.release, name="counter_release"),
    path("counter/showtimes/<int:showtime_id>/override/", counter_seats.override, name="counter_override"),
    path("counter/sales/", counter_sales.counter_sales, name="counter_sales"),
    path("counter/sales/<reference:reference>/", counter_sales.counter_sale, name="counter_sale"),
    path("counter/find/", counter_bookings.find, name="counter_find"),
    path("counter/sales/<reference:reference>/tickets.pdf", counter_bookings.counter_tickets, name="counter_tickets"),
    path("counter/sales/<reference:reference>/receipt.pdf", counter_bookings.counter_receipt, name="counter_receipt"),
    path(
        "counter/sales/<reference:reference>/credit-notes/<int:position>.pdf",
        counter_bookings.counter_credit_note,
        name="counter_credit_note",
    ),
    path("counter/pay-outs/", counter_money.pay_outs, name="counter_payouts"),
    path("counter/pay-outs/<int:refund_id>/", counter_money.pay_out, name="counter_pay_out"),
    path("counter/takings/", counter_money.takings, name="takings"),
    path("counter/takings.csv", counter_money.takings_csv, name="takings_csv"),
]

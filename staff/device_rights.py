"""The permissions of each device task. An operator has only permissions that both their role and the task of the device
give.
"""

from staff.states import DeviceTask

DEVICE_RIGHTS: dict[DeviceTask, frozenset[str]] = {
    DeviceTask.COUNTER: frozenset({
        "reservations.sell_at_counter", "reservations.view_booking", "reservations.resend_mail", "reservations.swap_seats",
        "reservations.change_email", "reservations.give_comp", "reservations.see_takings",
        "reservations.override_house_seat", "reservations.override_price", "reservations.override_sales_close",
        "payments.pay_out", "payments.refund_payment", "payments.approve_refund",
    }),
    DeviceTask.DOOR: frozenset({"reservations.admit_ticket", "reservations.overrule_door"}),
    DeviceTask.BOARD: frozenset(),
}  # fmt: skip
# The beginning of the addresses at which a device of this task works.
DEVICE_PAGES: dict[DeviceTask, str] = {DeviceTask.COUNTER: "counter/", DeviceTask.DOOR: "door/"}
# The URL name of its first page. A board shows the program to everybody and has no operator.
DEVICE_HOME: dict[DeviceTask, str] = {
    DeviceTask.COUNTER: "counter", DeviceTask.DOOR: "door", DeviceTask.BOARD: "board",
}  # fmt: skip

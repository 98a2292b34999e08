"""Faults of devices, PINs and drawers."""

from dev.faults.fault import Fault

DEVICES = (
    Fault(
        "A revoked device goes on",
        "if device is None or device.revoked_at is not None:\n        write_security_event",
        "if device is None:\n        write_security_event",
        "tests/staff/test_devices.py::test_a_revoked_device_is_refused_and_can_be_forgotten",
    ),
    Fault(
        "A locked PIN is looked at",
        "        if tries.locked_at is not None:\n            raise _locked(place)\n",
        "",
        "tests/staff/test_pins.py::test_five_wrong_pins_lock_it_at_this_device_and_no_other",
    ),
    Fault(
        "Wrong PINs at the same time are not counted one after the other",
        "PinTries.objects.select_for_update(no_key=True).get(here, user_id=user_id)",
        "PinTries.objects.get(here, user_id=user_id)",
        "tests/race/test_pins.py::test_five_of_eight_wrong_pins_are_looked_at",
    ),
    Fault(
        "A link enrolls two browsers",
        "Device.objects.with_open_link().select_for_update(no_key=True).filter(link_hash=link_hash).first()",
        "Device.objects.filter(link_hash=link_hash).first() or Device.objects.first()",
        "tests/staff/test_devices.py::test_a_link_works_once_and_for_ten_minutes",
    ),
    Fault(
        "On a device the role counts alone",
        "return allowed & DEVICE_RIGHTS[DeviceTask(device.task)]",
        "return allowed",
        "tests/staff/test_devices.py::test_rights_are_those_of_the_role_and_of_the_task_together",
    ),
    Fault(
        "Who is signed in to a device's browser counts there",
        "    request.user = AnonymousUser()\n    request.acting = acting",
        "    request.acting = acting",
        "tests/boxoffice/test_device_sales.py::test_nobody_is_signed_in_while_an_operator_works",
    ),
    Fault(
        "Money acts on a device do not ask for the PIN",
        "return request.method in READS or acting.has_shown_pin",
        "return True",
        "tests/boxoffice/test_device_sales.py::test_pay_outs_ask_and_name_device_and_operator",
    ),
    Fault(
        "A device does not lock",
        "return now - device.active_at > timedelta(seconds=settings.DEVICE_IDLE_SECONDS)",
        "return False",
        "tests/staff/test_devices.py::test_two_idle_minutes_lock_the_screen",
    ),
    Fault(
        "The seats belong to the session and not to the device",
        "holder = _holder_of_device(request) if acting.device else _holder_of_session(request)",
        "holder = _holder_of_session(request)",
        "tests/boxoffice/test_device_sales.py::test_a_sale_stands_when_the_browser_forgets_its_session",
    ),
    Fault(
        "Somebody works on under the override of another operator",
        '    if known.get("operator") != acting_in(request).user_id:\n        return Allowed()',
        "    if not known:\n        return Allowed()",
        "tests/boxoffice/test_device_sales.py::test_overrides_ask_and_end_with_the_operator",
    ),
    Fault(
        "What is paid out leaves the drawer of the sale",
        "SELECT refund.device_id, refund.operator_id, payment.sale_id, 'out '",
        "SELECT payment.device_id, refund.operator_id, payment.sale_id, 'out '",
        "tests/boxoffice/test_takings.py::test_money_counts_for_the_drawer_it_went_into_or_left",
    ),
    Fault(
        "A browser that is enrolled anew goes on as the operator of the one before",
        "enrolled_at=ClockTimestamp(), link_hash=None, link_until=None, **NOBODY",
        "enrolled_at=ClockTimestamp(), link_hash=None, link_until=None",
        "tests/staff/test_devices.py::test_a_browser_that_is_enrolled_in_the_place_of_another_has_nobody_at_work",
    ),
    Fault(
        "Anybody with a PIN unlocks the PINs of others",
        "    if not may_unlock_on(device, manager_id) or",
        "    if",
        "tests/staff/test_devices.py::test_only_managers_unlock_pins",
    ),
    Fault(
        "A manager unlocks their own PIN",
        "may_unlock_on(device, manager_id) or manager_id == user_id:",
        "may_unlock_on(device, manager_id):",
        "tests/staff/test_devices.py::test_a_manager_whose_own_pin_is_locked_does_not_unlock_it",
    ),
    Fault(
        "A PIN typed on the browser of before works on the one in its place",
        ".filter(pk=device.pk, cookie_hash=device.cookie_hash).update(**chosen)",
        ".filter(pk=device.pk).update(**chosen)",
        "tests/staff/test_devices.py::test_a_pin_typed_on_the_old_browser_chooses_nobody_on_the_new_one",
    ),
    Fault(
        "The page that asks for a PIN again keeps PINs",
        ' and not name.endswith("pin")',
        "",
        "tests/staff/test_devices.py::test_the_page_that_asks_for_the_pin_again_keeps_no_pin",
    ),
    Fault(
        "A role at another theater counts on a device",
        "acting().filter(theater=device.theater_id, user_id=user_id)",
        "acting().filter(user_id=user_id)",
        "tests/boxoffice/test_stale_rights.py::test_a_device_does_nothing_once_it_or_its_operator_lost_the_right",
    ),
    Fault(
        "A page on its way opens a device that was locked meanwhile",
        "filter(pk=device.pk, active_at=device.active_at)",
        "filter(pk=device.pk)",
        "tests/staff/test_devices.py::test_a_page_that_was_on_its_way_does_not_open_a_device_that_was_locked_meanwhile",
    ),
    Fault(
        "PINs of two digits are taken",
        "len(set(pin)) < FEWEST_DIFFERENT",
        "False",
        "tests/staff/test_pins.py::test_pins_that_others_guess_first_are_refused",
    ),
    Fault(
        "A scan's key brings a welcome at another theater",
        "            if scan.ticket_id == ticket.pk and scan.theater_id == door.theater.pk:",
        "            if scan.ticket_id == ticket.pk:",
        "tests/reservations/door/test_overruling.py::test_a_key_welcomes_nobody_at_another_theater",
    ),
    Fault(
        "A double click makes two codes for a party, of which the first lets nobody in",
        "        if wanted == (booking.party_code is not None):\n            return\n",
        "",
        "tests/reservations/door/test_party_codes.py::test_chosen_twice_it_is_the_same_code",
    ),
    Fault(
        "Taking back an old entry takes back the new one",
        " or newest is None or newest.pk != scan.pk:",
        ":",
        "tests/reservations/door/test_door_scans.py::test_an_entry_is_taken_back_once",
    ),
    Fault(
        "A ticket that is being paid for is no refusal of the door",
        "    if ticket.status == TicketStatus.RESERVED:\n        return gettext",
        "    if False:\n        return gettext",
        "tests/reservations/door/test_door_scans.py::test_a_ticket_that_is_being_paid_for_lets_nobody_in",
    ),
    Fault(
        "A PIN that was typed wrong in a session is locked for ever",
        "        PinTries.objects.filter(user=user, device=None).update(wrong=0, locked_at=None)\n",
        "",
        "tests/staff/test_pins.py::test_a_new_pin_unlocks_one_that_was_locked_without_a_device",
    ),
    Fault(
        "A new PIN unlocks the one that is locked on devices",
        "        PinTries.objects.filter(user=user, device=None).update(wrong=0, locked_at=None)\n",
        "        PinTries.objects.filter(user=user).update(wrong=0, locked_at=None)\n",
        "tests/staff/test_pins.py::test_a_new_pin_does_not_unlock_a_locked_one",
    ),
)

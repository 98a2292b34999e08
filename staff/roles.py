"""The permissions of each role, in one table. A role is given at one theater; a superuser has all permissions
everywhere.

Permissions of the apps above are named here by their strings: the table knows names, not rows.
"""

from staff.states import Role

# What all who talk with customers need to answer a question.
PROGRAM = {
    "theaters.view_movie", "theaters.view_movierating", "theaters.view_movieversion",
    "theaters.view_moviestill",
    "houses.view_theater", "houses.view_theaterphoto", "houses.view_house", "houses.view_textpage", "houses.view_post",
    "theaters.view_auditorium",
    "theaters.view_showtime", "theaters.view_showtimechange", "theaters.view_series",
}  # fmt: skip
HOUSE = {
    "theaters.view_seatingplan", "theaters.view_seatcategory", "theaters.view_tickettype", "theaters.view_pricelist",
    "theaters.view_price", "theaters.view_pricerule",
}  # fmt: skip
SALES = {
    "reservations.view_booking", "reservations.view_ticket", "reservations.view_outgoingmail", "reservations.view_promocode",
    "reservations.view_ticketallowance", "reservations.view_waitingentry", "reservations.view_sharedblock",
}  # fmt: skip
MONEY = {
    "payments.view_payment", "payments.view_refund", "payments.view_providerevent", "reservations.view_move",
    "boxoffice.view_refundrequest", "payments.view_invariantrun", "payments.run_invariants", "core.view_salespause",
}  # fmt: skip
PEOPLE = {"accounts.view_user", "staff.view_staffrole", "staff.view_invitation", "staff.view_device"}
AUDIT = {"staff.view_auditentry"}
REPORTS = {"boxoffice.view_reports"}

BOX_OFFICE = PROGRAM | HOUSE | SALES | {
    "reservations.resend_mail", "reservations.change_email", "reservations.sell_at_counter", "reservations.swap_seats",
}  # fmt: skip
DOOR = PROGRAM | {"reservations.admit_ticket"}
INVITATIONS = {"staff.add_invitation", "staff.view_invitation"}
DEVICES = {"staff.view_device", "staff.add_device", "staff.change_device"}
MANAGER = BOX_OFFICE | INVITATIONS | DEVICES | MONEY | AUDIT | REPORTS | {
    "theaters.add_movie", "theaters.change_movie", "theaters.delete_movie",
    "theaters.add_movierating", "theaters.change_movierating", "theaters.delete_movierating",
    "theaters.add_movieversion", "theaters.change_movieversion", "theaters.delete_movieversion",
    "theaters.add_moviestill", "theaters.change_moviestill", "theaters.delete_moviestill",
    "houses.change_theater", "houses.add_theaterphoto", "houses.change_theaterphoto", "houses.delete_theaterphoto",
    "theaters.add_series", "theaters.change_series",
    "theaters.add_auditorium", "theaters.change_auditorium", "theaters.delete_auditorium",
    "theaters.add_seatingplan",
    "theaters.add_seatcategory", "theaters.change_seatcategory",
    "theaters.add_tickettype", "theaters.change_tickettype",
    "theaters.add_pricelist", "theaters.change_pricelist", "theaters.delete_pricelist",
    "theaters.add_pricerule", "theaters.change_pricerule", "theaters.delete_pricerule",
    "reservations.add_promocode", "reservations.change_promocode", "reservations.delete_promocode",
    "reservations.add_ticketallowance", "reservations.delete_ticketallowance",
    "reservations.move_tickets_in", "reservations.view_movedinticket",
    "theaters.add_showtime", "theaters.change_showtime", "theaters.delete_showtime", "theaters.change_sold_showtime",
    "reservations.keep_seats_back", "reservations.give_comp", "payments.refund_payment", "reservations.admit_ticket",
    "reservations.see_takings", "reservations.override_house_seat", "reservations.override_price",
    "reservations.override_sales_close", "reservations.override_single_seat", "reservations.overrule_door",
    "payments.pay_out", "reservations.write_to_holders", "payments.approve_void",
}  # fmt: skip
FINANCE = PROGRAM | HOUSE | SALES | MONEY | REPORTS | {
    "payments.refund_payment", "payments.approve_refund", "payments.retry_refund", "payments.export_ledger",
    "payments.pay_out", "payments.approve_void", "payments.replay_providerevent", "reservations.see_takings",
}  # fmt: skip
AUDITOR = PROGRAM | HOUSE | SALES | MONEY | PEOPLE | AUDIT | REPORTS | {
    "payments.export_ledger", "reservations.see_takings", "staff.export_auditentry",
}  # fmt: skip
OWNER = BOX_OFFICE | DOOR | MANAGER | FINANCE | AUDITOR | {
    "houses.add_house", "houses.change_house", "houses.add_textpage", "houses.change_textpage",
    "houses.add_post", "houses.change_post",
    "core.pause_sales", "houses.add_theater", "staff.delete_staffrole", "accounts.change_user",
}  # fmt: skip

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.BOX_OFFICE: frozenset(BOX_OFFICE),
    Role.DOOR: frozenset(DOOR),
    Role.MANAGER: frozenset(MANAGER),
    Role.FINANCE: frozenset(FINANCE),
    Role.AUDITOR: frozenset(AUDITOR),
    Role.OWNER: frozenset(OWNER),
}
# Which roles somebody with a role may offer to others.
INVITES: dict[Role, frozenset[str]] = {
    Role.OWNER: frozenset(Role),
    Role.MANAGER: frozenset({Role.BOX_OFFICE, Role.DOOR}),
}
EVERY_PERMISSION = frozenset().union(*PERMISSIONS.values())

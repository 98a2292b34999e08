"""The tables of test_limits: which role may what on which page of the office."""

ROLES = ["BOX_OFFICE", "DOOR", "MANAGER", "FINANCE", "AUDITOR", "OWNER"]

# v(iew), a(dd), c(hange), d(elete), s(hared by all theaters), - nothing
PAGES = {
    #                            box office, door, manager, finance, auditor, owner
    "theaters_movie":            "vs vs vacds vs vs vacds",
    "theaters_showtime":         "v v vacd v v vacd",
    "reservations_booking":      "v - v v v v",
    "reservations_ticket":       "v - v v v v",
    "payments_payment":          "- - v v v v",
    "payments_refund":           "- - v v v v",
    "boxoffice_refundrequest":   "- - v v v v",
    "reservations_promocode":    "v - vacd v v vacd",
    "theaters_theater":          "v v vc v v vc",
    "theaters_auditorium":       "v v vacd v v vacd",
    "theaters_seatingplan":      "v - va v v va",
    "theaters_tickettype":       "v - vacd v v vacd",
    "theaters_pricelist":        "v - vacd v v vacd",
    "reservations_outgoingmail": "v - v v v v",
    # What belongs to the whole house opens only to those who work at every theater.
    "payments_stripeevent":      "- - - - - -",
    "payments_invariantrun":     "- - - - - -",
    "reservations_move":         "- - v v v v",
    "theaters_auditentry":       "- - v - v v",
    "theaters_staffrole":        "- - - - v vad",
    "accounts_user":             "- - - - v vc",
}  # fmt: skip

LEDGER = "?theater={theater}&first=2027-01-01&last=2027-01-02"
# Name: (arguments, our theater's / the other's answer by role). One number where both answer alike.
OTHER_PAGES = {
    "index":                            ("", "200 200 200 200 200 200"),
    "login":                            ("", "302 302 302 302 302 302"),
    "logout":                           ("", "405 405 405 405 405 405"),
    "password_change":                  ("", "302 302 302 302 302 302"),
    "password_change_done":             ("", "302 302 302 302 302 302"),
    "autocomplete":                     ("", "403 403 403 403 403 403"),
    "jsi18n":                           ("", "200 200 200 200 200 200"),
    "app_list":                         ("theaters", "200 200 200 200 200 200"),
    "ledger_export":                    (LEDGER, "403 403 403 200/422 200/422 200/422"),
    "theaters_pricelist_showtimes":     ("theaters_pricelist", "403/404 404 200/404 403/404 403/404 200/404"),
    "report_sales":                     ("?theater={theater}", "403 403 200/404 200/404 200/404 200/404"),
    "report_sales_csv":                 ("?theater={theater}", "403 403 200/404 200/404 200/404 200/404"),
    "report_occupancy":                 ("?theater={theater}", "403 403 200/404 200/404 200/404 200/404"),
    "reservations_booking_refund":      ("booking", "403/404 404 200/404 200/404 403/404 200/404"),
    "reservations_booking_goodwill":    ("booking", "403/404 404 200/404 200/404 403/404 200/404"),
    "reservations_booking_ask":         ("booking payments_payment", "403/404 404 200/404 200/404 403/404 200/404"),
    "reservations_booking_resend":      ("booking", "200/404 404 200/404 403/404 403/404 200/404"),
    "reservations_booking_email":       ("booking", "200/404 404 200/404 403/404 403/404 200/404"),
    "reservations_booking_retry":       ("booking refund", "403/404 404 403/404 200/404 403/404 200/404"),
    "reservations_booking_give":        ("sold", "403/404 403/404 200/404 403/404 403/404 200/404"),
    "boxoffice_refundrequest_approve":  ("boxoffice_refundrequest", "404 404 403/404 200/404 403/404 200/404"),
    "boxoffice_refundrequest_decline":  ("boxoffice_refundrequest", "404 404 403/404 200/404 403/404 200/404"),
    "payments_invariantrun_check_now":  ("", "405 405 405 405 405 405"),
    "schedule_day":                     ("?theater={theater}", "200/404 200/404 200/404 200/404 200/404 200/404"),
    "schedule_move":                    ("theaters_showtime", "405 405 405 405 405 405"),
    "schedule_plan":                    ("?theater={theater}", "403 403 200/404 403 403 200/404"),
    "schedule_copy":                    ("?theater={theater}", "403 403 200/404 403 403 200/404"),
    "schedule_publish":                 ("?theater={theater}", "403 403 200/404 403 403 200/404"),
    "schedule_changes":                 ("?theater={theater}", "200/404 200/404 200/404 200/404 200/404 200/404"),
    "schedule_alter":                   ("sold", "403 403 200/404 403 403 200/404"),
    "schedule_change":                  ("sold 999999", "404 404 404 404 404 404"),
    "schedule_seat":                    ("?theater={theater}", "403 403 200/404 403 403 200/404"),
    "schedule_house_seats":             ("sold", "403 403 200/404 403 403 200/404"),
}  # fmt: skip

"""Which queue each task goes to. Each queue has worker processes of its own, so that a slow partner stops nobody else.

A new task follows its app, unless it sends mail or takes long: then it gets a line of its own.
"""

MONEY = "money"
SEATS = "seats"
MAIL = "mail"
CHECKS = "checks"

# Processes of each queue. Two for money: a payment does not wait while another waits for the provider.
PROCESSES = {MONEY: 2, SEATS: 1, MAIL: 1, CHECKS: 1}

ROUTES = {
    "payments.tell_of_broken_checks": {"queue": MAIL},
    "payments.tell_of_differences": {"queue": MAIL},
    "reservations.send_due_mail": {"queue": MAIL},
    "accounts.send_due_mail": {"queue": MAIL},
    # Tasks that take long; nobody at a counter or a door waits for them.
    "payments.check_invariants": {"queue": CHECKS},
    "payments.compare_with_providers": {"queue": CHECKS},
    "payments.fetch_undelivered_events": {"queue": CHECKS},
    "payments.sweep_disputes": {"queue": CHECKS},
    "payments.forget_client_addresses": {"queue": CHECKS},
    "payments.forget_old_data": {"queue": CHECKS},
    "payments.check_database_age": {"queue": CHECKS},
    "accounts.*": {"queue": CHECKS},
    "core.*": {"queue": SEATS},
    "reservations.*": {"queue": SEATS},
    "payments.*": {"queue": MONEY},
}

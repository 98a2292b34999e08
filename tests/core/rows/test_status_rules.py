"""Every status is tied to its columns: for each table the database is asked about every combination.

`TABLES` says for each status which columns are filled, and which may be. The check constraints are read from PostgreSQL's
catalog and asked about all combinations in one statement, so no row has to be written.
"""

import json
from dataclasses import dataclass, field
from itertools import product

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CharField, Model

from boxoffice.models import RefundRequest
from core.models import SalesPause
from core.rows.status_rules import StatusRule, filled, status_rules
from dev.refusal_list import APPS
from payments.models import Dispute, InvariantRun, LedgerComparison, Payment, ProviderEvent, Refund
from payments.states import DisputeStatus
from reservations.models import (
    Booking,
    BookingAccess,
    ChangeNotice,
    Exchange,
    Hold,
    Paper,
    PromoCode,
    Scan,
    SeatOffer,
    ShowtimeSeat,
    Ticket,
    WaitingEntry,
)
from sales.models import Sale
from staff.models import Invitation, StaffRole
from theaters.models import SeatingPlan, Showtime, ShowtimeChange

MOMENT = "2026-01-01T00:00Z"
# The counter takes the difference of an exchange, or nobody does: no status asks for it.
PAID_ANYHOW = {"paid_with": ["", "CASH"]}


@dataclass
class Table:
    """`choices` and `columns` make up the combinations; `rules` are those that the database has to accept.

    A rule is (choices, filled columns, columns that may be filled); columns that it does not name are empty.
    """

    model: type[Model]
    choices: dict[str, list]
    columns: dict[str, object]
    rules: list[tuple[dict, str, str]]
    base: dict = field(default_factory=dict)
    empties: dict = field(default_factory=dict)

    def combinations(self):
        for chosen in product(*self.choices.values()):
            for mask in product([False, True], repeat=len(self.columns)):
                yield dict(zip(self.choices, chosen, strict=True)), dict(zip(self.columns, mask, strict=True))

    def is_taken(self, chosen, mask):
        return any(
            all(chosen[name] in allowed for name, allowed in rule.items())
            and all(is_filled == (name in must.split()) or name in may.split() for name, is_filled in mask.items())
            for rule, must, may in self.rules
        )

    def row(self, chosen, mask):
        values = {name: self.columns[name] if on else self.empties.get(name) for name, on in mask.items()}
        return self.base | chosen | values


ONLINE, COUNTER = {"method": ["ONLINE"]}, {"method": ["CASH", "TERMINAL"]}


def at(*statuses, **more):
    return {"status": list(statuses)} | more


def statuses_of(model):
    return {"status": [*dict(model._meta.get_field("status").choices), "UNKNOWN"]}


ENDED = "session_id session_url"
MONEY = "captured captured_currency ended_at"
PAYMENTS = [
    (at("CREATED"), "", ""),
    (at("OPEN"), "session_id session_url", ""),
    (at("FAILED", "CLOSED"), "ended_at", ENDED),
    (at("SUCCEEDED", "DISPUTED"), f"{MONEY} session_id provider_id", "session_url"),
]
REFUNDS = [
    (at("REQUESTED", "SUBMITTED"), "", ""),
    (at("PENDING"), "provider_id", ""),
    (at("SUCCEEDED"), "provider_id ended_at", ""),
    (at("FAILED"), "ended_at", "provider_id"),
]
MONEY_COLUMNS = {"provider_id": "x", "ended_at": MOMENT}
PAYMENT_COLUMNS = MONEY_COLUMNS | {
    "captured": 5, "captured_currency": "GBP", "session_id": "x", "session_url": "https://pay.example"
}  # fmt: skip
AMOUNT = {"amount": 5, "currency": "GBP"}

TABLES = {
    "online payments": Table(
        Payment, statuses_of(Payment), PAYMENT_COLUMNS, PAYMENTS,
        AMOUNT | {"method": "ONLINE", "provider": "stripe"}, {"session_url": ""},
    ),
    "payments at the counter": Table(
        Payment, statuses_of(Payment) | COUNTER, PAYMENT_COLUMNS, [(at("SUCCEEDED"), MONEY, "")],
        AMOUNT | {"provider": "counter", "operator_id": 1}, {"session_url": ""},
    ),
    "online refunds": Table(
        Refund, statuses_of(Refund), MONEY_COLUMNS, REFUNDS, AMOUNT | {"method": "ONLINE", "provider": "stripe"}
    ),
    "refunds at the counter": Table(
        Refund, statuses_of(Refund) | COUNTER, MONEY_COLUMNS | {"operator_id": 1},
        [(at("REQUESTED"), "", "operator_id"), (at("FAILED"), "ended_at", "operator_id"),
         (at("SUCCEEDED"), "ended_at operator_id", "")],
        AMOUNT | {"provider": "counter"},
    ),
    "disputes": Table(
        Dispute, statuses_of(Dispute), {"ended_at": MOMENT},
        [(at("NEW", "INQUIRY", "OPEN"), "", ""), (at("WON", "LOST", "CLOSED"), "ended_at", "")], AMOUNT,
    ),
    "deliveries": Table(
        ProviderEvent, {}, {"done_at": MOMENT, "set_aside_at": MOMENT, "outcome": "settled"},
        [({}, "", "outcome"), ({}, "done_at outcome", "set_aside_at"), ({}, "set_aside_at outcome", "done_at")],
        empties={"outcome": ""},
    ),
    "checks": Table(
        InvariantRun, {}, {"finished_at": MOMENT, "checked": 5, "broken": 2, "findings": ["x"], "told_at": MOMENT},
        [({}, "", ""), ({}, "finished_at", "checked findings"),
         ({}, "finished_at checked broken", "findings told_at")],
        empties={"checked": 0, "broken": 0, "findings": []},
    ),
    "comparisons": Table(
        LedgerComparison, {},
        {"finished_at": MOMENT, "since": MOMENT, "until": MOMENT, "error": "x", "differences": 2, "told_at": MOMENT},
        [({}, "", "since until error"), ({}, "finished_at since until", "differences"),
         ({}, "finished_at since until differences told_at", "")],
        {"mended": [], "left": []}, {"error": "", "differences": 0},
    ),
    "bookings": Table(
        Booking, statuses_of(Booking), {"confirmed_at": MOMENT, "ended_at": MOMENT},
        [(at("PENDING"), "", ""), (at("CONFIRMED"), "confirmed_at", ""), (at("CANCELED"), "confirmed_at ended_at", ""),
         (at("EXPIRED", "REFUNDED"), "ended_at", "")],
    ),
    "sales": Table(
        Sale, {"channel": ["ONLINE", "COUNTER", "COMP", "UNKNOWN"], "paid_with": ["", "CASH"]},
        {"operator_id": 1, "comp_reason": "Press", "total": 5},
        [({"channel": ["ONLINE"], "paid_with": [""]}, "", "total"),
         ({"channel": ["COUNTER"], "paid_with": [""]}, "operator_id", "total"),
         ({"channel": ["COUNTER"], "paid_with": ["CASH"]}, "operator_id total", ""),
         ({"channel": ["COMP"], "paid_with": [""]}, "comp_reason", "operator_id")],
        {"override_reason": ""}, {"comp_reason": "", "total": 0},
    ),
    "tickets": Table(Ticket, statuses_of(Ticket), {}, [(at("RESERVED", "VALID", "USED", "VOID"), "", "")]),
    "holds": Table(
        Hold, {"end": ["", "RELEASED", "LAPSED", "PAID"]}, {"ended_at": MOMENT, "labels": ["A1"]},
        [({"end": [""]}, "", ""), ({"end": ["RELEASED", "PAID"]}, "ended_at", ""),
         ({"end": ["LAPSED"]}, "ended_at", "labels")],
        empties={"labels": []},
    ),
    "seats of showtimes": Table(
        ShowtimeSeat, {}, {"hold_id": 1, "booking_id": 1, "held_until": MOMENT, "house_reason": "Press",
                           "house_release_minutes": 30, "broken_seat_id": 1},
        [({}, taken + kept, may) for taken in ("", "hold_id held_until", "booking_id", "booking_id held_until")
         for kept, may in (("", ""), (" house_reason", "house_release_minutes broken_seat_id"))],
        empties={"house_reason": ""},
    ),
    "notices": Table(
        ChangeNotice, statuses_of(ChangeNotice) | {"answer": ["", "KEPT", "REFUNDED"]},
        {"done_at": MOMENT, "answered_at": MOMENT},
        [(at(status, answer=answers), f"{done} {answered}", "")
         for status, done in (("WAITING", ""), ("DONE", "done_at"))
         for answers, answered in (([""], ""), (["KEPT", "REFUNDED"], "answered_at"))],
    ),
    "accesses": Table(
        BookingAccess, {}, {"codes_sent": 1, "code_sent_at": MOMENT, "proven_at": MOMENT},
        [({}, "", ""), ({}, "codes_sent code_sent_at", "proven_at")], empties={"codes_sent": 0},
    ),
    "scans": Table(
        Scan, {"outcome": ["ADMITTED", "REFUSED", "UNDONE", "UNKNOWN"], "can_be_overruled": [False, True]},
        {"ticket_id": 1, "undoes_id": 1},
        [({"outcome": ["ADMITTED"], "can_be_overruled": [False]}, "ticket_id", ""),
         ({"outcome": ["REFUSED"], "can_be_overruled": [False]}, "", "ticket_id"),
         ({"outcome": ["REFUSED"], "can_be_overruled": [True]}, "ticket_id", ""),
         ({"outcome": ["UNDONE"], "can_be_overruled": [False]}, "ticket_id undoes_id", "")],
    ),
    "papers": Table(
        Paper, {"kind": ["RECEIPT", "CREDIT"]}, {"cancellation_id": 1},
        [({"kind": ["RECEIPT"]}, "", ""), ({"kind": ["CREDIT"]}, "cancellation_id", "")],
    ),
    "promo codes": Table(
        PromoCode, {"kind": ["PERCENT", "AMOUNT", "FIXED"]}, {"percent": 20, "amount": 5, "currency": "GBP"},
        [({"kind": ["PERCENT"]}, "percent", ""), ({"kind": ["AMOUNT", "FIXED"]}, "amount currency", "")],
        empties={"currency": ""},
    ),
    "plans": Table(
        SeatingPlan, statuses_of(SeatingPlan), {"published_at": MOMENT},
        [(at("DRAFT"), "", ""), (at("PUBLISHED"), "published_at", "")],
    ),
    "showtimes": Table(Showtime, statuses_of(Showtime), {}, [(at("DRAFT", "PUBLISHED", "CANCELED"), "", "")]),
    "changes": Table(
        ShowtimeChange, statuses_of(ShowtimeChange), {"applied_at": MOMENT, "reason": "Rain"},
        [(at("PLANNED"), "", "reason"), (at("APPLIED"), "applied_at reason", "")], empties={"reason": ""},
    ),
    "invitations": Table(
        Invitation, {"role": ["DOOR", "UNKNOWN"]}, {"accepted_at": MOMENT, "withdrawn_at": MOMENT},
        [({"role": ["DOOR"]}, "", "accepted_at"), ({"role": ["DOOR"]}, "withdrawn_at", "")],
    ),
    "roles": Table(StaffRole, {"role": ["OWNER", "UNKNOWN"]}, {}, [({"role": ["OWNER"]}, "", "")]),
    "refund requests": Table(
        RefundRequest, statuses_of(RefundRequest), {"decided_at": MOMENT, "decided_by_id": 2, "answer": "No"},
        [(at("WAITING"), "", ""), (at("DONE"), "decided_at", "decided_by_id"),
         (at("DECLINED"), "decided_at decided_by_id answer", "")],
        {"asked_by_id": 1}, {"answer": ""},
    ),
    "exchanges": Table(
        Exchange, statuses_of(Exchange) | PAID_ANYHOW,
        {"hold_id": 1, "agreed_at": MOMENT, "payable_until": MOMENT, "ended_at": MOMENT, "cancellation_id": 1,
         "made_booking_id": 1},
        [(at("CHOOSING") | PAID_ANYHOW, "", ""), (at("PAYING") | PAID_ANYHOW, "hold_id agreed_at payable_until", ""),
         (at("DONE") | PAID_ANYHOW, "hold_id agreed_at ended_at cancellation_id", "payable_until made_booking_id"),
         (at("ENDED") | PAID_ANYHOW, "ended_at", "hold_id agreed_at payable_until")],
    ),
    "waiting list entries": Table(
        WaitingEntry, statuses_of(WaitingEntry), {"joined_at": MOMENT, "ended_at": MOMENT},
        [(at("ASKED"), "", ""), (at("WAITING", "OFFERED"), "joined_at", ""), (at("TOOK", "MISSED"), "joined_at ended_at", ""),
         (at("LEFT", "OVER"), "ended_at", "joined_at")],
        {"count": 2, "wheelchairs": 0},
    ),
    "seat offers": Table(
        SeatOffer, {"end": ["", "TAKEN", "PASSED", "RAN_OUT"]}, {"ended_at": MOMENT},
        [({"end": [""]}, "", ""), ({"end": ["TAKEN", "PASSED", "RAN_OUT"]}, "ended_at", "")],
    ),
    "pauses": Table(
        SalesPause, {"kind": ["BY_HAND", "AFTER_RESTORE"]},
        {"ended_at": MOMENT, "ended_by": "x", "known_until": MOMENT, "agreed_at": MOMENT, "told_at": MOMENT,
         "lost": {"a": 1}},
        [({"kind": ["BY_HAND"]}, ended, "") for ended in ("", "ended_at ended_by")]
        + [({"kind": ["AFTER_RESTORE"]}, ended, "known_until agreed_at told_at lost")
           for ended in ("", "ended_at ended_by")],
        empties={"ended_by": "", "lost": {}},
    ),
}  # fmt: skip
OUTBOXES = [
    ({}, "", ""),
    ({}, "sent_at", ""),
    ({}, "gave_up_at", "is_refused"),
]
for name in (
    "reservations.outgoingmail",
    "reservations.waitingmail",
    "reservations.favoritemail",
    "reservations.groupmail",
    "reservations.sharedblockmail",
    "accounts.accountmail",
    "accounts.staffnotice",
):
    columns = {"sent_at": MOMENT, "gave_up_at": MOMENT, "is_refused": True}
    TABLES[name] = Table(apps.get_model(name), {}, columns, OUTBOXES, empties={"is_refused": False})

# Columns with choices that are no status: words that a row keeps, or that fill no other column.
NO_STATUS = {
    "staff.device.task",
    "houses.house.typeface",
    "core.salespause.kind", "payments.payment.method", "payments.refund.method", "sales.sale.currency",
    "reservations.cancellation.cause", "reservations.outgoingmail.kind", "reservations.waitingmail.kind",
    "reservations.favoritemail.kind",
    "reservations.waitingskip.reason",
    "reservations.papercounter.kind", "reservations.promocode.currency",
    "theaters.movieversion.picture", "theaters.movie.kind", "theaters.programitem.picture",
    "theaters.showtime.picture",
    "houses.theater.currency", "theaters.tickettype.channel", "theaters.pricerule.kind",
    "theaters.pricelist.holidays", "theaters.pricerule.holidays", "theaters.showtimechange.kind",
}  # fmt: skip


def conditions_of(table):
    """For each check constraint: its condition, ready for a statement with parameters, and the columns that it reads."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conname, pg_get_expr(conbin, conrelid), ARRAY(
                      SELECT attname::text FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey))
                 FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c' ORDER BY conname""",
            [table],
        )
        return {name: (says.replace("%", "%%"), columns) for name, says, columns in cursor}


def verdicts(model, rows):
    """For each row the names of the constraints that refuse it; NULL counts as yes, as in PostgreSQL."""
    table = model._meta.db_table
    conditions = conditions_of(table)
    refusals = ", ".join(f"CASE WHEN ({says}) IS FALSE THEN '{name}' END" for name, (says, _) in conditions.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT array_remove(ARRAY[{refusals}], NULL)
                  FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS combination(said, combination_number)
                 CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, said) ORDER BY combination_number""",
            [json.dumps(rows)],
        )
        return [refused for (refused,) in cursor]


@pytest.mark.django_db
@pytest.mark.parametrize("name", TABLES)
def test_the_database_takes_these_combinations_and_no_other(name):
    table = TABLES[name]
    combinations = list(table.combinations())
    refused = verdicts(table.model, [table.row(*combination) for combination in combinations])
    wrong = [
        (chosen, [name for name, on in mask.items() if on], names or "was taken")
        for (chosen, mask), names in zip(combinations, refused, strict=True)
        if table.is_taken(chosen, mask) == bool(names)
    ]
    assert wrong == []
    assert any(not names for names in refused) and any(refused)


def test_every_column_with_choices_is_in_a_table():
    """A new status without a line in TABLES makes this test fail."""
    spanned = {f"{table.model._meta.label_lower}.{name}" for table in TABLES.values() for name in table.choices}
    present = {
        f"{model._meta.label_lower}.{column.name}"
        for model in apps.get_models()
        if model.__module__.split(".")[0] in APPS
        for column in model._meta.get_fields()
        if isinstance(column, CharField) and column.choices
    }
    assert present - spanned - NO_STATUS == set()
    assert present >= NO_STATUS


def test_a_status_without_a_rule_is_an_error():
    with pytest.raises(ValueError, match="DisputeStatus needs one rule for each status"):
        status_rules("x", DisputeStatus, StatusRule("open", (DisputeStatus.OPEN,), filled("ended_at"), "A sentence."))


def values_of(column):
    """Values of a column, one of each kind that a condition could treat differently."""
    kind = column.get_internal_type()
    if column.choices:
        values = list(dict(column.choices))
    elif kind == "BooleanField":
        values = [False, True]
    else:
        kinds = {
            "DateTimeField": MOMENT,
            "DateField": "2026-01-01",
            "TimeField": "10:00",
            "JSONField": {},
            "ArrayField": [],
        }
        is_text = kind in {"CharField", "TextField", "URLField", "EmailField", "SlugField"}
        values = ["x"] if is_text else [kinds.get(kind, 1)]
    return [None, *values] if column.null else values


@pytest.mark.django_db
def test_no_condition_is_neither_true_nor_false():
    """A comparison with an empty column is NULL, and a check that is NULL accepts the row."""
    undecided = {}
    for model in {model for model in apps.get_models() if model.__module__.split(".")[0] in APPS}:
        columns = {column.column: column for column in model._meta.concrete_fields}
        ours = {constraint.name for constraint in model._meta.constraints}
        table = model._meta.db_table
        for name, (says, read) in conditions_of(table).items():
            if name not in ours:  # Django's own check on a column that may be empty: 0 or more
                continue
            spans = {column: values_of(columns[column]) for column in read}
            rows = [dict(zip(spans, values, strict=True)) for values in product(*spans.values())]
            with connection.cursor() as cursor:
                cursor.execute(
                    f"""SELECT said FROM jsonb_array_elements(%s::jsonb) AS combination(said)
                         CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, said) WHERE ({says}) IS NULL LIMIT 1""",
                    [json.dumps(rows)],
                )
                if found := cursor.fetchone():
                    undecided[name] = found[0]
    assert undecided == {}

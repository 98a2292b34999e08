"""Each constraint of the database has a sentence, for forms and for the log."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import BaseConstraint, UniqueConstraint

from dev.refusal_list import APPS
from payments.models import Payment, Refund
from reservations.models import Booking

CONSTRAINTS = [
    constraint
    for model in apps.get_models()
    if model.__module__.split(".")[0] in APPS
    for constraint in model._meta.constraints
]


def has_djangos_sentence(constraint):
    """Django itself names the fields of a plain unique constraint: “… with this Name already exists.”"""
    return isinstance(constraint, UniqueConstraint) and bool(constraint.fields) and constraint.condition is None


def speaks(constraint: BaseConstraint) -> bool:
    sentence = str(constraint.violation_error_message)
    if sentence == str(constraint.default_violation_error_message):
        return has_djangos_sentence(constraint)
    return sentence[0].isupper() and sentence.endswith(".") and "%(" not in sentence


def test_every_constraint_has_a_sentence():
    assert len(CONSTRAINTS) > 150
    assert [constraint.name for constraint in CONSTRAINTS if not speaks(constraint)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "name", "says"),
    [
        (Payment(amount=0), "payment_amount_positive", "A payment is more than 0."),
        (Refund(amount=0), "refund_amount_positive", "A refund is more than 0."),
        (
            Booking(status="CONFIRMED"),
            "booking_status_confirmed",
            "A confirmed booking says when it was confirmed, and has no end.",
        ),
        (
            Booking(status="EXPIRED"),
            "booking_status_not_paid",
            "A booking that expired or was refunded says when, and was never confirmed.",
        ),
    ],
)
def test_a_wrong_combination_is_told_by_it(row, name, says):
    (constraint,) = (one for one in row._meta.constraints if one.name == name)
    with pytest.raises(ValidationError) as refused:
        constraint.validate(type(row), row)
    assert refused.value.messages == [says]

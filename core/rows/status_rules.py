"""Check constraints that tie a status to the columns that go with it, each with a sentence for people."""

from dataclasses import dataclass

from django.db.models import CheckConstraint, Q, TextChoices


def empty(*columns: str) -> Q:
    return Q(**{f"{column}__isnull": True for column in columns})


def filled(*columns: str) -> Q:
    return Q(**{f"{column}__isnull": False for column in columns})


@dataclass(frozen=True)
class StatusRule:
    """The condition for rows in these statuses. `name` ends the constraint's name."""

    name: str
    statuses: tuple[TextChoices, ...]
    columns: Q
    sentence: str


def status_rules(prefix: str, kind: type[TextChoices], *rules: StatusRule) -> list[CheckConstraint]:
    """One constraint per rule, and one against an unknown status. Raises ValueError unless each status has one rule."""
    named = [status for rule in rules for status in rule.statuses]
    if sorted(named) != sorted(kind.values):
        raise ValueError(f"{prefix}: {kind.__name__} needs one rule for each status, and has {sorted(named)}")
    return [
        *(
            CheckConstraint(
                condition=~Q(status__in=rule.statuses) | rule.columns,
                name=f"{prefix}_status_{rule.name}",
                violation_error_message=rule.sentence,
            )
            for rule in rules
        ),
        status_is_known(prefix, kind),
    ]


def status_is_known(prefix: str, kind: type[TextChoices]) -> CheckConstraint:
    """A constraint for a status column without rules about other columns."""
    return CheckConstraint(
        condition=Q(status__in=kind.values),
        name=f"{prefix}_status_known",
        violation_error_message="There is no such status.",
    )

"""Template tags for seats: their words, and values for attributes."""

import re
from collections.abc import Iterable

from django import template

from theaters import seat_labels

register = template.Library()

register.filter("seat_name", seat_labels.seat_name)
register.filter("seat_words", seat_labels.seat_words)
register.filter("labels_in_words", seat_labels.labels_in_words)
register.filter("label_words", seat_labels.label_words)
register.filter("is_place", seat_labels.is_place)
register.filter("short_label", seat_labels.short_label)
register.filter("section_in_words", seat_labels.section_in_words)
register.filter("label_in_words", seat_labels.label_in_words)
register.filter("section_in", seat_labels.section_in)


@register.filter
def counted(seats: Iterable[seat_labels.Labeled]) -> str:
    """How many seats and unnumbered places these are: 2 seats and 1 place."""
    return seat_labels.labels_counted(seat.label for seat in seats)


@register.filter
def only_places(seats: Iterable[seat_labels.Labeled] | None) -> bool:
    """Whether none of these has a number; no for a page that lists none."""
    return seat_labels.only_places(seat.label for seat in seats or ())


@register.filter
def as_id(label: str) -> str:
    """A label for use in an HTML id, without blanks: Balcony-A7."""
    return re.sub(r"[^\w-]+", "-", label)

"""Who may see a booking, and what staff may do where, is decided in one place each; all other code asks there."""

import ast

import pytest

from dev.refusal_list import product_files
from dev.state import CHECKOUT

# The names that decide, and the files that may use them, each with its reason.
PLACES = {
    # Whom a person may change or invite. staff/access.py reads it by `getattr`, because visitors do not have it.
    "is_superuser": {
        "staff/admin/people.py", "staff/services/invitations.py",
    },
    "visible_to": {"reservations/access.py", "reservations/models/bookings.py"},
    "opened_by_link": {"reservations/access.py", "reservations/models/bookings.py"},
    "HOLDER_COOKIE_NAME": {
        "reservations/access.py",
        "core/web/middleware.py",  # removes the cookie at sign-out
    },
    "StaffRole": {
        "staff/access.py", "staff/models/roles.py", "staff/models/__init__.py",
        # They give and end roles.
        "staff/admin/people.py", "staff/services/roles.py", "staff/services/invitations.py",
        "theaters/opening/new_theaters.py",
        # It lists the names that a device shows.
        "staff/selectors/operators.py",
    },
}  # fmt: skip


def names_in(source):
    if not any(word in source for word in PLACES):
        return set()
    return {
        getattr(node, field, "") for node in ast.walk(ast.parse(source)) for field in ("id", "attr", "name")
    } & PLACES.keys()


@pytest.fixture(scope="module")
def files_by_name():
    """The files that use each of the words, from one reading of the product."""
    files = {word: set() for word in PLACES}
    for path in product_files():
        for word in names_in(path.read_text()):
            files[word].add(path.relative_to(CHECKOUT).as_posix())
    return files


@pytest.mark.parametrize("word", PLACES)
def test_only_these_files_decide(word, files_by_name):
    assert files_by_name[word] == PLACES[word]

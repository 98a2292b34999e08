"""A fault that `make mutants` plants."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """`old` stands in one place of the product and `new` takes it. `test` is what pytest is given."""

    what: str
    old: str
    new: str
    test: str

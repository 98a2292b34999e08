"""What the boards' labels mean, where a label sets a limit: the youngest let in, and below which age with a grown-up.

BBFC, MPA and Eirin as published; labels that only advise (PG, PG-13, PG12) set none.
"""

Limits = tuple[int | None, int | None]

KNOWN: dict[tuple[str, str], Limits] = {
    ("GB", "12A"): (None, 12),
    ("GB", "12"): (12, None),
    ("GB", "15"): (15, None),
    ("GB", "18"): (18, None),
    ("US", "R"): (None, 17),
    ("US", "NC-17"): (18, None),
    ("JP", "R15+"): (15, None),
    ("JP", "R18+"): (18, None),
}


def limits_of(country: str, label: str) -> Limits:
    return KNOWN.get((country, label.strip().upper()), (None, None))

"""The limits of rating labels: the least age, and the age below which a grown-up must come along.

As published by BBFC, MPA and Eirin; labels that only advise (PG, PG-13, PG12) set no limit.
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

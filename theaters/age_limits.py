"""What the labels of age ratings mean, by country: one table, from the mildest label to the strictest.

As published by the offices that rate movies (BBFC, MPA, Eirin, FSK with the law on the protection of young people, JMK, JIF,
Kijkwijzer, CNC, IFCO and others). A rating has a least age, and an age below which a grown-up must come along; labels that
only advise have neither. Ages that somebody typed count before those of the table: 0 says that everybody may come.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

# The least age, and the age below which a grown-up must come along.
Limits = tuple[int | None, int | None]
# Where the law or the office asks for a parent or somebody in a parent's place, and not for any adult: FSK 12 (section 11 of
# the law on the protection of young people), R, MA15+, RP13, VM14; in Switzerland up to two years below the age, by the
# agreement of the cantons of 2013 (lex4you.ch, end of 2022; what the federal law after it asks for was not found).
# Portugal: the law of 1983 (DL 116/83) speaks of parents or other educators who answer for the child; the article of
# DL 23/2014 that replaced it was not found, so pages say "an adult" until somebody knows. Looked up in November 2026.
WITH_PARENT = frozenset({"AU", "BR", "CH", "DE", "IT", "KR", "NZ", "US"})
NO_LIMITS: Limits = (None, None)

# Country, spellings of a label, least age, age for company; 0 for none. Rows of a country are in the order of strictness.
_ROWS = """
GB  U UC                    0  0
GB  PG                      0  0
GB  12A                     0 12
GB  12                     12  0
GB  15                     15  0
GB  18 R18                 18  0
IE  G                       0  0
IE  PG                      0  0
IE  12A                     0 12
IE  15A                     0 15
IE  12                     12  0
IE  15                     15  0
IE  16                     16  0
IE  18                     18  0
US  G                       0  0
US  PG                      0  0
US  PG-13                   0  0
US  R                       0 17
US  NC-17 X                18  0
CA  G                       0  0
CA  PG                      0  0
CA  13+                     0 13
CA  14A                     0 14
CA  18A                     0 18
CA  16+                    16  0
CA  18+ R A                18  0
MX  AA                      0  0
MX  A                       0  0
MX  B                       0  0
MX  B15                     0  0
MX  C                      18  0
MX  D                      18  0
BR  L AL LIVRE              0  0
BR  10 A10                  0 10
BR  12 A12                  0 12
BR  14 A14                  0 14
BR  16 A16                  0 16
BR  18 A18                 16 18
AU  E                       0  0
AU  G                       0  0
AU  PG                      0  0
AU  M                       0  0
AU  MA15+ MA                0 15
AU  R18+ R                 18  0
AU  X18+                   18  0
NZ  G                       0  0
NZ  PG                      0  0
NZ  M                       0  0
NZ  RP13                    0 13
NZ  RP16                    0 16
NZ  RP18                    0 18
NZ  R13                    13  0
NZ  R15                    15  0
NZ  R16                    16  0
NZ  R18                    18  0
JP  G                       0  0
JP  PG12                    0  0
JP  R15+                   15  0
JP  R18+                   18  0
KR  ALL 전체 전체관람가        0  0
KR  12 12세 12세이상관람가      0 12
KR  15 15세 15세이상관람가      0 15
KR  18 19 청소년관람불가       18  0
IN  U                       0  0
IN  UA                      0  0
IN  UA7+                    0  0
IN  UA13+                   0  0
IN  UA16+                   0  0
IN  A                      18  0
SG  G                       0  0
SG  PG                      0  0
SG  PG13                    0  0
SG  NC16                   16  0
SG  M18                    18  0
SG  R21                    21  0
HK  I                       0  0
HK  IIA                     0  0
HK  IIB                     0  0
HK  III                    18  0
DE  0 OA AL                 0  0
DE  6                       6  0
DE  12                      6 12
DE  16                     16  0
DE  18                     18  0
AT  0 OA AL                 0  0
AT  6                       6  0
AT  8                       8  0
AT  10                     10  0
AT  12                     12  0
AT  14                     14  0
AT  16                     16  0
AT  18                     18  0
CH  0                       0  0
CH  4                       4  0
CH  6                       4  6
CH  8                       6  8
CH  10                      8 10
CH  12                     10 12
CH  14                     12 14
CH  16                     14 16
CH  18                     18  0
NL  AL 0                    0  0
NL  6                       0  6
NL  9                       0  9
NL  12                      0 12
NL  14                      0 14
NL  16                     16  0
NL  18                     18  0
BE  AL 0                    0  0
BE  6                       0  6
BE  9                       0  9
BE  12                      0 12
BE  14                      0 14
BE  16                     16  0
BE  18                     18  0
FR  TP U                    0  0
FR  12                     12  0
FR  16                     16  0
FR  18                     18  0
ES  A APTA TP 0             0  0
ES  7                       0  0
ES  12                      0  0
ES  16                      0  0
ES  18                      0  0
ES  X                      18  0
IT  T TUTTI 0               0  0
IT  6                       0  0
IT  14 VM14                12 14
IT  18 VM18                16 18
PT  T TP A                  0  0
PT  M/3 3                   0  0
PT  M/4 4                   0  0
PT  M/6 6                   0  6
PT  M/12 12                 0 12
PT  M/14 14                 0 14
PT  M/16 16                 0 16
PT  M/18 18                18  0
PL  BO 0                    0  0
PL  6                       6  0
PL  7                       7  0
PL  9                       9  0
PL  10                     10  0
PL  12                     12  0
PL  13                     13  0
PL  14                     14  0
PL  15                     15  0
PL  16                     16  0
PL  18                     18  0
CZ  U 0                     0  0
CZ  12                      0  0
CZ  15                     15  0
CZ  18                     18  0
SE  BTL 0                   0  0
SE  7                       0  7
SE  11                      7 11
SE  15                     15  0
NO  A 0                     0  0
NO  6                       3  6
NO  9                       6  9
NO  12                      9 12
NO  15                     12 15
NO  18                     18  0
DK  A 0                     0  0
DK  7                       0  0
DK  11                      7 11
DK  15                      7 15
FI  S 0                     0  0
FI  7 K7                    4  7
FI  12 K12                  9 12
FI  16 K16                 13 16
FI  18 K18                 18  0
IS  L 0                     0  0
IS  6                       6  0
IS  9                       9  0
IS  12                     12  0
IS  14                     14  0
IS  16                     16  0
IS  18                     18  0
"""
# What people write before and after a label: FSK 12, ab 12, 12 ans.
_BEFORE = re.compile(r"(?:FSK|AB|VON|JMK|JIF|BBFC|IFCO|MPAA|MPA|KIJKWIJZER|CINECHECK|CNC)+")
_AFTER = re.compile(r"(?<=\d)(?:JAHREN?|JAAR|J|ANS|ANNI|ANOS|LAT|LET|AR)$")
# Swiss labels say the age with a grown-up or the recommended age as well: 8/6, 12 (14).
_SWISS = re.compile(r"(\d{1,2})(?: ?/ ?\d{1,2})?(?: ?\(\d{1,2}\))?(?: ?J\.?)?")


@dataclass(frozen=True)
class RatingRow:
    """A rating outside its row."""

    country: str
    label: str
    min_age: int | None = None
    accompanied_below: int | None = None


class Rated(Protocol):
    """A label of a country, with the ages that somebody typed."""

    @property
    def country(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def min_age(self) -> int | None: ...
    @property
    def accompanied_below(self) -> int | None: ...


def _spelling(label: str) -> str:
    """Letters and digits alone, without accents: R-15+ and r15 are R15."""
    text = unicodedata.normalize("NFKD", label).upper()
    return "".join(sign for sign in text if sign.isalnum())


def _read_tables() -> tuple[dict[str, list[tuple[str, Limits]]], dict[tuple[str, str], int]]:
    tables: dict[str, list[tuple[str, Limits]]] = {}
    places: dict[tuple[str, str], int] = {}
    for row in _ROWS.split("\n"):
        if not row:
            continue
        country, *labels, least, company = row.split()
        table = tables.setdefault(country, [])
        places |= {(country, _spelling(label)): len(table) for label in labels}
        table.append((labels[0], (int(least) or None, int(company) or None)))
    return tables, places


# By country the labels with their limits, the mildest first; and where each spelling stands in them.
TABLES, _PLACES = _read_tables()


def _place(country: str, label: str) -> int | None:
    """Where a label stands in the table of its country; None for an unknown one."""
    if country == "CH" and (swiss := _SWISS.fullmatch(label.strip())):
        return _PLACES.get((country, swiss[1]))
    spelling = _spelling(label)
    if (country, spelling) not in _PLACES:
        spelling = _AFTER.sub("", _BEFORE.sub("", spelling, count=1))
    return _PLACES.get((country, spelling))


def is_known(country: str, label: str) -> bool:
    """Whether the table of the country has the label, in whatever spelling."""
    return _place(country, label) is not None


def limits_of(country: str, label: str) -> Limits:
    """The usual limits of a label; none for one that only advises, and for an unknown one (see `is_known`)."""
    place = _place(country, label)
    return NO_LIMITS if place is None else TABLES[country][place][1]


def limits_in_force(rating: Rated) -> Limits:
    """The ages that somebody typed, else the usual ones of the label."""
    typed = (rating.min_age, rating.accompanied_below)
    least, company = limits_of(rating.country, rating.label) if typed == NO_LIMITS else typed
    return least or None, company or None


def limits_to_store(rating: Rated) -> Limits:
    """The limits as a row keeps them: the usual ones where nothing was typed, and 0 where no limit is not the usual."""
    usual, in_force = limits_of(rating.country, rating.label), limits_in_force(rating)
    if in_force != NO_LIMITS or (usual == NO_LIMITS and is_known(rating.country, rating.label)):
        return in_force
    return rating.min_age, rating.accompanied_below


def is_unclear(rating: Rated) -> bool:
    """Whether nobody said what the label means: it is unknown, and no ages were typed."""
    typed = (rating.min_age, rating.accompanied_below)
    return bool(rating.label) and typed == NO_LIMITS and not is_known(rating.country, rating.label)


def strictness(rating: Rated) -> tuple[int, int, int, str]:
    """Sort by the limits in force, then by the table of the country; an unknown label stands above those that advise."""
    least, company = limits_in_force(rating)
    place = _place(rating.country, rating.label)
    rank = len(TABLES.get(rating.country, ())) if place is None else place
    return least or 0, company or 0, rank, rating.label


def strictest_limits(ratings: Iterable[Rated]) -> Limits:
    """The highest of each limit of several ratings."""
    found = [limits_in_force(rating) for rating in ratings]
    least = max((least or 0 for least, _ in found), default=0)
    company = max((company or 0 for _, company in found), default=0)
    return least or None, company or None
